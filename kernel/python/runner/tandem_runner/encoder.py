"""From Python's values to trees and buffers."""

from __future__ import annotations

import math
import sys
from array import array
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from tandem_runner import shared
from tandem_runner.hints import NO_HINT, Hint
from tandem_runner.values import EPOCH, CannotCrossError, Node, message_of

if TYPE_CHECKING:
    from tandem_runner.wire import Buffer

MAX_DEPTH = 200
SAFE = 2**53 - 1
"""The largest integer up to which every one is exact as a TypeScript number."""
MILLISECOND = timedelta(milliseconds=1)

# Kinds of number by (signed, unsigned or float; bytes each), named as in values.ts.
NUMBERS = {
    ("i", 1): "i8",
    ("i", 2): "i16",
    ("i", 4): "i32",
    ("i", 8): "i64",
    ("u", 2): "u16",
    ("u", 4): "u32",
    ("u", 8): "u64",
    ("f", 4): "f32",
    ("f", 8): "f64",
}
FAMILIES = {**dict.fromkeys("bhilqn", "i"), **dict.fromkeys("BHILQN", "u"), **dict.fromkeys("fd", "f")}


class Encoder:
    """Turns values into trees and collects their buffers.

    An int becomes a bigint; a number where a hint says float, or where `int_as_number` is set.
    """

    def __init__(self, *, int_as_number: bool = False) -> None:
        self.buffers: list[Buffer] = []
        self.files: list[int] = []
        """Descriptors that are to be closed when the other side has decoded."""
        self.kept: list[shared.Memory] = []
        """What must not be let go before."""
        self.copied: list[tuple[str, int]] = []
        """What went into files: the name of the value that holds it, and bytes."""
        self.name = ""
        self.int_as_number = int_as_number
        self._depth = 0

    def encode(self, value: Any, hint: Hint = NO_HINT) -> Node:
        """The tree of a value. Raises CannotCrossError."""
        kind = type(value)
        if value is None or kind is str or kind is bool:
            return value
        if kind is int:
            return self._int(value, hint)
        if kind is float:
            return _float(value)
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                raise CannotCrossError(f"it contains itself, or is nested more than {MAX_DEPTH} levels deep")
            return self._composite(value, hint)
        finally:
            self._depth -= 1

    def _composite(self, value: Any, hint: Hint) -> Node:
        if isinstance(value, dict):
            return self._dict(value, hint)
        if isinstance(value, (list, tuple)):
            return self._sequence(value, hint)
        if isinstance(value, (bytes, bytearray)):
            return {"$": "bytes", **self._place(memoryview(value))}
        if isinstance(value, str):
            return str(value)
        if isinstance(value, int):
            return self._int(int(value), hint)
        if isinstance(value, float):
            return _float(float(value))
        if isinstance(value, (set, frozenset)):
            return {"$": "set", "v": self._items(value, hint)}
        if isinstance(value, date):
            return {"$": "date", "v": _milliseconds(value)}
        if hasattr(type(value), "__dataclass_fields__"):
            names = type(value).__dataclass_fields__
            return self._object({name: getattr(value, name) for name in names}, hint)
        if isinstance(value, BaseException):
            return {"$": "error", "name": type(value).__name__, "v": message_of(value)}
        return self._binary(value, hint)

    def _int(self, value: int, hint: Hint) -> Node:
        if not self.int_as_number and not hint.is_float:
            return {"$": "int", "v": format(value, "x")}
        if abs(value) > SAFE:
            raise CannotCrossError(
                f"it is the int {_shortened(value)}, too large to be exact as a number; without --int it is a bigint"
            )
        return value

    def _sequence(self, value: list[Any] | tuple[Any, ...], hint: Hint) -> Node:
        kinds = set(map(type, value))
        if kinds <= {str, bool, type(None)}:
            return value
        if len(value) >= 8 and len(kinds) == 1 and not hint.is_tuple:
            if float in kinds:
                return {"$": "list", "t": "f64", **self._place(memoryview(array("d", value)))}
            if int in kinds and min(value) >= -(2**63) and max(value) < 2**63:
                return self._ints(value, hint)
        return self._items(value, hint)

    def _ints(self, value: list[Any] | tuple[Any, ...], hint: Hint) -> Node:
        if not self.int_as_number and not hint.item(0).is_float:
            return {"$": "list", "t": "i64", **self._place(memoryview(array("q", value)))}
        if min(value) < -SAFE or max(value) > SAFE:
            return self._items(value, hint)  # Which raises at the first that is too large.
        return {"$": "list", "t": "f64", **self._place(memoryview(array("d", value)))}

    def _items(self, value: Any, hint: Hint) -> list[Node]:
        nodes = []
        for index, item in enumerate(value):
            try:
                nodes.append(self.encode(item, hint.item(index)))
            except CannotCrossError as error:
                raise error.within(f"[{index}]") from None
        return nodes

    def _dict(self, value: dict[Any, Any], hint: Hint) -> Node:
        if all(type(key) is str for key in value):
            return self._object(value, hint)
        pairs = []
        for key, item in value.items():
            try:
                pairs.append([self.encode(key, hint.key()), self.encode(item, hint.value())])
            except CannotCrossError as error:
                raise error.within(f"[{_shortened(key)}]") from None
        return {"$": "map", "v": pairs}

    def _object(self, value: dict[str, Any], hint: Hint) -> Node:
        nodes = {}
        for name, item in value.items():
            try:
                nodes[name] = self.encode(item, hint.field(name))
            except CannotCrossError as error:
                raise error.within(f".{name}" if name.isidentifier() else f"[{_shortened(name)}]") from None
        return {"$": "object", "v": list(nodes.items())} if "$" in nodes else nodes

    def _binary(self, value: Any, hint: Hint) -> Node:
        """What has the buffer protocol: array, memoryview, numpy's arrays and scalars."""
        try:
            view = memoryview(value)
        except (TypeError, ValueError, BufferError):
            raise CannotCrossError(_no_counterpart(value)) from None
        letter = view.format.lstrip("@=<" if sys.byteorder == "little" else "@=>")
        if view.ndim == 0 and (letter in FAMILIES or letter == "?"):
            return self.encode(view[()], hint)
        if letter == "?":
            return view.tolist()
        kind = "u8" if letter in ("B", "c") else NUMBERS.get((FAMILIES.get(letter, ""), view.itemsize))
        if kind is None:
            # Strings and objects of numpy: item by item.
            if hasattr(value, "tolist") and letter[-1:] in ("w", "O", "s"):
                return self.encode(value.tolist(), hint)
            raise CannotCrossError(f"{_no_counterpart(value)} (its items are of the format {view.format!r})")
        shape = {} if view.ndim == 1 else {"shape": list(view.shape or ())}
        plain = _contiguous(view)
        place = shared.place_of(view) if plain is view else None
        if place:
            memory, at = place
            self.kept.append(memory)
            file = {"path": shared.path_of(memory.fd), "inode": memory.inode}
            return {"$": "shared", "t": kind, **file, "at": at, "n": view.nbytes, **shape}
        name = "matrix" if shape else "bytes" if kind == "u8" else "array"
        return {"$": name, "t": kind, **self._place(plain), **shape}

    def _place(self, view: memoryview) -> dict[str, Any]:
        """Takes a copy of bytes along: beside the tree, or, if they are many, in a file that the other side maps."""
        if view.nbytes < shared.LARGE or not shared.available():
            self.buffers.append(view)
            return {"b": len(self.buffers) - 1}
        fd = shared.copy_to_file(view)
        self.files.append(fd)
        self.copied.append((self.name, view.nbytes))
        return {"f": shared.path_of(fd), "n": view.nbytes}


def _float(value: float) -> Node:
    return value if math.isfinite(value) else {"$": "float", "v": str(value)}


def _milliseconds(value: date) -> int:
    """Since 1970 in UTC, rounded down. A datetime without a time zone is local time; a date is its midnight in UTC."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=timezone.utc)
    elif value.tzinfo is None:
        value = value.astimezone()
    return (value - EPOCH) // MILLISECOND


def _contiguous(view: memoryview) -> memoryview:
    """The same items as one run of bytes: the view itself where it is one that can be cast."""
    plain = view.c_contiguous and len(view.format) == 1 and view.nbytes > 0
    return view if plain else memoryview(view.tobytes())


def _shortened(value: Any) -> str:
    text = hex(value) if isinstance(value, int) and abs(value) > 10**40 else repr(value)
    return text if len(text) <= 40 else f"{text[:36]}…"


def _no_counterpart(value: Any) -> str:
    kind = type(value)
    local = kind.__module__ in ("builtins", "__main__")
    name = kind.__qualname__ if local else f"{kind.__module__}.{kind.__qualname__}"
    return f"it is of the class {name}, which has no TypeScript counterpart"

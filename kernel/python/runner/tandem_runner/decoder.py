"""From trees and buffers to Python's values."""

from __future__ import annotations

import builtins
import json
from array import array
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Callable

from tandem_runner import shared
from tandem_runner.values import EPOCH, CannotCrossError, has_numpy

if TYPE_CHECKING:
    from tandem_runner.wire import Buffer

# Kinds of number, named as in values.ts, by the codes of `array` and memoryview.
TYPECODES = {
    "i8": "b",
    "i16": "h",
    "u16": "H",
    "i32": "i",
    "u32": "I",
    "i64": "q",
    "u64": "Q",
    "f32": "f",
    "f64": "d",
}


def decode(text: bytes, buffers: list[Buffer]) -> Any:
    """The value of a tree as JSON, whose integers are ints. Raises CannotCrossError."""

    if b'"$"' not in text:
        return json.loads(text.decode())

    def revive(node: dict[str, Any]) -> Any:
        kind = node.get("$")
        return node if kind is None else _DECODERS[kind](node, buffers)

    try:
        return json.loads(text, object_hook=revive)
    except (TypeError, OverflowError) as error:
        # A key that Python cannot hash, a date out of its range.
        raise CannotCrossError(f"Python refuses it: {error}") from None


def _array(node: dict[str, Any], buffers: list[Buffer]) -> Any:
    """Numbers as a numpy array where numpy is installed, else as an `array`; both writable."""
    kind = node.get("t")
    if "f" in node:
        memory = shared.take_file(node["f"])
        return _over(memory, TYPECODES[kind]) if has_numpy() else array(TYPECODES[kind], memory[:])
    numbers = buffers[node["b"]]
    return _over(numbers, numbers.typecode) if has_numpy() else numbers


def _shared(node: dict[str, Any], _buffers: list[Buffer]) -> Any:
    """Numbers of `tandem.array`, where they lie: a numpy array, or without numpy a memoryview."""
    memory = shared.open_shared(node["path"], node["inode"])
    code = TYPECODES.get(node["t"], "B")
    start, length = node["at"], node["n"]
    if not has_numpy():
        return memoryview(memory)[start : start + length].cast(code)
    return _over(memory, code, start, length)


def _over(buffer: Any, code: str, start: int = 0, length: int | None = None) -> Any:
    import numpy

    dtype = numpy.dtype(code)
    count = -1 if length is None else length // dtype.itemsize
    return numpy.frombuffer(buffer, dtype=dtype, offset=start, count=count)


def _bytes(node: dict[str, Any], buffers: list[Buffer]) -> bytes:
    return shared.take_file(node["f"])[:] if "f" in node else bytes(buffers[node["b"]])


def _error(node: dict[str, Any], _buffers: list[Buffer]) -> BaseException:
    """An exception of the builtin class of that name, else of a new one."""
    name = node["name"]
    kind = getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        kind = type(name, (Exception,), {"__module__": "typescript"})
    try:
        error: BaseException = kind(node["v"])
    except TypeError:
        # UnicodeDecodeError and the like want more than a message.
        error = Exception(f"{name}: {node['v']}")
    return error


def _key(key: Any) -> Any:
    """A key of a dict or member of a set: lists cannot be one, tuples can."""
    return tuple(map(_key, key)) if isinstance(key, list) else key


_DECODERS: dict[str, Callable[[dict[str, Any], list[Buffer]], Any]] = {
    "int": lambda node, _: int(node["v"], 16),
    "float": lambda node, _: float(node["v"]),
    "bytes": _bytes,
    "array": _array,
    "shared": _shared,
    "map": lambda node, _: {_key(key): value for key, value in node["v"]},
    "set": lambda node, _: {_key(item) for item in node["v"]},
    "object": lambda node, _: dict(node["v"]),
    "error": _error,
    "date": lambda node, _: EPOCH + timedelta(milliseconds=node["v"]),
}

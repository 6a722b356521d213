"""Values as one short line, without their own `__repr__`, which may be anyone's code and take any time."""

from __future__ import annotations

import sys
from itertools import islice
from typing import Any

ITEMS = 6
CHARACTERS = 80
_LARGEST_INT = 10**100


def short_text(value: Any, depth: int = 2) -> str:
    """The value as Python writes it, shortened; inside of others its type where that is not known; else empty."""
    kind = type(value)
    if kind in (float, complex, bool) or value is None or value is ...:
        return repr(value)
    if kind is int:
        return repr(value) if -_LARGEST_INT < value < _LARGEST_INT else f"<int of {value.bit_length()} bits>"
    if kind in (str, bytes):
        return repr(value) if len(value) <= CHARACTERS else f"{value[:CHARACTERS]!r}…"
    if kind in _BRACKETS:
        return _collection(value, depth)
    if kind is dict:
        entries = list(islice(value.items(), ITEMS)) if depth else []
        shown = [f"{_part(key, depth)}: {_part(item, depth)}" for key, item in entries]
        return f"{{{_joined(shown, len(value))}}}"
    if depth == 2:
        return _data(value)
    return f"<{kind.__qualname__}>"


_BRACKETS = {list: "[]", tuple: "()", set: "{}", frozenset: "{}"}


def _collection(value: Any, depth: int) -> str:
    kind = type(value)
    if not value and kind in (set, frozenset):
        return f"{kind.__name__}()"
    shown = [_part(item, depth) for item in islice(value, ITEMS)] if depth else []
    opening, closing = _BRACKETS[kind]
    comma = "," if kind is tuple and len(value) == 1 else ""
    return f"{opening}{_joined(shown, len(value))}{comma}{closing}"


def _part(value: Any, depth: int) -> str:
    return short_text(value, depth - 1)


def _joined(shown: list[str], length: int) -> str:
    return ", ".join(shown) + ("" if len(shown) == length else ", …" if shown else "…")


def _data(value: Any) -> str:
    """The shape of numpy's arrays and pandas' tables."""
    numpy = sys.modules.get("numpy")
    pandas = sys.modules.get("pandas")
    kind = type(value)
    if numpy is not None and kind is getattr(numpy, "ndarray", None):
        shape = " x ".join(map(str, value.shape)) or "one value"
        return f"<{value.dtype}, {shape}>"
    if pandas is not None and kind in (getattr(pandas, "DataFrame", None), getattr(pandas, "Series", None)):
        return f"<{' x '.join(map(str, value.shape))}>"
    return ""

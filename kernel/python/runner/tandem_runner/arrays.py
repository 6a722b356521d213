"""`tandem.array`: arrays in memory that TypeScript maps, too."""

from __future__ import annotations

from array import array as plain_array
from collections.abc import Iterable
from typing import Any, Union

from tandem_runner.shared import allocate, available
from tandem_runner.values import has_numpy

_CODES = {
    "i1": "b",
    "u1": "B",
    "i2": "h",
    "u2": "H",
    "i4": "i",
    "u4": "I",
    "i8": "q",
    "u8": "Q",
    "f4": "f",
    "f8": "d",
}


def array(source: Union[int, tuple[int, ...], Iterable[Any]], dtype: Any = "f8") -> Any:
    """An array in memory that TypeScript maps, too: both have the same numbers, and nothing is copied when it crosses.

    `source`: a length or shape, or the values. With numpy a numpy array, without it a memoryview of one dimension, whose
    `dtype` is one of i1 … i8, u1 … u8, f4, f8. Where no memory can be shared it is an array like any other.
    """
    return _numpy(source, dtype) if has_numpy() else _plain(source, str(dtype))


def _numpy(source: Any, dtype: Any) -> Any:
    import numpy

    values = None
    if not isinstance(source, (int, tuple)):
        values = numpy.asarray(source, dtype=dtype)
    shape = source if values is None else values.shape
    kind = numpy.dtype(dtype)
    count = int(numpy.prod(shape))
    if not available() or count == 0:
        made = numpy.zeros(shape, kind)
    else:
        made = numpy.frombuffer(allocate(count * kind.itemsize), dtype=kind, count=count).reshape(shape)
    if values is not None:
        made[...] = values
    return made


def _plain(source: Any, dtype: str) -> memoryview:
    if dtype not in _CODES:
        raise ValueError(f"without numpy the dtype is one of {', '.join(_CODES)}, not {dtype!r}")
    code = _CODES[dtype]
    if isinstance(source, tuple):
        raise ValueError("without numpy an array has one dimension: its length, or its values")
    values = None if isinstance(source, int) else plain_array(code, source)
    count = source if values is None else len(values)
    length = count * plain_array(code).itemsize
    made = memoryview(allocate(length) if available() and length else bytearray(length)).cast(code)
    if values is not None:
        made[:] = memoryview(values)
    return made

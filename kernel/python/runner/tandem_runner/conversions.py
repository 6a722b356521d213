"""What annotations of parameters make of TypeScript's values: 2 a float, an object a dataclass, an Array a tuple."""

from __future__ import annotations

import collections.abc
from functools import lru_cache
from typing import Any, Callable, Optional, Union, get_args, get_origin

from tandem_runner.hints import resolve

Convert = Callable[[Any], Any]

_LISTS = (list, collections.abc.Sequence, collections.abc.Iterable)
_DICTS = (dict, collections.abc.Mapping)


def as_annotated(function: Any, arguments: list[Any]) -> list[Any]:
    """A call's arguments as its parameters are annotated; what does not fit stays as it is."""
    code = getattr(function, "__code__", None)
    if code is None or not getattr(function, "__annotations__", None):
        return arguments
    annotations = resolve(function)
    names = code.co_varnames[: code.co_argcount]
    converters = [converter(annotations.get(name)) for name in names[: len(arguments)]]
    if not any(converters):
        return arguments
    converted = [convert(one) if convert else one for convert, one in zip(converters, arguments)]
    return converted + arguments[len(converted) :]


def converter(annotation: Any) -> Optional[Convert]:
    """What an annotation asks for; None where it asks for nothing that a value of TypeScript's lacks."""
    if annotation is None:
        return None
    try:
        return _converter(annotation)
    except TypeError:
        # One that cannot be hashed.
        return None


@lru_cache(maxsize=500)
def _converter(annotation: Any) -> Optional[Convert]:
    if annotation is float:
        return lambda value: float(value) if type(value) is int else value
    if isinstance(annotation, type) and hasattr(annotation, "__dataclass_fields__"):
        return _to_dataclass(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Union or type(annotation).__name__ == "UnionType":
        return _to_one_of(arguments)
    if origin is tuple and arguments:
        return _to_tuple(arguments)
    if origin in _LISTS and arguments:
        item = converter(arguments[0])
        return item and (lambda value: [item(one) for one in value] if type(value) is list else value)
    if origin in _DICTS and len(arguments) == 2:
        key, item = converter(arguments[0]) or _same, converter(arguments[1]) or _same
        if key is _same and item is _same:
            return None
        return lambda value: {key(k): item(v) for k, v in value.items()} if type(value) is dict else value
    return None


def _same(value: Any) -> Any:
    return value


def _to_dataclass(kind: type) -> Convert:
    fields = vars(kind)["__dataclass_fields__"].values()
    names = {one.name for one in fields if one.init}
    annotations = resolve(kind)

    def convert(value: Any) -> Any:
        if type(value) is not dict or not value.keys() <= names:
            return value
        # Looked up now: a dataclass may have a field of its own kind.
        return kind(**{name: (converter(annotations.get(name)) or _same)(one) for name, one in value.items()})

    return convert


def _to_one_of(alternatives: tuple[Any, ...]) -> Optional[Convert]:
    if int in alternatives and float in alternatives:
        return None
    converters = [one for one in map(converter, alternatives) if one]
    # Of several, what is meant cannot be told.
    return converters[0] if len(converters) == 1 else None


def _to_tuple(arguments: tuple[Any, ...]) -> Convert:
    if arguments[-1] is ...:
        item = converter(arguments[0]) or _same
        return lambda value: tuple(map(item, value)) if type(value) is list else value
    items = [converter(one) or _same for one in arguments]

    def convert(value: Any) -> Any:
        if type(value) is not list or len(value) != len(items):
            return value
        return tuple(item(one) for item, one in zip(items, value))

    return convert

"""What annotations tell of values: where an int is wanted as a number (`float`), in lists, dicts and dataclasses."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any, Union, get_args, get_origin
from weakref import WeakKeyDictionary


class Hint:
    """An annotation, walked down beside its value. Without an annotation it says nothing."""

    __slots__ = ("_annotation", "_arguments", "is_float", "is_tuple")

    def __init__(self, annotation: Any) -> None:
        self._annotation = annotation
        self._arguments = get_args(annotation)
        origin = get_origin(annotation)
        self.is_tuple = origin is tuple and self._arguments[-1:] != (...,)
        union = origin is Union or type(annotation).__name__ == "UnionType"
        alternatives = self._arguments if union else (annotation,)
        self.is_float = float in alternatives and int not in alternatives
        if union:
            # Optional[list[float]]: what is inside is told by the one alternative that has an inside.
            inner = next((one for one in alternatives if get_args(one)), None)
            self._arguments = get_args(inner)
            self._annotation = inner

    def item(self, index: int) -> Hint:
        """Of a list's, tuple's or set's item."""
        return self._argument(index if self.is_tuple else 0)

    def key(self) -> Hint:
        """Of a dict's key."""
        return self._argument(0)

    def value(self) -> Hint:
        """Of a dict's value."""
        return self._argument(1)

    def field(self, name: str) -> Hint:
        """Of a dict's value, or of a field of a dataclass or TypedDict."""
        if len(self._arguments) == 2:
            return self.value()
        if not isinstance(self._annotation, type):
            return NO_HINT
        return hint_of(resolve(self._annotation).get(name))

    def _argument(self, index: int) -> Hint:
        return hint_of(self._arguments[index]) if index < len(self._arguments) else NO_HINT


NO_HINT = Hint(None)


@lru_cache(maxsize=500)
def _hint(annotation: Any) -> Hint:
    return Hint(annotation)


def hint_of(annotation: Any) -> Hint:
    """The hint of an annotation, which may be None."""
    if annotation is None:
        return NO_HINT
    try:
        return _hint(annotation)
    except TypeError:
        # One that cannot be hashed.
        return Hint(annotation)


def resolve(annotated: Any) -> dict[str, Any]:
    """The annotations of a function, class or module, those written as strings evaluated; none where that fails."""
    annotations = getattr(annotated, "__annotations__", None)
    if not annotations:
        return {}
    if any(isinstance(one, str) for one in annotations.values()):
        # `typing` takes a while to import, and is needed for these alone.
        return _evaluated(annotated)
    return dict(annotations)


_evaluations: WeakKeyDictionary[Any, tuple[dict[str, Any], dict[str, Any]]] = WeakKeyDictionary()


def _evaluated(annotated: Any) -> dict[str, Any]:
    """Annotations that are strings, evaluated once for each state of them."""
    from typing import get_type_hints

    try:
        known = _evaluations.get(annotated)
        if known and known[0] == annotated.__annotations__:
            return known[1]
        hints = get_type_hints(annotated)
        _evaluations[annotated] = (dict(annotated.__annotations__), hints)
        return hints
    except Exception:
        return {}


def return_hint(function: Any) -> Hint:
    """Of what a function returns."""
    return hint_of(resolve(function).get("return"))


def variable_hint(name: str) -> Hint:
    """Of a variable of the cells."""
    return hint_of(resolve(sys.modules["__main__"]).get(name))

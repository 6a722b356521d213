"""Rust's functions as Python shows them: names, annotations, signatures."""

from __future__ import annotations

import inspect
import keyword
from typing import Any

Function = dict[str, Any]
"""A function of a cell's manifest."""


def python_name(name: str) -> str:
    """A name of Rust's as Python can have it: keywords get a trailing underscore."""
    return f"{name}_" if keyword.iskeyword(name) else name


SIMPLE = {"unit": None, "bool": bool, "char": str, "string": str, "str": str}


def annotation(kind: dict[str, Any]) -> Any:
    """A type as an annotation: the type itself where it is a simple one, else its text."""
    name = kind["kind"]
    if name in SIMPLE:
        return SIMPLE[name]
    if name == "number":
        return float if kind["name"].startswith("f") else int
    if name in ("boxed", "ref"):
        return annotation(kind["inner"])
    return _text(kind)


def _text(kind: dict[str, Any]) -> str:
    name = kind["kind"]
    if name == "slice":
        return f"{'writable ' if kind['mutable'] else ''}buffer of {kind['element']}"
    if name in ("vec", "array", "set"):
        inner = kind["element"]
        if name != "set" and inner.get("name") == "u8":
            return "bytes"
        return f"{'set' if name == 'set' else 'list'}[{_shown(inner)}]"
    if name == "option":
        return f"{_shown(kind['inner'])} | None"
    if name == "tuple":
        return f"tuple[{', '.join(map(_shown, kind['elements']))}]"
    if name == "map":
        return f"dict[{_shown(kind['key'])}, {_shown(kind['value'])}]"
    if name == "callback":
        return "Callable"
    return str(kind.get("name", name)).rpartition("::")[2]


def _shown(kind: dict[str, Any]) -> str:
    known = annotation(kind)
    return known if isinstance(known, str) else "None" if known is None else str(known.__name__)


class _Plain(str):
    """An annotation that is shown without quotes."""

    def __repr__(self) -> str:
        return str(self)


def signature_of(function: Function) -> tuple[inspect.Signature, dict[str, Any]]:
    """What `inspect.signature` and `help` show, and the annotations that Python's types can say."""
    annotations: dict[str, Any] = {}

    def told(name: str, kind: dict[str, Any]) -> Any:
        known = annotation(kind)
        if not isinstance(known, str):
            annotations[name] = known
        return _Plain(known) if isinstance(known, str) else known

    parameters = [
        inspect.Parameter(
            python_name(one["name"]),
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            annotation=told(one["name"], one["type"]),
            **({"default": None} if one["type"]["kind"] == "option" else {}),
        )
        for one in function["parameters"]
    ]
    # A parameter after one that may be left out cannot be required in Python's notation.
    for at, one in enumerate(parameters):
        if one.default is None and any(later.default is not None for later in parameters[at:]):
            parameters[at] = one.replace(default=inspect.Parameter.empty)
    returns = told("return", function["returns"])
    return inspect.Signature(parameters, return_annotation=returns), annotations

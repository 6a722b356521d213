"""What is known of a name in a cell: signature and documentation of what can be called, type and content of values."""

from __future__ import annotations

import inspect
import re
from types import ModuleType
from typing import Any

from tandem_runner.code_at import call_around, code_before, expression_start
from tandem_runner.short_text import short_text
from tandem_runner.static_values import Found, Instance, Scope, Unloaded, is_a, resolve

LONGEST = 6000
"""Of documentation, in characters."""


def inspect_at(text: str, offset: int, scope: Scope) -> dict[str, str] | None:
    """What is known of the name at a cursor, else of the call around it; empty where nothing is, None without one."""
    from tandem_runner.completion import imported

    word = re.match(r"\w*", text[offset:])
    end = offset + (len(word.group()) if word else 0)
    code = code_before(text, end)
    if code.comment or code.open_text is not None:
        return None
    imports = imported(text)
    expression = code.text[expression_start(code.plain, end) : end]
    # In a call's parentheses, on no name, the call is meant; so it is on a value, of which nothing is to be told.
    found = resolve(expression, scope, imports) if expression and re.search(r"[^\W\d]\w*\Z", expression) else None
    if found is None and not expression:
        opening = call_around(code.plain, end)
        if opening is not None:
            end = opening
            expression = code.text[expression_start(code.plain, opening) : opening]
            found = resolve(expression, scope, imports) if expression else None
    name = re.sub(r"\s+", "", expression)
    return _about(name, found) if expression else None


def signature_of(called: Any) -> inspect.Signature | None:
    """The signature of what can be called; None where it has none to tell."""
    if not callable(called):
        return None
    try:
        return inspect.signature(called)
    except Exception:
        return None


def _about(name: str, found: Found) -> dict[str, str]:
    if found is None:
        return {}
    if isinstance(found, Unloaded):
        return {"signature": f"module {found.name}", "documentation": ""}
    if isinstance(found, Instance):
        return {"signature": f"{name}: {found.type.__qualname__}", "documentation": _documentation(found.type)}
    value = found.value
    if is_a(value, ModuleType):
        module = vars(value).get("__name__", name)
        return {"signature": f"module {module}", "documentation": _documentation(value)}
    last = name.rpartition(".")[2]
    if is_a(value, type):
        return {"signature": f"class {last}{_parameters(value)}", "documentation": _documentation(value)}
    if callable(value):
        word = "async def" if inspect.iscoroutinefunction(value) else "def"
        return {"signature": f"{word} {last}{_parameters(value)}", "documentation": _documentation(value)}
    shown = short_text(value)
    signature = f"{name}: {type(value).__qualname__}"
    return {"signature": signature + (f" = {shown}" if shown else ""), "documentation": ""}


def _parameters(called: Any) -> str:
    signature = signature_of(called)
    if signature is None:
        # What is written in C tells it at the head of its documentation.
        told = re.match(r"[\w.]*(\([^\n]*\)(?: -> [^\n]+)?)(?:\n|\Z)", _documentation(called))
        return told.group(1) if told else "(…)"
    try:
        # The values of defaults may have a `repr` of their own, which may be anything.
        parameters = [
            one.replace(default=_Shown(one.default)) if one.default is not one.empty else one
            for one in signature.parameters.values()
        ]
        # The cells' own classes go by their names alone.
        return str(signature.replace(parameters=parameters)).replace("__main__.", "")
    except Exception:
        return "(…)"


class _Shown:
    """Written as a value's short text."""

    def __init__(self, value: Any) -> None:
        self._text = short_text(value) or f"<{type(value).__qualname__}>"

    def __repr__(self) -> str:
        return self._text


def _documentation(value: Any) -> str:
    """Its own docstring, as it is written."""
    try:
        text = inspect.getattr_static(value, "__doc__")
        if type(text) is not str:
            # Functions and classes keep it in C.
            text = value.__doc__ if is_a(value, type) or callable(value) else None
    except Exception:
        return ""
    if type(text) is not str:
        return ""
    text = inspect.cleandoc(text)
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition("\n")[0] + "\n…"

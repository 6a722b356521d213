"""What jedi adds where it is installed: it follows the text of the cell, which has not run yet."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from typing import Any

Scope = dict[str, Any]


def load() -> bool:
    """Imports jedi, which takes a while; False where it is not installed."""
    if "jedi" not in sys.modules and PathFinder.find_spec("jedi") is None:
        return False
    try:
        import jedi  # noqa: F401
    except Exception:
        return False
    return True


def complete(text: str, offset: int, scope: Scope) -> dict[str, Any]:
    """As completion.complete."""
    found = _script(text, scope).complete(*_place(text, offset))
    begun = max((len(one.name_with_symbols) - len(one.complete or "") for one in found), default=0)
    matches = [{"text": one.name_with_symbols, "kind": one.type} for one in found if one.complete is not None]
    return {"start": offset - begun, "end": offset, "matches": matches}


def inspect_at(text: str, offset: int, scope: Scope) -> dict[str, str]:
    """As inspection.inspect_at."""
    script = _script(text, scope)
    place = _place(text, offset)
    for one in script.infer(*place) or script.goto(*place):
        signatures = one.get_signatures()
        said = signatures[0].to_string() if signatures else one.description
        return {"signature": said, "documentation": one.docstring(raw=True)}
    return {}


def _place(text: str, offset: int) -> tuple[int, int]:
    """Line from 1, column from 0."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1)


def _script(text: str, scope: Scope) -> Any:
    import jedi

    # It would call getters and `__getitem__` of the user's values.
    class Static(jedi.Interpreter):  # type: ignore[misc]
        _allow_descriptor_getattr_default = False

    settings = jedi.settings
    before = getattr(settings, "allow_unsafe_interpreter_executions", True)
    settings.allow_unsafe_interpreter_executions = False
    try:
        return Static(text, [scope])
    finally:
        settings.allow_unsafe_interpreter_executions = before

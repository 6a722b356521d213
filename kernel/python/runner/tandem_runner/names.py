"""Names as TypeScript uses them: `py.f`, `py.module.f`."""

from __future__ import annotations

import builtins
import keyword
from importlib import import_module
from typing import Any

from tandem_runner.cells import Scope


class RefusedError(Exception):
    """Something that the kernel's catalogue of errors explains: the entry's name and its facts."""

    def __init__(self, code: str, *facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def look_up(path: list[str], scope: Scope) -> Any:
    """What a dotted name stands for: in the cells, a builtin, or a module, which is imported."""
    value = _first(path[0], scope)
    for at, name in enumerate(path[1:], start=1):
        try:
            value = getattr(value, name)
        except AttributeError:
            submodule = _module(".".join(path[: at + 1])) if type(value).__name__ == "module" else None
            if submodule is None:
                raise
            value = submodule
    return value


def check_assignable(name: str) -> None:
    """Raises where Python cannot have a variable of this name."""
    if not name.isidentifier() or keyword.iskeyword(name):
        raise RefusedError("pythonName", name)


def _first(name: str, scope: Scope) -> Any:
    if name in scope:
        return scope[name]
    if hasattr(builtins, name):
        return getattr(builtins, name)
    module = _module(name)
    if module is None:
        raise NameError(f"name {name!r} is not defined in Python")
    return module


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        # A module that is there may lack one that it needs: that is its error to tell.
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            return None
        raise

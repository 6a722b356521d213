"""Which modules there are and what is in them, without importing any."""

from __future__ import annotations

import ast
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder

LARGEST = 2_000_000
"""Sources larger than this, in bytes, are not read."""


def modules_in(package: str) -> set[str]:
    """The modules of a package, or with an empty name those at the top."""
    path: Sequence[str] | None = None
    names: set[str] = set()
    if package:
        spec = _find(package)
        path = spec.submodule_search_locations if spec else []
        loaded = (name[len(package) + 1 :] for name in list(sys.modules) if name.startswith(f"{package}."))
        names.update(name for name in loaded if "." not in name)
    else:
        names.update(sys.builtin_module_names)
        names.update(name for name in list(sys.modules) if "." not in name)
        names.add("tandem_rust")
    names.update(module.name for module in pkgutil.iter_modules(None if path is None else list(path)))
    return {name for name in names if name.isidentifier()}


def module_names(name: str) -> set[str]:
    """What can be imported from a module: the names that it has, or that its source binds, and its own modules."""
    module = sys.modules.get(name)
    if module is not None:
        names = set(vars(module))
        listed = vars(module).get("__all__")
        names.update(one for one in listed if type(one) is str) if type(listed) in (list, tuple) else None
    else:
        names = _source_names(name)
    return names | modules_in(name)


def _source_names(name: str) -> set[str]:
    from tandem_runner.cells import bound_names

    spec = _find(name)
    file = spec.origin if spec else None
    if not file or not file.endswith(".py"):
        return set()
    try:
        if os.path.getsize(file) > LARGEST:
            return set()
        with open(file, "rb") as source:
            return set(bound_names(ast.parse(source.read()).body))
    except (OSError, SyntaxError, ValueError):
        return set()


def _find(name: str) -> ModuleSpec | None:
    """A module's spec. `importlib.util.find_spec` would import its parents."""
    path: Sequence[str] | None = None
    spec: ModuleSpec | None = None
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        spec = PathFinder.find_spec(".".join(parts[:end]), path)
        if spec is None:
            return None
        path = spec.submodule_search_locations or []
    return spec

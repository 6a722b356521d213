"""The module `tandem_rust`: what the %%rust cells that have run declare, by the same names.

The kernel tells which cells there are; they are loaded into this process when the module is first imported, and
each later one when it has run.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Sequence
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, ModuleSpec
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType
from typing import Any

from tandem_runner.names import RefusedError

NAME = "tandem_rust"

Cell = dict[str, Any]


class RefusedImportError(RefusedError, ImportError):
    """A refusal that `except ImportError` catches."""


class RustCells:
    """The Rust cells of a notebook, and the finder that makes a module of them."""

    def __init__(self) -> None:
        self._folders: list[str] = []
        self._waiting: list[Cell] = []
        self._module: ModuleType | None = None
        self._library: Any = None
        # Names that cannot be had, and the refusal that says why.
        self._refused: dict[str, RefusedError] = {}

    def add(self, params: dict[str, Any]) -> None:
        """Takes new cells from the kernel, in the order in which they ran."""
        self._folders = params["folders"]
        self._waiting += params["cells"]
        if self._module is not None:
            try:
                self._load()
            except Exception as error:
                print(f"{NAME}: {error}", file=sys.stderr)

    @property
    def native(self) -> Any:
        """The compiled module; None where nothing has imported it."""
        return self._library.native if self._library is not None else None

    def refresh(self) -> None:
        """Before user code: what was built meanwhile replaces the unoptimised code."""
        if self._library is not None:
            self._library.swap_built()

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: Any = None) -> ModuleSpec | None:
        """Called for every import that is not cached."""
        # It is a loader by its methods, as `importlib` asks.
        return ModuleSpec(name, self, origin="the %%rust cells") if name == NAME else None  # type: ignore[arg-type]

    def create_module(self, _spec: ModuleSpec) -> ModuleType:
        """Of a loader."""
        module = ModuleType(NAME, "What the %%rust cells that have run declare.")
        vars(module).update(__dir__=self.names)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Of a loader: loads the cells that have run so far."""
        if self._library is None:
            native = _load_native(self._folders)
            from tandem_runner.rust_library import Library

            self._library = Library(native)
        for name in ("RustError", "RustPanic"):
            setattr(module, name, getattr(self._library.native, name))
        self._module = module
        # A module that was imported before has been taken out of sys.modules.
        for cell in self._library.cells:
            self._library.declare(cell, module)
        self._load()

    def names(self) -> list[str]:
        """What the module has."""
        return sorted(name for name in vars(self._module) if not name.startswith("_"))

    def _refuse(self, name: str) -> Any:
        """Raises for a name that cannot be had."""
        if name in self._refused:
            raise self._refused[name]
        raise AttributeError(f"module {NAME!r} has no attribute {name!r}")

    def _load(self) -> None:
        while self._waiting:
            cell = self._waiting.pop(0)
            if "refusal" in cell:
                for name in cell["names"]:
                    self._refused[name] = refused = RefusedError(cell["refusal"])
                    # What `str` of it says.
                    refused.args = (cell["text"],)
                    vars(self._module).pop(name, None)
                continue
            for name in self._library.load(cell, self._module):
                self._refused.pop(name, None)
        # Only where it is needed: with it Python looks every name up the slow way, which takes longer than a call.
        names = vars(self._module)
        if self._refused:
            names["__getattr__"] = self._refuse
        else:
            names.pop("__getattr__", None)


def _load_native(folders: list[str]) -> ModuleType:
    """The compiled module of this Python's kind."""
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    version = f"{sys.version_info[0]}.{sys.version_info[1]}{'t' if free_threaded else ''}"
    # The one built for just this Python comes first. The common one is not for builds without the interpreter lock.
    suffixes = [one for one in EXTENSION_SUFFIXES if not free_threaded or ("abi3" not in one and "-" in one)]
    for folder in folders:
        for suffix in suffixes:
            path = os.path.join(folder, NAME + suffix)
            if not os.path.exists(path):
                continue
            loader = ExtensionFileLoader(NAME, path)
            spec = spec_from_loader(NAME, loader)
            assert spec is not None
            try:
                module = module_from_spec(spec)
                loader.exec_module(module)
            except ImportError as error:
                raise RefusedImportError("pythonRustBroken", path, str(error)) from None
            return module
    raise RefusedImportError("pythonRustFreeThreaded" if free_threaded else "pythonRustMissing", version)

"""Loaded %%rust cells: their functions, constants, classes and modules as Python's."""

from __future__ import annotations

import json
import os
from types import ModuleType, SimpleNamespace
from typing import Any

from tandem_runner.rust_signatures import Function, python_name, signature_of
from tandem_runner.rust_types import Types

Cell = dict[str, Any]
Names = dict[str, Any]


class Namespace(SimpleNamespace):
    """A module inside a cell, or the name of `--as`."""


class Library:
    """The cells that this process has loaded. `native`: the compiled module."""

    def __init__(self, native: Any) -> None:
        self.native = native
        self.cells: list[tuple[Cell, Names]] = []
        self._types = Types(native)
        # What each library declares, by its path.
        self._loaded: dict[str, Names] = {}
        # Unoptimised builds in use: the functions, and where the optimised build will lie.
        self._pending: list[tuple[str, list[Any]]] = []

    def load(self, cell: Cell, module: ModuleType) -> Names:
        """Loads a cell and declares its names in the module; returns what it declares."""
        library, optimised = cell["library"], cell["optimised"]
        if os.path.exists(optimised):
            library = optimised
        names = self._load(library, optimised, cell["file"])
        self.cells.append((cell, names))
        self.declare((cell, names), module)
        return names

    def declare(self, loaded: tuple[Cell, Names], module: ModuleType) -> None:
        """Puts a cell's names into the module, or into the namespace that the cell asks for."""
        cell, names = loaded
        if cell["namespace"]:
            setattr(module, cell["namespace"], Namespace(**names))
        else:
            vars(module).update(names)

    def swap_built(self) -> None:
        """Runs the optimised code of the cells whose build has ended since."""
        if not self._pending:
            return
        waiting, self._pending = self._pending, []
        for optimised, functions in waiting:
            if os.path.exists(optimised):
                manifest = _manifest(optimised)
                self.native.swap(optimised, manifest["name"], json.dumps(manifest["exports"]), functions)
            else:
                self._pending.append((optimised, functions))

    def _load(self, library: str, optimised: str, file: str) -> Names:
        known = self._loaded.get(library)
        if known is not None:
            return known
        manifest = _manifest(library)
        if "crates" in manifest:
            self.native.load_crates(manifest["crates"])
        # Their classes are what this cell's instances are made with.
        for need in manifest["needs"]:
            self._load(need["library"], need["library"], need["file"])
        exports = manifest["exports"]
        signatures: list[Function] = exports["functions"]
        methods = [at for at, one in enumerate(signatures) if one["role"] == "method"]
        text = json.dumps(exports)
        functions = self.native.load(library, manifest["name"], text, file, methods)
        if library != optimised:
            self._pending.append((optimised, functions))
        members = [(one, self._dressed(one, function)) for one, function in zip(signatures, functions)]
        names: Names = {}
        for one, value in members:
            if one["owner"] is None:
                _place(names, one["module"], one["name"], _constant(one, value))
        for definition, made in self._types.make(manifest["name"], optimised, exports, members):
            *modules, last = definition["name"].split("::")
            _place(names, modules, last, made)
        self._loaded[library] = names
        return names

    def _dressed(self, signature: Function, function: Any) -> Any:
        """A function with what Python's tools ask of one: name, documentation, signature."""
        value = _awaitable(self.native, function) if signature["async"] else function
        value.__name__ = python_name(signature["name"])
        owner = signature["owner"]
        value.__qualname__ = ".".join([*(owner.split("::") if owner else []), value.__name__])
        value.__module__ = "tandem_rust"
        value.__doc__ = signature["doc"] or None
        value.__signature__, value.__annotations__ = signature_of(signature)
        return value


def _awaitable(native: Any, function: Any) -> Any:
    """An `async fn` as a coroutine function: it starts when it is awaited."""

    async def call(*arguments: Any) -> Any:
        import asyncio

        loop = asyncio.get_running_loop()
        future = loop.create_future()

        def settle(value: Any, error: BaseException | None) -> None:
            # The task may have been cancelled meanwhile.
            if future.done():
                return
            if error is None:
                future.set_result(value)
            else:
                future.set_exception(error)

        native.start(function, arguments, lambda *end: loop.call_soon_threadsafe(settle, *end))
        return await future

    return call


def _constant(signature: Function, value: Any) -> Any:
    return value() if signature["role"] == "constant" else value


def _place(names: Names, modules: list[str], name: str, value: Any) -> None:
    for one in modules:
        names = names.setdefault(python_name(one), Namespace()).__dict__
    names[python_name(name)] = value


def _manifest(library: str) -> dict[str, Any]:
    with open(os.path.join(os.path.dirname(library), "manifest.json"), encoding="utf-8") as file:
        manifest: dict[str, Any] = json.load(file)
    return manifest

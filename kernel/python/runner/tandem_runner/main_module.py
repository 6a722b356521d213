"""The cells' module `__main__`, and what processes that start afresh (multiprocessing's spawn) find in its place.

Such a process is told a file to run as its main program. Ours holds the functions and classes of the cells as they are
in the cells' text, and the current values of the variables that they use; nothing else of the cells runs again.
"""

from __future__ import annotations

import ast
import os
import pickle
import sys
import tempfile
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

Scope = dict[str, Any]

_OURS = ("__main__", "__mp_main__")

PROGRAM = """\
import ast, importlib, linecache, pickle, sys
def _tandem(cells, steps):
    names = globals()
    sys.modules["__main__"] = sys.modules.get("__mp_main__", sys.modules["__main__"])
    for file, text in cells.items():
        linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    for kind, key, value in steps:
        if kind == "value":
            try:
                names[key] = pickle.loads(value)
            except Exception:
                continue
        elif kind == "module":
            try:
                names[key] = importlib.import_module(value)
            except ImportError:
                # Of this process alone, such as tandem_rust: what does not use it goes on.
                continue
        else:
            tree = ast.parse(cells[key])
            first = [one for one in tree.body if getattr(one, "module", None) == "__future__"]
            tree.body = first + [one for one in tree.body if one.lineno == value]
            try:
                exec(compile(tree, key, "exec", dont_inherit=True), names)
            except Exception as error:
                print(f"{key}, line {value}, fails in a new process: {type(error).__name__}: {error}", file=sys.stderr)
"""


class MainModule(ModuleType):
    """`__main__` of the cells. It has a `__file__` for nobody but multiprocessing, which hands it to new processes."""

    # Not in the namespace, which is the user's.
    __slots__ = ("_tandem_definitions",)

    def __init__(self, folder: str) -> None:
        super().__init__("__main__")
        vars(self)["__builtins__"] = sys.modules["builtins"]
        self._tandem_definitions = Definitions(vars(self), folder)

    @property
    def __file__(self) -> str:
        if sys._getframe(1).f_globals.get("__name__") != "multiprocessing.spawn":
            raise AttributeError("__file__")
        return self._tandem_definitions.write()

    def cell_starts(self, source: str, file: str) -> None:
        """Notes a cell's text."""
        self._tandem_definitions.add(source, file)


class Definitions:
    """The texts of the cells that ran, and the program made of them."""

    def __init__(self, scope: Scope, folder: str) -> None:
        self._scope = scope
        self._folder = folder
        self._cells: dict[str, str] = {}
        self._written = ""
        self._count = 0

    def add(self, source: str, file: str) -> None:
        """A cell runs. The same text under a later number takes its place: classes keep their order."""
        self._cells[source] = file

    def write(self) -> str:
        """The path of a program that defines what the cells define now."""
        text = self._program()
        path = os.path.join(self._folder, f"cells-{self._count}.py")
        # A server of processes (forkserver) runs each path once: what differs gets another.
        if text != self._written or not os.path.exists(path):
            self._count += 1
            self._folder = self._folder or tempfile.mkdtemp(prefix="tandem-python-")
            path = os.path.join(self._folder, f"cells-{self._count}.py")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            self._written = text
        return path

    def _program(self) -> str:
        trees = [(file, _statements(source)) for source, file in self._cells.items()]
        used = {name for _, body in trees for one in body if self._runs(one) for name in _names(one)}
        steps: list[tuple[str, str, Any]] = []
        bound: set[str] = set()
        for file, body in trees:
            for statement in body:
                names = set(_bound_by(statement)) & self._scope.keys()
                bound |= names
                if self._runs(statement):
                    steps.append(("run", file, statement.lineno))
                else:
                    steps += self._values(names & used)
        # What no statement of the cells binds comes first: values of `--in`, what functions declared global.
        steps = [*self._values(used & self._scope.keys() - bound), *steps]
        cells = {file: source for source, file in self._cells.items()}
        return f"{PROGRAM}_tandem({cells!r}, {steps!r})\ndel _tandem\n"

    def _runs(self, statement: ast.stmt) -> bool:
        """Whether other processes run it: it defines a function or class, also by an assignment (`namedtuple(…)`)."""
        values = (self._scope.get(name) for name in _bound_by(statement))
        return any(isinstance(one, (type, FunctionType)) and one.__module__ in _OURS for one in values) or (
            # What stands there now may be a decorator's.
            isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and statement.name in self._scope
        )

    def _values(self, names: set[str]) -> Iterator[tuple[str, str, Any]]:
        for name in sorted(names):
            value = self._scope[name]
            if isinstance(value, ModuleType):
                yield ("module", name, value.__name__)
                continue
            try:
                yield ("value", name, pickle.dumps(value))
            except Exception:
                # A lock, an open file: a function that uses it says itself that it is not there.
                continue


def new_main(folder: str) -> MainModule:
    """A new, empty `__main__`. `folder`: where programs for other processes are written; empty for one made when needed."""
    main = MainModule(folder)
    sys.modules["__main__"] = main
    return main


def _statements(source: str) -> list[ast.stmt]:
    try:
        return compile(source, "", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True).body
    except (SyntaxError, ValueError):
        return []


def _names(node: ast.AST) -> Iterator[str]:
    return (one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def _bound_by(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement may bind at the top level."""
    from tandem_runner.cells import bound_names

    return bound_names([statement])

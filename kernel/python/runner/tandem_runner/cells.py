"""Running a cell's source: top-level await, and the last expression's value."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Coroutine, Iterator
from types import CodeType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

ASYNC = 0x80
"""Of `co_flags`: the code is a coroutine."""
FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

Scope = dict[str, Any]


class Block:
    """Compiled source: its statements, and its last expression where it ends with one."""

    def __init__(self, source: str, file: str) -> None:
        # Tracebacks take the source's lines from here.
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        tree = compile(source, file, "exec", FLAGS | ast.PyCF_ONLY_AST, dont_inherit=True)
        self._body = tree.body[:]
        last = tree.body[-1] if tree.body else None
        self._last: CodeType | None = None
        if isinstance(last, ast.Expr):
            tree.body.pop()
            self._last = _compile(ast.Expression(last.value), file, "eval")
        self._statements = _compile(tree, file, "exec")
        self.shows_result = self._last is not None and not source.rstrip().endswith(";")

    @property
    def has_value(self) -> bool:
        """Whether it ends with an expression."""
        return self._last is not None

    def run(self, scope: Scope) -> Any:
        """The last expression's value, None without one."""
        parts = [self._statements] if self._last is None else [self._statements, self._last]
        if any(part.co_flags & ASYNC for part in parts):
            # In one task: what stands before the first `await` may start others, too.
            value = wait(_awaiting(parts, scope))
        else:
            for part in parts:
                value = eval(part, scope)
        return value if self._last is not None else None

    def binds(self, name: str) -> bool:
        """Whether it assigns, defines or imports the name outside of functions and classes."""
        return name in bound_names(self._body)


def bound_names(body: list[ast.stmt]) -> Iterator[str]:
    """The names that statements assign, define or import outside of functions and classes."""
    return (name for node in _outside_functions(body) for name in _bound(node) if name is not None)


def _compile(tree: ast.Module | ast.Expression, file: str, mode: str) -> CodeType:
    code: CodeType = compile(tree, file, mode, FLAGS, dont_inherit=True)
    return code


async def _awaiting(parts: list[CodeType], scope: Scope) -> Any:
    """The value of the last part."""
    value = None
    for part in parts:
        value = eval(part, scope)
        if part.co_flags & ASYNC:
            value = await value
    return value


_loop: asyncio.AbstractEventLoop | None = None


def wait(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Runs a coroutine to its end, in one event loop for all cells."""
    global _loop
    import asyncio

    if _loop is None or _loop.is_closed():
        _loop = asyncio.new_event_loop()
    # `asyncio.run` in a cell takes it away.
    asyncio.set_event_loop(_loop)
    task = _loop.create_task(coroutine)
    try:
        return _loop.run_until_complete(task)
    except KeyboardInterrupt:
        # The interrupt stopped the loop, not the task: end it, and let the error tell where it was.
        task.cancel()
        try:
            return _loop.run_until_complete(task)
        except asyncio.CancelledError as cancelled:
            raise KeyboardInterrupt().with_traceback(cancelled.__traceback__) from None


def _outside_functions(body: list[ast.stmt]) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))


def _bound(node: ast.AST) -> tuple[str | None, ...]:
    """The names that this node itself binds."""
    if isinstance(node, ast.Name):
        return (node.id,) if isinstance(node.ctx, ast.Store) else ()
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return (node.name,)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return tuple(alias.asname or alias.name.partition(".")[0] for alias in node.names)
    if isinstance(node, ast.alias):
        return ()
    # `case` patterns, which Python 3.9 does not know.
    return (getattr(node, "name", None), getattr(node, "rest", None))

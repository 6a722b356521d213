"""Values on their way between Python and TypeScript. `kernel/python/values.ts` is the other side and has the table.

A value is a JSON tree in which `{"$": kind, ...}` stands for what JSON has not; large binary parts are buffers
beside the tree, named by their index.
"""

from __future__ import annotations

import sys
from datetime import datetime, timezone
from importlib.util import find_spec
from typing import Any

Node = Any
"""A JSON tree: what `json` reads and writes."""

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class CannotCrossError(Exception):
    """A value without a counterpart on the other side; `path` leads to it, outermost step first."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        self.path: list[str] = []

    def within(self, step: str) -> CannotCrossError:
        """The same error seen from one step further out."""
        self.path.insert(0, step)
        return self


def message_of(error: BaseException) -> str:
    """An exception's message, whatever its own `__str__` does."""
    try:
        return str(error)
    except Exception as second:
        return f"(its message cannot be made: {type(second).__name__})"


def has_numpy() -> bool:
    """Whether numpy is installed; importing it takes long, so it is not imported to find out."""
    return "numpy" in sys.modules or find_spec("numpy") is not None

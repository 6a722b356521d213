"""Exceptions as the kernel and TypeScript show them."""

from __future__ import annotations

import os
import traceback
from types import TracebackType
from typing import Any

from tandem_runner.values import message_of

_OURS = os.path.dirname(os.path.abspath(__file__))
_CELL = "cell-"

MAX_FRAMES = 50


def describe(error: BaseException) -> dict[str, Any]:
    """Name, message, Python's traceback without the runner's frames, and the innermost frames first."""
    _hide_ours(error)
    frames = error.__traceback__
    lines = traceback.TracebackException(type(error), error, frames).format()
    return {
        "name": type(error).__name__,
        "message": message_of(error),
        "traceback": "".join(lines).rstrip("\n"),
        "frames": [
            {"function": frame.name, "file": frame.filename, "line": frame.lineno}
            for frame in reversed(traceback.extract_tb(frames)[-MAX_FRAMES:])
        ],
    }


def _hide_ours(error: BaseException) -> None:
    """Takes the runner's frames out of the tracebacks of an exception and of those that led to it."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            one.__traceback__ = _user_frames(one.__traceback__)
            waiting += [one.__cause__, one.__context__]


def _user_frames(frames: TracebackType | None) -> TracebackType | None:
    """The frames from the first one in a cell on, where there is one; never the runner's."""
    kept: list[TracebackType] = []
    in_cell = False
    while frames is not None:
        file = frames.tb_frame.f_code.co_filename
        if not in_cell and os.path.basename(file).startswith(_CELL):
            in_cell = True
            kept.clear()
        if not file.startswith(_OURS):
            kept.append(frames)
        frames = frames.tb_next
    linked: TracebackType | None = None
    for one in reversed(kept):
        linked = TracebackType(linked, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return linked

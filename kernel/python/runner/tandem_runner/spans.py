"""Spans of time that cells mark: `with tandem.span("parse"):`. They are kept, up to a bound, until the notebook takes them."""

from __future__ import annotations

import json
import sys
from threading import Lock, current_thread
from time import monotonic_ns
from types import TracebackType

MOST = 1 << 17
"""More are not kept: some 20 MB."""

_kept: list[tuple[str, str, int, int]] = []
_lost = 0
_losing = Lock()


class Span:
    """Lasts as long as its `with` block; it is of the asyncio task, or else the thread, in which that ends."""

    __slots__ = ("_name", "_start")

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._start = monotonic_ns()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        end = monotonic_ns()
        if len(_kept) < MOST:
            _kept.append((self._name, _lane(), self._start, end))
            return
        global _lost
        with _losing:
            _lost += 1


def _lane() -> str:
    # Not imported here: that takes longer than all the rest of the runner.
    asyncio = sys.modules.get("asyncio")
    if asyncio is not None and asyncio._get_running_loop() is not None:
        task = asyncio.current_task()
        if task is not None:
            return "task " + task.get_name()
    return current_thread().name


def take() -> str:
    """The spans so far as JSON, `{now, lost, spans: [[name, lane, start, end], …]}`, in ns; none are kept afterwards."""
    global _lost
    now = monotonic_ns()
    spans = _kept[:]
    del _kept[: len(spans)]
    with _losing:
        lost, _lost = _lost, 0
    return json.dumps({"now": now, "lost": lost, "spans": spans})

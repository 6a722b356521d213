"""Spans of time that cells mark: `with tandem.span("parse"):`. They are kept, up to a bound, until they are taken."""

from __future__ import annotations

import json
import sys
from threading import Lock, current_thread
from time import monotonic_ns
from types import TracebackType
from typing import Any

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


def take(native: Any) -> str:
    """The spans so far as JSON, `{now, lost, spans: [[name, lane, start, end], …], rust}`, in ns; none are left.

    `rust`: what Rust has marked in this process, as pairs of its own text and what is to be added to its times.
    `native`: the compiled module that runs Rust cells; None where there is none.
    """
    global _lost
    now = monotonic_ns()
    spans = _kept[:]
    del _kept[: len(spans)]
    with _losing:
        lost, _lost = _lost, 0
    return json.dumps({"now": now, "lost": lost, "spans": spans, "rust": _of_rust(native)})


def _of_rust(native: Any) -> list[tuple[str, float]]:
    texts = native.take_spans() if native is not None else []
    if all('"lanes":[]' in text for text in texts):
        return []
    lows, highs = [float("-inf")] * len(texts), [float("inf")] * len(texts)
    # Both clocks are read in turn: what all readings allow is narrow.
    for _ in range(50):
        before = monotonic_ns()
        clocks = native.span_clocks()
        after = monotonic_ns()
        for at, clock in enumerate(clocks):
            lows[at], highs[at] = max(lows[at], before - clock), min(highs[at], after - clock)
    return [(text, (low + high) / 2) for text, low, high in zip(texts, lows, highs)]

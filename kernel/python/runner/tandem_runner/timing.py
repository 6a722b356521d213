"""Timing inside Python, for benchmarks: the loop runs here, so that no crossing is in the figure."""

from __future__ import annotations

import gc
import os
from itertools import repeat
from time import perf_counter_ns, process_time_ns
from typing import Any, Callable

from tandem_runner.cells import wait


class Timing:
    """Nanoseconds by the monotonic clock and processor seconds of all iterations together; the last one's result.

    Beside them what the collector of cycles did meanwhile, and the bytes that the process holds in memory (None where
    that is not told).
    """

    def __init__(self, ns: int, cpu_ns: int, result: Any, collector: Collector) -> None:
        self.ns = ns
        self.cpu_seconds = cpu_ns / 1e9
        self.result = result
        self.collections = collector.count
        self.collection_ns = collector.ns
        self.resident = resident()


class Collector:
    """Counts what the collector of cycles does inside a `with` block."""

    def __init__(self) -> None:
        self.count = 0
        self.ns = 0
        self._began = 0

    def __enter__(self) -> Collector:
        gc.callbacks.append(self._told)
        return self

    def __exit__(self, *_: object) -> None:
        gc.callbacks.remove(self._told)

    def _told(self, phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            self._began = perf_counter_ns()
        else:
            self.count += 1
            self.ns += perf_counter_ns() - self._began


def resident() -> int | None:
    """Bytes of this process in memory, where the system tells them as Linux does (proc(5), statm)."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, AttributeError, ValueError):
        return None


def time_call(function: Callable[..., Any], arguments: list[Any], iterations: int) -> Timing:
    """Times `function(*arguments)`; a coroutine function's coroutine is run to its end."""
    result = None
    is_async = bool(getattr(getattr(function, "__code__", None), "co_flags", 0) & 0x80)
    with Collector() as collector:
        cpu = process_time_ns()
        start = perf_counter_ns()
        if is_async:
            for _ in repeat(None, iterations):
                result = wait(function(*arguments))
        else:
            for _ in repeat(None, iterations):
                result = function(*arguments)
        ns = perf_counter_ns() - start
        cpu = process_time_ns() - cpu
    return Timing(ns, cpu, result, collector)

"""Timing inside Python, for benchmarks: the loop runs here, so that no crossing is in the figure."""

from __future__ import annotations

from itertools import repeat
from time import perf_counter_ns, process_time_ns
from typing import Any, Callable

from tandem_runner.cells import Block, Scope, wait


class Timing:
    """Nanoseconds by the monotonic clock and processor seconds of all iterations together; the last one's result."""

    def __init__(self, ns: int, cpu_ns: int, result: Any) -> None:
        self.ns = ns
        self.cpu_seconds = cpu_ns / 1e9
        self.result = result


def time_call(function: Callable[..., Any], arguments: list[Any], iterations: int) -> Timing:
    """Times `function(*arguments)`; a coroutine function's coroutine is run to its end."""
    result = None
    is_async = bool(getattr(getattr(function, "__code__", None), "co_flags", 0) & 0x80)
    cpu = process_time_ns()
    start = perf_counter_ns()
    if is_async:
        for _ in repeat(None, iterations):
            result = wait(function(*arguments))
    else:
        for _ in repeat(None, iterations):
            result = function(*arguments)
    ns = perf_counter_ns() - start
    return Timing(ns, process_time_ns() - cpu, result)


def time_block(block: Block, scope: Scope, iterations: int) -> Timing:
    """Times a block of source run in the cells' scope; its result is the last expression's value."""
    result = None
    cpu = process_time_ns()
    start = perf_counter_ns()
    for _ in repeat(None, iterations):
        result = block.run(scope)
    ns = perf_counter_ns() - start
    return Timing(ns, process_time_ns() - cpu, result)

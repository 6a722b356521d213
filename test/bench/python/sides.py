"""Runs the sides of the benchmark in one Python: reads `{"side", "calls"}` a line, answers `{"seconds", "cpuSeconds"}`."""

import json
import sys
from functools import partial
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from itertools import repeat
from time import perf_counter_ns, process_time_ns

given = json.loads(sys.argv[1])
sys.path.insert(0, given["runner"])

from tandem_runner.rust import RustCells

cells = RustCells()
sys.meta_path.insert(0, cells)
cells.add({"folders": given["folders"], "cells": given["cells"]})
import tandem_rust


def hand_written(path):
    loader = ExtensionFileLoader("pyo3_peer", path)
    module = module_from_spec(spec_from_loader("pyo3_peer", loader))
    loader.exec_module(module)
    return module


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def empty():
    pass


numbers = [float(one) for one in range(1000)]
n = given["n"]
sides = {
    "python fib": partial(fib, n),
    "tandem fib": partial(tandem_rust.fib, n),
    "python empty": empty,
    "tandem empty": tandem_rust.empty,
    "python fib(1)": partial(fib, 1),
    "tandem fib(1)": partial(tandem_rust.fib, 1),
    "tandem doubled": partial(tandem_rust.doubled, numbers),
}
if given["peer"]:
    peer = hand_written(given["peer"])
    sides |= {
        "pyo3 fib": partial(peer.fib, n),
        "pyo3 empty": peer.empty,
        "pyo3 empty, released": peer.empty_released,
        "pyo3 fib(1)": partial(peer.fib, 1),
        "pyo3 fib(1), released": partial(peer.fib_released, 1),
        "pyo3 doubled": partial(peer.doubled, numbers),
    }
    assert peer.fib(20) == tandem_rust.fib(20) == fib(20) == 6765
    assert peer.doubled(numbers) == list(tandem_rust.doubled(numbers))

print(json.dumps({"version": sys.version.split()[0]}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    function = sides[asked["side"]]
    cpu, start = process_time_ns(), perf_counter_ns()
    for _ in repeat(None, asked["calls"]):
        function()
    ns, cpu = perf_counter_ns() - start, process_time_ns() - cpu
    print(json.dumps({"seconds": ns / 1e9, "cpuSeconds": cpu / 1e9}), flush=True)

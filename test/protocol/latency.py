"""Measures, over ZeroMQ: spawn → kernel_info reply, and `1+1` → its reply and idle. Prints medians and quartiles in ms.

    .cache/python/bin/python test/protocol/latency.py [rounds]

Each figure is what a Jupyter client waits. 60 ms pass between cells, as between a user's.
"""

import statistics
import sys
import time

from jupyter_client.manager import KernelManager
from kernels import KERNEL, TIMEOUT, collect, kernel, reply_of


def start_once():
    """Seconds from before the spawn (connection file included) to the first kernel_info reply."""
    manager = KernelManager(kernel_name=KERNEL)
    began = time.perf_counter()
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels(hb=False)
    client.kernel_info()
    client.get_shell_msg(timeout=TIMEOUT)
    took = time.perf_counter() - began
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    return took


def cell(client, code):
    """Seconds from sending a cell to having both its reply and its idle status."""
    began = time.perf_counter()
    msg_id = client.execute(code)
    collect(client, msg_id)
    reply_of(client, msg_id)
    return time.perf_counter() - began


def show(name, seconds):
    low, middle, high = (1000 * q for q in statistics.quantiles(seconds, n=4))
    print(f"{name}: median {middle:.1f} ms (quartiles {low:.1f} to {high:.1f}, n = {len(seconds)})")


rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 31
show("spawn → kernel_info", [start_once() for _ in range(rounds)])
with kernel() as (_, client):
    for _ in range(5):
        cell(client, "1+1")
    times = []
    for _ in range(rounds):
        time.sleep(0.06)
        times.append(cell(client, "1+1"))
    show("1+1", times)
    typed = []
    for i in range(rounds):
        time.sleep(0.06)
        typed.append(cell(client, f"const n{i}: number[] = [1, 2, 3]; n{i}.map((n: number) => n * {i})"))
    show("a typed cell", typed)
first = []
for _ in range(min(rounds, 15)):
    with kernel() as (_, client):
        first.append(cell(client, "1+1"))
show("the first cell after wait_for_ready", first)

RUST = """%%rust
pub fn fib(n: u32) -> u64 {{ if n < 2 {{ n as u64 + {0} }} else {{ fib(n - 1) + fib(n - 2) }} }}
pub fn scale(xs: &[f64], by: f64) -> Vec<f64> {{ xs.iter().map(|x| x * by).collect() }}
"""
with kernel() as (_, client):
    cell(client, RUST.format(1000))
    edits, again = [], []
    for i in range(min(rounds, 15)):
        time.sleep(0.06)
        # A text that no earlier run of this program has left compiled.
        source = RUST.format(time.time_ns())
        edits.append(cell(client, source) + cell(client, "fib(1)"))
        again.append(cell(client, source))
    show("a small Rust cell, edit → first call answered", edits)
    show("the same cell again, unchanged", again)

"""Starting kernels as any Jupyter client does, and talking to them."""

import os
import tempfile
import time
import unittest
from contextlib import ExitStack, contextmanager
from pathlib import Path

from jupyter_client.manager import KernelManager

KERNEL = "tandem"
# A loaded machine may be slow; what hangs is to fail all the same.
TIMEOUT = 60


@contextmanager
def kernel(folder=None, env=None, **options):
    """A started kernel: its manager and a client whose channels are open."""
    manager = KernelManager(kernel_name=KERNEL, **options)
    manager.start_kernel(cwd=str(folder) if folder else None, **({"env": env} if env else {}))
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT)
        yield manager, client
    finally:
        client.stop_channels()
        if manager.is_alive():
            manager.shutdown_kernel(now=True)


def collect(client, msg_id):
    """The iopub messages of a request, up to its idle status."""
    messages = []
    while True:
        message = client.get_iopub_msg(timeout=TIMEOUT)
        if message["parent_header"].get("msg_id") != msg_id:
            continue
        messages.append(message)
        if message["content"].get("execution_state") == "idle":
            return messages


def reply_of(client, msg_id):
    """The shell reply to a request."""
    while True:
        message = client.get_shell_msg(timeout=TIMEOUT)
        if message["parent_header"].get("msg_id") == msg_id:
            return message["content"]


def run(client, code, **options):
    """Executes code; its reply's content and its iopub messages."""
    msg_id = client.execute(code, **options)
    messages = collect(client, msg_id)
    return reply_of(client, msg_id), messages


def text_of(messages, name="stdout"):
    """What a cell wrote to a stream."""
    return "".join(
        m["content"]["text"] for m in messages if m["msg_type"] == "stream" and m["content"]["name"] == name
    )


def result_of(messages):
    """The plain text of a cell's result, None without one."""
    results = [m["content"]["data"]["text/plain"] for m in messages if m["msg_type"] == "execute_result"]
    return results[0] if results else None


class KernelTests(unittest.TestCase):
    """Tests that share a kernel, which runs in a folder of its own."""

    @classmethod
    def setUpClass(cls):
        contexts = ExitStack()
        cls.addClassCleanup(contexts.close)
        folder = contexts.enter_context(tempfile.TemporaryDirectory())
        cls.folder = Path(folder).resolve()
        cls.manager, cls.client = contexts.enter_context(kernel(folder))

    def run_ok(self, code):
        """The iopub messages of a cell that must not fail."""
        reply, messages = run(self.client, code)
        self.assertEqual(reply["status"], "ok", reply)
        return messages


def wait_for_text(client, msg_id, text):
    """Waits until a running cell has printed `text`."""
    seen = ""
    while text not in seen:
        message = client.get_iopub_msg(timeout=TIMEOUT)
        if message["parent_header"].get("msg_id") == msg_id and message["msg_type"] == "stream":
            seen += message["content"]["text"]


def descendants(pid):
    """The process ids below `pid` (Linux)."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                # The name in parentheses may hold anything; the parent's id is the second field behind it.
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = []
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def is_running(pid):
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def still_running(pids, seconds=15):
    """Those of `pids` that run on after a while."""
    end = time.monotonic() + seconds
    left = list(pids)
    while left and time.monotonic() < end:
        time.sleep(0.05)
        left = [pid for pid in left if is_running(pid)]
    return left


HAS_PROC = os.path.isdir("/proc/self")

"""Interrupts, restarts, deaths: how kernels begin and end."""

import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from kernels import (
    HAS_PROC,
    TIMEOUT,
    descendants,
    kernel,
    reply_of,
    result_of,
    run,
    still_running,
    wait_for_text,
)

HERE = Path(__file__).parent


class InterruptTests(unittest.TestCase):
    def interrupt(self, manager, client, code):
        msg_id = client.execute(code)
        wait_for_text(client, msg_id, "running")
        manager.interrupt_kernel()
        reply = reply_of(client, msg_id)
        self.assertEqual(reply["status"], "error")

    def test_an_endless_loop_stops_and_the_state_stays(self):
        with kernel() as (manager, client):
            run(client, "let kept = 7")
            self.interrupt(manager, client, "console.log('running'); while (true) {}")
            _, messages = run(client, "kept")
            self.assertEqual(result_of(messages), "7")

    def test_an_await_that_never_ends_stops(self):
        with kernel() as (manager, client):
            run(client, "let kept = 7")
            self.interrupt(manager, client, "console.log('running'); await new Promise(() => {})")
            _, messages = run(client, "kept")
            self.assertEqual(result_of(messages), "7")

    def test_a_loop_in_a_timer_stops(self):
        loop = "console.log('running'); while (true) {}"
        code = f"await new Promise(() => setTimeout(() => {{ {loop} }}, 10))"
        with kernel() as (manager, client):
            self.interrupt(manager, client, code)
            _, messages = run(client, "1 + 1")
            self.assertEqual(result_of(messages), "2")

    def test_a_loop_that_prints_without_end_stops(self):
        with kernel() as (manager, client):
            self.interrupt(manager, client, "while (true) console.log('running')")
            _, messages = run(client, "1 + 1")
            self.assertEqual(result_of(messages), "2")


class DeathTests(unittest.TestCase):
    def check_recovers(self, code, *words):
        with kernel() as (_, client):
            reply, _ = run(client, code)
            self.assertEqual(reply["status"], "error")
            said = " ".join([reply["evalue"], *reply["traceback"]])
            for word in words:
                self.assertIn(word, said)
            _, messages = run(client, "1 + 1")
            self.assertEqual(result_of(messages), "2")

    def test_process_exit(self):
        self.check_recovers("process.exit(3)", "3")

    @unittest.skipIf(sys.platform == "win32", "signals")
    def test_a_native_crash_is_named(self):
        self.check_recovers("process.kill(process.pid, 'SIGSEGV'); while (true) {}", "SIGSEGV")


class RestartTests(unittest.TestCase):
    def test_a_restart_forgets_and_goes_on(self):
        with kernel() as (manager, client):
            run(client, "let gone = 1")
            manager.restart_kernel()
            client.wait_for_ready(timeout=TIMEOUT)
            reply, messages = run(client, "typeof gone")
            self.assertEqual(result_of(messages), "'undefined'")
            self.assertEqual(reply["execution_count"], 1)


class TransportTests(unittest.TestCase):
    @unittest.skipIf(sys.platform == "win32", "Unix sockets")
    def test_unix_sockets(self):
        with tempfile.TemporaryDirectory() as folder:
            with kernel(transport="ipc", ip=f"{folder}/kernel") as (_, client):
                _, messages = run(client, "6 * 7")
                self.assertEqual(result_of(messages), "42")

    def test_without_signatures(self):
        with kernel() as (_, client):
            pass
        from jupyter_client.session import Session

        with kernel(session=Session(key=b"")) as (_, client):
            _, messages = run(client, "6 * 7")
            self.assertEqual(result_of(messages), "42")


@unittest.skipUnless(HAS_PROC, "reads /proc")
class LeavesNothingTests(unittest.TestCase):
    def test_after_a_shutdown_no_process_is_left(self):
        with kernel() as (manager, client):
            # A child of the user's code ends with the engine.
            run(client, "import { spawn } from 'node:child_process'; void spawn('sleep', ['300'])")
            pid = manager.provisioner.pid
            pids = [pid, *descendants(pid)]
            self.assertGreaterEqual(len(pids), 3)
            manager.shutdown_kernel()
            self.assertEqual(still_running(pids), [])

    def test_in_the_middle_of_a_loop_too(self):
        with kernel() as (manager, client):
            msg_id = client.execute("console.log('running'); while (true) {}")
            wait_for_text(client, msg_id, "running")
            pid = manager.provisioner.pid
            pids = [pid, *descendants(pid)]
            manager.shutdown_kernel()
            self.assertEqual(still_running(pids), [])

    def test_a_killed_kernel_leaves_no_engine(self):
        with kernel() as (manager, client):
            run(client, "1")
            pid = manager.provisioner.pid
            pids = descendants(pid)
            self.assertGreaterEqual(len(pids), 1)
            os.kill(pid, signal.SIGKILL)
            self.assertEqual(still_running(pids), [])

    def test_a_killed_client_takes_its_kernel_with_it(self):
        script = "import kernels, sys\nwith kernels.kernel() as (m, c):\n print(m.provisioner.pid, flush=True)\n sys.stdin.read()"
        client = subprocess.Popen(
            [sys.executable, "-c", script], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        pid = int(client.stdout.readline())
        pids = [pid, *descendants(pid)]
        client.kill()
        client.communicate()
        self.assertEqual(still_running(pids), [])


if __name__ == "__main__":
    unittest.main()

"""Much output, from every source, seen by a Jupyter client: complete, in order, before idle, in its own cell."""

import re
import shutil
import tempfile
import time
import unittest
from pathlib import Path

import nbformat
from kernels import KERNEL, TIMEOUT, KernelTests, collect, descendants, kernel, reply_of, run, text_of
from nbclient import NotebookClient

N = 20_000
LINES = "".join(f"line {i}\n" for i in range(N))
SHELL = f"i=0; while [ $i -lt {N} ]; do echo line $i; i=$((i+1)); done"


def notes(messages):
    """The latest text of each note about output that is not shown."""
    found = {}
    for m in messages:
        if m["msg_type"] in ("display_data", "update_display_data") and m["content"]["transient"]:
            found[m["content"]["transient"]["display_id"]] = m["content"]["data"]["text/plain"]
    return list(found.values())


class OutputTests(KernelTests):
    def assert_lines(self, code, name="stdout"):
        self.assertTrue(text_of(self.run_ok(code), name) == LINES, f"not all lines of {code}")

    def test_20000_lines_of_javascript(self):
        self.assert_lines(f"for (let i = 0; i < {N}; i++) console.log('line ' + i)")
        self.assert_lines(f"for (let i = 0; i < {N}; i++) console.error('line ' + i)", "stderr")

    def test_20000_lines_of_child_processes(self):
        self.run_ok("import { execSync, spawn } from 'node:child_process'")
        self.assert_lines(f"execSync({SHELL!r}, {{ stdio: 'inherit' }}); 0")
        self.assert_lines(f"execSync({SHELL.replace('$i;', '$i >&2;')!r}, {{ stdio: 'inherit' }}); 0", "stderr")
        ended = "await new Promise((done) => child.on('close', done))"
        self.assert_lines(f"let child = spawn('sh', ['-c', {SHELL!r}], {{ stdio: 'inherit' }}); {ended}")
        self.assert_lines(f"child = spawn('sh', ['-c', {SHELL!r}]); child.stdout.pipe(process.stdout); {ended}")

    @unittest.skipUnless(shutil.which("rustc"), "needs Rust")
    def test_20000_lines_of_native_code(self):
        self.run_ok(
            """%%rust
            pub fn out(n: u32) { for i in 0..n { println!("line {i}"); } }
            pub fn err(n: u32) { for i in 0..n { eprintln!("line {i}"); } }
            pub fn thread(n: u32) { std::thread::spawn(move || out(n)).join().unwrap(); }"""
        )
        self.assert_lines(f"out({N})")
        self.assert_lines(f"err({N})", "stderr")
        self.assert_lines(f"thread({N})")
        self.assert_lines(f"await out.async({N})")
        self.assertEqual(text_of(self.run_ok("console.log('a'); out(1); console.log('b')")), "a\nline 0\nb\n")

    def test_20000_lines_of_python(self):
        self.assert_lines(f"%%python\nfor i in range({N}): print('line', i)")
        self.run_ok("%%python\ndef many(n):\n    for i in range(n): print('line', i)")
        self.assert_lines(f"await py.many({N})")

    def test_20000_lines_of_workers(self):
        messages = self.run_ok("%%parallel -n 2 --force w of [0, 1, 2, 3]\nfor (let i = 0; i < 5000; i++) console.log(w, i)\nw")
        lines = re.findall(r"\[worker \d\] (\d) (\d+)\n", text_of(messages))
        for worker in "0123":
            self.assertEqual([int(i) for w, i in lines if w == worker], list(range(5000)))

    def test_stdout_and_stderr_keep_their_order(self):
        messages = self.run_ok("for (let i = 0; i < 500; i++) { console.log(i); console.error('e' + i) }")
        streams = [(m["content"]["name"], m["content"]["text"]) for m in messages if m["msg_type"] == "stream"]
        self.assertEqual(streams, [one for i in range(500) for one in (("stdout", f"{i}\n"), ("stderr", f"e{i}\n"))])

    def test_any_bytes_arrive_and_characters_stay_whole(self):
        messages = self.run_ok(
            """import { writeSync } from 'node:fs'
            for (const byte of Buffer.from('é😀')) writeSync(1, Buffer.from([byte]))
            for (let i = 0; i <= 100; i++) process.stdout.write(`\\r${i} %`)
            console.log('\\x1b[31mred\\x1b[0m\\0')
            process.stdout.write(Buffer.from([0xff, 0xfe, 65]))"""
        )
        progress = "".join(f"\r{i} %" for i in range(101))
        self.assertEqual(text_of(messages), f"é😀{progress}\x1b[31mred\x1b[0m\0\n\ufffd\ufffdA")

    def test_a_line_of_50_megabytes_is_shown_in_part_and_saved_whole(self):
        messages = self.run_ok("console.log('é'.repeat(25e6))")
        [note] = notes(messages)
        self.assertRegex(note, r"Not shown here, past the limit of a cell's output: 1 lines \((19\.9|20\.\d) MB\)")
        path = Path(re.search(r"whole output is in (\S+\.txt)\.", note)[1])
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertTrue(path.read_text() == "é" * 25_000_000 + "\n")
        path.unlink()

    def test_without_a_limit_50_megabytes_arrive(self):
        self.run_ok("%config output_limit = off")
        messages = self.run_ok("process.stdout.write('é'.repeat(25e6))")
        self.run_ok("%config output_limit = 5 MB")
        self.assertTrue(text_of(messages) == "é" * 25_000_000)

    def test_a_client_that_reads_slowly_gets_all(self):
        msg_id = self.client.execute("for (let i = 0; i < 100_000; i++) console.log('line', i)")
        messages = []
        for _ in range(20):
            time.sleep(0.05)
            messages.append(self.client.get_iopub_msg(timeout=TIMEOUT))
        messages = [m for m in messages if m["parent_header"].get("msg_id") == msg_id] + collect(self.client, msg_id)
        self.assertTrue(text_of(messages) == "".join(f"line {i}\n" for i in range(100_000)))

    def test_floods_are_interrupted_and_leave_a_kernel_that_works(self):
        floods = [
            "console.log(i++)",
            "console.error(i++)",
            "process.stdout.write('no end')",
            "display(i++)",
            "display(i++, { id: 'same' })",
            "{ Promise.reject(new Error('nobody')); await new Promise((go) => setTimeout(go)) }",
        ]
        self.run_ok("let i = 0")
        for flood in floods:
            msg_id = self.client.execute(f"for (;;) {flood}")
            for _ in range(6):
                self.client.get_iopub_msg(timeout=TIMEOUT)
            self.manager.interrupt_kernel()
            collect(self.client, msg_id)
            self.assertEqual(reply_of(self.client, msg_id)["ename"], "Interrupted")
            self.assertEqual(text_of(self.run_ok("console.log('lives')")), "lives\n")

    def test_an_endless_flood_is_counted_past_the_limit_and_needs_little_memory(self):
        self.run_ok("%config output_limit = 100 KB")
        msg_id = self.client.execute("for (;;) console.log('a line of an endless flood')")
        messages = []
        while not notes(messages):
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            messages += [message] if message["parent_header"].get("msg_id") == msg_id else []
        time.sleep(1)
        self.manager.interrupt_kernel()
        messages += collect(self.client, msg_id)
        reply_of(self.client, msg_id)
        self.run_ok("%config output_limit = 5 MB")
        self.assertLess(len(text_of(messages)), 100_001)
        [note] = notes(messages)
        path = Path(re.search(r"(\S+\.txt)\.", note)[1])
        left = int(re.search(r"([\d,]+) lines", note)[1].replace(",", ""))
        self.assertEqual(path.read_text().count("\n"), left + text_of(messages).count("\n"))
        path.unlink()
        if Path("/proc/self").is_dir():
            for pid in [self.manager.provisioner.process.pid, *descendants(self.manager.provisioner.process.pid)]:
                status = Path(f"/proc/{pid}/status").read_text()
                self.assertLess(int(re.search(r"VmRSS:\s+(\d+)", status)[1]), 600_000, status)

    def test_a_timer_that_goes_on_after_its_cell_prints_there(self):
        first = self.client.execute("let ticks = 0; const timer = setInterval(() => console.log('tick', ticks++), 1)")
        messages = collect(self.client, first)
        reply_of(self.client, first)
        second = self.client.execute("await new Promise((go) => setTimeout(go, 200)); clearInterval(timer); console.log('mine')")
        # What waits for more of it goes out a moment later, so perhaps behind the second cell.
        ended = False
        while not (ended and "tick 1\n" in text_of(messages)):
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            ended |= message["parent_header"].get("msg_id") == second and message["content"].get("execution_state") == "idle"
            messages.append(message)
        reply_of(self.client, second)
        texts = [text_of([m for m in messages if m["parent_header"].get("msg_id") == msg_id]) for msg_id in (first, second)]
        self.assertEqual(texts[1], "mine\n")
        ticks = re.findall(r"tick (\d+)\n", texts[0])
        self.assertEqual([int(tick) for tick in ticks], list(range(len(ticks))))
        self.assertGreater(len(ticks), 1)


class ManyCellsTests(unittest.TestCase):
    def test_5000_cells_queued_at_once_lose_no_idle_and_no_reply(self):
        with tempfile.TemporaryDirectory() as folder, kernel(folder) as (_, client):
            run(client, "%config check = off")
            ids, statuses, replies = [], [], []

            def read(most_open):
                """Takes what has come, until no more than so many requests are open."""
                while len(ids) - len(replies) > most_open:
                    message = client.get_shell_msg(timeout=TIMEOUT)
                    if message["parent_header"]["msg_id"] in ids[len(replies) :]:
                        replies.append(message)
                    while client.iopub_channel.msg_ready():
                        take(client.get_iopub_msg(timeout=TIMEOUT))

            def take(message):
                if message["msg_type"] == "status" and message["parent_header"]["msg_id"] in known:
                    statuses.append((message["parent_header"]["msg_id"], message["content"]["execution_state"]))

            known = set()
            for i in range(5000):
                ids.append(client.execute(f"{i}"))
                known.add(ids[-1])
                # A client's own queue holds 1,000 messages; what is more ZeroMQ would drop there.
                read(most_open=200)
            read(most_open=0)
            while not statuses or statuses[-1] != (ids[-1], "idle"):
                take(client.get_iopub_msg(timeout=TIMEOUT))
            self.assertEqual(statuses, [(msg_id, state) for msg_id in ids for state in ("busy", "idle")])
            self.assertEqual([reply["parent_header"]["msg_id"] for reply in replies], ids)
            self.assertEqual([reply["content"]["execution_count"] for reply in replies], list(range(2, 5002)))


class NotebookTests(unittest.TestCase):
    def test_nbclient_gets_20000_lines_and_thousands_of_displays(self):
        notebook = nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_code_cell(f"for (let i = 0; i < {N}; i++) console.log('line ' + i)"),
                nbformat.v4.new_code_cell("for (let i = 0; i < 1000; i++) display(i)"),
                nbformat.v4.new_code_cell("display(0, { id: 'd' }); for (let i = 0; i < 2000; i++) display(i, { id: 'd' })"),
            ]
        )
        with tempfile.TemporaryDirectory() as folder:
            NotebookClient(notebook, kernel_name=KERNEL, resources={"metadata": {"path": folder}}).execute()
        first, second, third = (cell.outputs for cell in notebook.cells)
        self.assertTrue("".join(o.text for o in first) == LINES)
        self.assertEqual([o.data["text/plain"] for o in second], [str(i) for i in range(1000)])
        self.assertEqual([o.data["text/plain"] for o in third], ["1999"])


if __name__ == "__main__":
    unittest.main()

"""Every magic, as a Jupyter client's requests reach it."""

import os
import re
import time
import unittest
from pathlib import Path

from kernels import (
    HAS_PROC,
    TIMEOUT,
    KernelTests,
    collect,
    descendants,
    is_running,
    kernel,
    reply_of,
    result_of,
    run,
    still_running,
    text_of,
    wait_for_text,
)


def magics(client, percent):
    """The names that completion gives behind one or two percent signs on an empty first line."""
    client.complete(percent, len(percent))
    content = client.get_shell_msg(timeout=TIMEOUT)["content"]
    signs = len(percent)
    return {m[signs:] for m in content["matches"] if len(m) - len(m.lstrip("%")) == signs}


class MagicTests(KernelTests):
    def fails(self, code, name):
        reply, messages = run(self.client, code)
        self.assertEqual((reply["status"], reply.get("ename")), ("error", name), reply)
        return reply, messages

    def shown(self, code, mime):
        (message,) = [m for m in self.run_ok(code) if m["msg_type"] == "display_data"]
        return message["content"]["data"][mime]

    def test_torust_asks_the_front_end_for_a_cell(self):
        self.run_ok("function twice(x: number): number { return 2 * x }")
        reply, _ = run(self.client, "%torust twice", allow_stdin=True)
        [payload] = reply["payload"]
        self.assertEqual((payload["source"], payload["replace"]), ("set_next_input", False))
        self.assertTrue(payload["text"].startswith("%%rust\npub fn twice(x: f64) -> f64 {"), payload)
        # Nobody sits there who could have it inserted.
        reply, messages = run(self.client, "%torust twice", allow_stdin=False)
        self.assertEqual(reply["payload"], [])
        self.assertIn("pub fn twice(x: f64) -> f64 {", text_of(messages))

    def test_each_is_completed_and_tells_its_help(self):
        lines, cells = magics(self.client, "%"), magics(self.client, "%%")
        design = "cargo cd config env history lsmagic npm pip recover reset run save sh time timeit who"
        self.assertLessEqual(set(design.split()), lines)
        design = "bench html javascript markdown parallel python rust sh svg time writefile"
        self.assertLessEqual(set(design.split()), cells)
        for form in [f"%{name}" for name in lines] + [f"%%{name}" for name in cells]:
            help_text = text_of(self.run_ok(f"{form} --help"))
            self.assertTrue(help_text.startswith(form), help_text)
            self.assertIn("--help", help_text)
            self.assertEqual(text_of(self.run_ok(f"{form}?")), help_text)

    def test_inspection_shows_the_help(self):
        self.client.inspect("%timeit f()", 3)
        content = self.client.get_shell_msg(timeout=TIMEOUT)["content"]
        self.assertTrue(content["found"])
        self.assertIn("--rounds", content["data"]["text/plain"])

    def test_wrong_names_and_options_are_answered_with_the_nearest(self):
        for code, name, nearest in [
            ("%tiem f()", "UnknownLineMagic", "%time"),
            ("%%pyhton\n1", "UnknownMagic", "%%python"),
            ("%timeit --round 3 1", "UnknownOption", "--rounds"),
            ("%%writefile --apend a\n1", "UnknownOption", "--append"),
        ]:
            reply, _ = self.fails(code, name)
            self.assertIn(nearest + ".", reply["evalue"])

    def test_lsmagic_and_config(self):
        listed = text_of(self.run_ok("%lsmagic"))
        for form in ["%timeit [options] statement", "%%writefile [options] file", "!command"]:
            self.assertIn(form, listed)
        self.assertIn("check = warn", text_of(self.run_ok("%config")))
        self.fails("%config check = loud", "BadSetting")

    def test_a_remainder_stays_typescript(self):
        self.assertEqual(result_of(self.run_ok("var time = 4; const a = 11\na\n%time\n")), "3")
        self.assertEqual(result_of(self.run_ok("const text = `\n%who\n!ls -l -a\n`; text.length")), "16")

    def test_commands_as_cell_line_and_mark(self):
        messages = self.run_ok("%%sh\necho out\necho err >&2\npwd")
        self.assertEqual(text_of(messages), f"out\n{self.folder}\n")
        self.assertEqual(text_of(messages, "stderr"), "err\n")
        self.assertEqual(text_of(self.run_ok("console.log(1)\n%sh echo 2\n!printf '%s\\n' 3 | cat\nconsole.log(4)")), "1\n2\n3\n4\n")
        self.assertEqual(result_of(self.run_ok("%sh --out said echo hello\nsaid + '!'")), "'hello!'")

    def test_commands_that_fail_are_errors(self):
        self.assertIn("exit code 7", self.fails("%sh exit 7", "CommandFailed")[0]["evalue"])
        _, messages = self.fails("!no-such-program --flag", "CommandNotFound")
        self.assertIn("not found", text_of(messages, "stderr"))
        self.assertIn("SIGKILL", self.fails("%sh kill -9 $$", "CommandKilled")[0]["evalue"])
        self.fails("%sh --shell no-such-shell ls", "ShellMissing")
        self.assertEqual(result_of(self.run_ok("1 + 1")), "2")

    def test_an_endless_command_is_interrupted_and_the_state_stays(self):
        self.run_ok("const kept = 'kept'")
        msg_id = self.client.execute("%%sh\necho started $$\nsleep 1000 | cat")
        wait_for_text(self.client, msg_id, "started")
        start = time.monotonic()
        self.manager.interrupt_kernel()
        self.assertEqual(reply_of(self.client, msg_id)["ename"], "Interrupted")
        # Far from the command's own end; how fast it is the benchmark shows.
        self.assertLess(time.monotonic() - start, 10)
        self.assertEqual(result_of(self.run_ok("kept")), "'kept'")

    def test_20000_lines_of_a_command_arrive_in_order_before_idle(self):
        messages = self.run_ok("%sh i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done")
        self.assertEqual(text_of(messages), "".join(f"{i}\n" for i in range(20000)))

    def test_npm_pip_and_cargo(self):
        (self.folder / "package.json").write_text("{}")
        self.run_ok("%%sh\nmkdir -p local\necho '{\"name\":\"local\",\"version\":\"1.0.0\"}' > local/package.json\necho 'module.exports = 5' > local/index.js")
        self.run_ok("%npm install --no-audit --no-fund ./local")
        self.assertEqual(result_of(self.run_ok('import five from "local"; five')), "5")
        self.assertRegex(text_of(self.run_ok("%pip --version")), r"^pip \d")
        reply, messages = run(self.client, "%cargo --version")
        self.assertTrue(reply["status"] == "ok" or reply["ename"] == "RustMissing", reply)

    def test_cd_and_env(self):
        (self.folder / "deeper").mkdir()
        self.assertEqual(text_of(self.run_ok("%cd deeper")), f"{self.folder}/deeper\n")
        self.assertEqual(text_of(self.run_ok("%sh pwd")), f"{self.folder}/deeper\n")
        self.run_ok("%cd -")
        self.run_ok("%env SHADE=dark blue")
        self.assertEqual(result_of(self.run_ok("process.env.SHADE")), "'dark blue'")
        self.assertEqual(text_of(self.run_ok("!echo \"$SHADE\" | cat")), "dark blue\n")
        self.fails("%cd nowhere", "CannotEnter")
        self.fails("%env NOT_SET_ANYWHERE", "EnvMissing")

    def test_run(self):
        (self.folder / "part.ts").write_text("const fromFile: number = 6\n")
        self.assertEqual(result_of(self.run_ok("%run part.ts\nfromFile * 7")), "42")
        self.fails("%run missing.ts", "NoSuchFile")

    def test_cells_that_are_shown(self):
        self.assertEqual(self.shown("%%html\n<b>x</b>", "text/html"), "<b>x</b>")
        self.assertEqual(self.shown("%%markdown\n**x**", "text/markdown"), "**x**")
        self.assertEqual(self.shown("%%svg\n<svg/>", "image/svg+xml"), "<svg/>")

    def test_javascript_and_writefile(self):
        self.assertEqual(result_of(self.run_ok("%%javascript\nvar o = {}; o.x = 3; o.x")), "3")
        self.run_ok("%%writefile note.txt\none")
        self.run_ok("%%writefile -a note.txt\ntwo")
        self.assertEqual((self.folder / "note.txt").read_text(), "one\ntwo\n")
        self.fails("%%writefile no/folder/x\none", "CannotWrite")

    def test_time_and_timeit(self):
        messages = self.run_ok("%%time\n'value'")
        self.assertEqual(result_of(messages), "'value'")
        self.assertRegex(text_of(messages), r"^Time: [\d.]+ \S+ +Processor: ")
        self.assertRegex(text_of(self.run_ok("%time 1 + 1")), r"^Time: ")
        measured = text_of(self.run_ok("%timeit --out t -r 7 Math.sqrt(2)"))
        self.assertRegex(measured, r" per call \(median of 7 rounds of .* calls; 95 % interval .*\)")
        self.assertEqual(result_of(self.run_ok("t.samples.length")), "7")

    def test_who(self):
        self.run_ok("const bytes = new Uint8Array(2000)")
        self.assertRegex(text_of(self.run_ok("%who Uint8Array")), r"(?m)^bytes +Uint8Array +2 kB")

    def test_history_and_save(self):
        self.run_ok("const remembered = 'in the history'")
        found = text_of(self.run_ok("%history -g \"remembered = 'in\""))
        self.assertRegex(found, r"// \d+/\d+\nconst remembered = 'in the history'\n")
        number = re.findall(r"// \d+/(\d+)\nconst remembered", found)[-1]
        self.run_ok(f"%save -f kept.ts {number}")
        self.assertEqual((self.folder / "kept.ts").read_text(), "const remembered = 'in the history'\n")
        reply, _ = run(self.client, "%save kept.ts", allow_stdin=False)
        self.assertEqual(reply["ename"], "FileThere")


class FreshTests(unittest.TestCase):
    def test_reset_asks_and_forgets(self):
        with kernel() as (_, client):
            run(client, "var kept = 1")
            reply, _ = run(client, "%reset", allow_stdin=False)
            self.assertEqual((reply["status"], reply.get("ename")), ("error", "ResetUnasked"))
            msg_id = client.execute("%reset", allow_stdin=True)
            self.assertIn("Forget", client.get_stdin_msg(timeout=TIMEOUT)["content"]["prompt"])
            client.input("y")
            self.assertEqual(reply_of(client, msg_id)["status"], "ok")
            collect(client, msg_id)
            _, messages = run(client, "typeof kept")
            self.assertEqual(result_of(messages), "'undefined'")

    @unittest.skipUnless(HAS_PROC, "processes are listed by /proc")
    def test_no_command_outlives_the_kernel(self):
        for kill in (False, True):
            with self.subTest(kill=kill), kernel() as (manager, client):
                reply, messages = run(client, "%%sh\nsleep 1000 &\necho $!")
                self.assertEqual(reply["status"], "ok", reply)
                child = int(text_of(messages))
                self.assertTrue(is_running(child))
                all_of_it = [child, *descendants(manager.provisioner.pid)]
                if kill:
                    os.kill(manager.provisioner.pid, 9)
                else:
                    manager.shutdown_kernel()
                left = [Path(f"/proc/{pid}/cmdline").read_text() for pid in still_running(all_of_it)]
                self.assertEqual(left, [])


if __name__ == "__main__":
    unittest.main()

"""What cells print, return and throw, seen by a Jupyter client."""

import unittest

from kernels import KernelTests, collect, reply_of, result_of, run, text_of, wait_for_text


class CellTests(KernelTests):
    def test_statuses_frame_each_cell(self):
        messages = self.run_ok("1")
        states = [m["content"].get("execution_state") for m in messages]
        self.assertEqual((states[0], states[-1]), ("busy", "idle"))
        self.assertEqual(messages[1]["msg_type"], "execute_input")

    def test_a_megabyte_arrives_whole(self):
        messages = self.run_ok("console.log('é😀'.repeat(200_000))")
        self.assertEqual(text_of(messages), "é😀" * 200_000 + "\n")

    def test_thousands_of_displays_arrive_in_order(self):
        messages = self.run_ok("for (let i = 0; i < 3000; i++) display({ 'text/html': `${i}` }, { raw: true })")
        shown = [m["content"]["data"]["text/html"] for m in messages if m["msg_type"] == "display_data"]
        self.assertEqual(shown, [str(i) for i in range(3000)])

    def test_streams_and_displays_keep_their_order(self):
        messages = self.run_ok("console.log('a'); console.error('b'); display({ 'text/html': 'c' }, { raw: true }); console.log('d'); 'e'")
        self.assertEqual(
            [m["msg_type"] for m in messages[2:-1]],
            ["stream", "stream", "display_data", "stream", "execute_result"],
        )
        self.assertEqual(text_of(messages, "stderr"), "b\n")

    def test_output_of_child_processes_comes_before_idle_and_in_order(self):
        code = """
            import { execSync } from "node:child_process"
            console.log("before")
            execSync("echo child", { stdio: "inherit" })
            console.log("after")
        """
        self.assertEqual(text_of(self.run_ok(code)), "before\nchild\nafter\n")

    def test_state_lasts_and_names_can_be_declared_again(self):
        self.run_ok("const x: number = 20; let y = 1")
        self.run_ok("const x = 41")
        self.assertEqual(result_of(self.run_ok("x + y")), "42")

    def test_imports_come_from_the_notebooks_folder(self):
        (self.folder / "local.ts").write_text("export const answer: number = 42\n")
        messages = self.run_ok("import { answer } from './local.ts'; console.log(answer, process.cwd())")
        self.assertEqual(text_of(messages), f"42 {self.folder}\n")

    def test_an_error_names_the_cells_own_line(self):
        reply, messages = run(self.client, "const ok = 1\n\nthrow new RangeError('too far')")
        errors = [m["content"] for m in messages if m["msg_type"] == "error"]
        self.assertEqual(len(errors), 1)
        for content in (reply, errors[0]):
            self.assertEqual((content["ename"], content["evalue"]), ("RangeError", "too far"))
            traceback = "\n".join(content["traceback"])
            self.assertIn(f"cell-{reply['execution_count']}.ts:3:7", traceback)
            self.assertNotIn("node:internal", traceback)

    def test_what_waits_behind_a_failing_cell_is_aborted(self):
        ids = [self.client.execute(code) for code in ("await 1", "throw 1", "never = 1")]
        statuses = [reply_of(self.client, msg_id)["status"] for msg_id in ids]
        self.assertEqual(statuses, ["ok", "error", "aborted"])
        self.assertEqual(collect(self.client, ids[2])[-1]["content"]["execution_state"], "idle")

    def test_nothing_is_aborted_where_stop_on_error_is_off(self):
        first = self.client.execute("throw 1", stop_on_error=False)
        second = self.client.execute("2")
        self.assertEqual(reply_of(self.client, first)["status"], "error")
        self.assertEqual(reply_of(self.client, second)["status"], "ok")

    def test_a_silent_cell_says_nothing_and_counts_nothing(self):
        before, _ = run(self.client, "1")
        reply, messages = run(self.client, "console.log('x'); 1", silent=True)
        self.assertEqual([m["msg_type"] for m in messages], ["status", "status"])
        after, _ = run(self.client, "1")
        self.assertEqual(after["execution_count"], before["execution_count"] + 1)

    def test_user_expressions(self):
        reply, _ = run(self.client, "const width = 3", user_expressions={"w": "width * 2", "bad": "nothing.x"})
        self.assertEqual(reply["user_expressions"]["w"]["data"]["text/plain"], "6")
        self.assertEqual(reply["user_expressions"]["bad"]["status"], "error")

    def test_requests_are_answered_while_a_cell_runs(self):
        msg_id = self.client.execute("console.log('in'); await new Promise((done) => setTimeout(done, 3000))")
        wait_for_text(self.client, msg_id, "in")
        asked = self.client.is_complete("if (x) {")
        message = self.client.get_shell_msg(timeout=30)
        self.assertEqual(message["parent_header"]["msg_id"], asked)
        self.manager.interrupt_kernel()
        self.assertEqual(reply_of(self.client, msg_id)["status"], "error")

    def test_unknown_messages_are_passed_over(self):
        session = self.client.session
        for kind in ("fly_request", "constructor", ""):
            session.send(self.client.shell_channel.socket, session.msg(kind, {}))
        self.assertEqual(result_of(self.run_ok("'still here'")), "'still here'")

    def test_a_message_with_a_wrong_signature_is_not_run(self):
        session = self.client.session.clone()
        session.key = b"another key"
        code = "globalThis.forged = true"
        session.send(self.client.shell_channel.socket, session.msg("execute_request", {"code": code}))
        self.assertEqual(result_of(self.run_ok("typeof forged")), "'undefined'")

    def test_bytes_are_displayed_in_base64(self):
        messages = self.run_ok("display({ 'image/png': new Uint8Array([1, 2, 3]) }, { raw: true })")
        self.assertEqual(messages[2]["content"]["data"], {"image/png": "AQID"})

    def test_what_no_message_can_carry_is_the_cells_error(self):
        reply, _ = run(self.client, "display({ 'application/json': 1n }, { raw: true })")
        self.assertEqual(reply["status"], "error")
        self.assertIn("application/json", " ".join(reply["traceback"]))

    def test_text_that_is_no_valid_unicode_arrives(self):
        messages = self.run_ok("console.log('\\ud800|'); '\\udfff|'")
        self.assertIn("|", text_of(messages))
        self.assertIn("|", result_of(messages))


if __name__ == "__main__":
    unittest.main()

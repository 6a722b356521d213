"""History, input, subshells, comms and variables, seen by a Jupyter client."""

import os
import stat
import tempfile
import time
import unittest
from contextlib import ExitStack
from pathlib import Path

from kernels import TIMEOUT, collect, kernel, reply_of, result_of, run, text_of, wait_for_text


def control(client, msg_type, content=None):
    """Sends a request on the control channel; its reply's content."""
    message = client.session.msg(msg_type, content or {})
    client.control_channel.send(message)
    while True:
        reply = client.get_control_msg(timeout=TIMEOUT)
        if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            return reply["content"]


def shell(client, msg_type, content, metadata=None, buffers=None, subshell=None):
    """Sends a message on the shell channel; its id."""
    message = client.session.msg(msg_type, content, metadata=metadata)
    if subshell:
        message["header"]["subshell_id"] = subshell
    message["buffers"] = buffers or []
    client.session.send(client.shell_channel.socket, message, buffers=buffers)
    return message["header"]["msg_id"]


class RequestTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        contexts = ExitStack()
        cls.addClassCleanup(contexts.close)
        cls.manager, cls.client = contexts.enter_context(kernel())

    def test_kernel_info_names_the_protocol_and_what_is_supported(self):
        self.client.kernel_info()
        content = self.client.get_shell_msg(timeout=TIMEOUT)["content"]
        self.assertEqual(content["protocol_version"], "5.5")
        self.assertIn("kernel subshells", content["supported_features"])
        self.assertEqual(control(self.client, "kernel_info_request")["protocol_version"], "5.5")

    def test_a_subshell_runs_beside_a_cell_that_waits(self):
        subshell = control(self.client, "create_subshell_request")["subshell_id"]
        self.assertIn(subshell, control(self.client, "list_subshell_request")["subshell_id"])
        main = self.client.execute("let open; console.log('waits'); await new Promise((done) => { open = done }); 'opened'")
        wait_for_text(self.client, main, "waits")
        beside = shell(self.client, "execute_request", {"code": "open(); 'beside'"}, subshell=subshell)
        seen = {main: [], beside: []}
        while not all(any(m["content"].get("execution_state") == "idle" for m in seen[i]) for i in seen):
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            seen.get(message["parent_header"].get("msg_id"), []).append(message)
        self.assertEqual((result_of(seen[main]), result_of(seen[beside])), ("'opened'", "'beside'"))
        replies = [self.client.get_shell_msg(timeout=TIMEOUT) for _ in range(2)]
        self.assertEqual({r["content"]["status"] for r in replies}, {"ok"})
        self.assertEqual(control(self.client, "delete_subshell_request", {"subshell_id": subshell})["status"], "ok")
        gone = shell(self.client, "execute_request", {"code": "1"}, subshell=subshell)
        self.assertEqual(reply_of(self.client, gone)["status"], "error")

    def test_variables_are_shown_and_looked_into(self):
        run(self.client, "const point = { x: 1, deep: [1, 2, { y: 'z' }] }; class Shape {}; let shape = new Shape()")

        def debug(command, **arguments):
            reply = control(
                self.client, "debug_request", {"type": "request", "seq": 1, "command": command, "arguments": arguments}
            )
            self.assertTrue(reply["success"], reply)
            return reply["body"]

        self.assertFalse(debug("debugInfo")["isStarted"])
        found = {v["name"]: v for v in debug("inspectVariables")["variables"]}
        self.assertEqual((found["point"]["type"], found["shape"]["type"]), ("Object", "Shape"))
        inside = debug("variables", variablesReference=found["point"]["variablesReference"])["variables"]
        self.assertEqual([(v["name"], v["value"]) for v in inside][0], ("x", "1"))
        deep = debug("variables", variablesReference=inside[1]["variablesReference"])["variables"]
        self.assertEqual(deep[2]["evaluateName"], "point.deep[2]")
        self.assertIn("text/plain", debug("richInspectVariables", variableName="point")["data"])

    def test_python_cells_are_completed_and_inspected_by_their_interpreter(self):
        def ask(kind, code):
            sent = shell(self.client, kind, {"code": code, "cursor_pos": len(code), "detail_level": 0})
            return reply_of(self.client, sent)

        nothing = ask("complete_request", "%%python\nmath.sq")
        self.assertEqual((nothing["status"], nothing["matches"]), ("ok", []))
        self.run_ok("%%python\nimport math\ndef doubled(n: int) -> int:\n    'Twice as much.'\n    return 2 * n")
        # The cursor counts code points: the sign is two UTF-16 units and four bytes.
        code = "%%python\n'😀'; math.sq"
        found = ask("complete_request", code)
        self.assertEqual(found["matches"], ["sqrt"])
        self.assertEqual((found["cursor_start"], found["cursor_end"]), (len(code) - 2, len(code)))
        self.assertEqual(found["metadata"]["_jupyter_types_experimental"][0]["type"], "function")
        known = ask("inspect_request", "%%python\n'😀'; doubled")
        self.assertEqual(known["data"]["text/plain"], "def doubled(n: int) -> int\n\nTwice as much.")
        self.assertTrue(known["data"]["text/markdown"].startswith("```python\ndef doubled"))
        self.assertFalse(ask("inspect_request", "%%python\nnobody_knows")["found"])

    def test_a_comm_goes_both_ways_with_its_buffers(self):
        opened = self.run_ok(
            "const line = comm.open('jupyter.widget', { a: 1 }, { buffers: [new Uint8Array([1, 2])] });"
            "line.onMessage((data, buffers) => line.send({ got: data.n, size: buffers[0].length }, buffers))"
        )
        message = next(m for m in opened if m["msg_type"] == "comm_open")
        comm_id = message["content"]["comm_id"]
        self.assertEqual((message["content"]["data"], bytes(message["buffers"][0])), ({"a": 1}, b"\x01\x02"))
        asked = shell(self.client, "comm_info_request", {"target_name": "jupyter.widget"})
        self.assertIn(comm_id, reply_of(self.client, asked)["comms"])
        sent = shell(self.client, "comm_msg", {"comm_id": comm_id, "data": {"n": 7}}, buffers=[b"xyz"])
        answers = [m for m in collect(self.client, sent) if m["msg_type"] == "comm_msg"]
        self.assertEqual([m["content"]["data"] for m in answers], [{"got": 7, "size": 3}])
        self.assertEqual(bytes(answers[0]["buffers"][0]), b"xyz")
        closed = self.run_ok("line.close()")
        self.assertIn("comm_close", [m["msg_type"] for m in closed])

    def test_front_ends_open_comms_to_registered_targets_only(self):
        self.run_ok("let greeted = ''; await comm.register('greeter', (c, data) => { greeted = data.name; c.send({ hi: 1 }) })")
        sent = shell(self.client, "comm_open", {"comm_id": "c9", "target_name": "greeter", "data": {"name": "Ada"}})
        self.assertIn("comm_msg", [m["msg_type"] for m in collect(self.client, sent)])
        self.assertEqual(result_of(self.run_ok("greeted")), "'Ada'")
        sent = shell(self.client, "comm_open", {"comm_id": "c8", "target_name": "nobody", "data": {}})
        self.assertIn("comm_close", [m["msg_type"] for m in collect(self.client, sent)])

    def test_a_widget_shares_its_state(self):
        messages = self.run_ok(
            "const dial = widget({ esm: 'export default { render() {} }', state: { value: 1, pixels: new Uint8Array([9]) } });"
            "dial.on('change:value', (value) => console.log(`moved to ${value}`)); dial"
        )
        opened = next(m for m in messages if m["msg_type"] == "comm_open")
        self.assertEqual(opened["content"]["target_name"], "jupyter.widget")
        data = opened["content"]["data"]
        self.assertEqual((data["state"]["_model_module"], data["state"]["value"]), ("anywidget", 1))
        self.assertEqual(data["buffer_paths"], [["pixels"]])
        shown = next(m for m in messages if m["msg_type"] == "execute_result")["content"]["data"]
        comm_id = opened["content"]["comm_id"]
        self.assertEqual(shown["application/vnd.jupyter.widget-view+json"]["model_id"], comm_id)
        self.assertIn("value: 1", shown["text/plain"])
        update = {"method": "update", "state": {"value": 5}, "buffer_paths": []}
        sent = shell(self.client, "comm_msg", {"comm_id": comm_id, "data": update})
        self.assertEqual(text_of(collect(self.client, sent)), "moved to 5\n")
        self.assertEqual(result_of(self.run_ok("dial.get('value')")), "5")
        back = [m for m in self.run_ok("dial.set('value', 8)") if m["msg_type"] == "comm_msg"]
        self.assertEqual(back[0]["content"]["data"]["state"], {"value": 8})

    def run_ok(self, code):
        reply, messages = run(self.client, code)
        self.assertEqual(reply["status"], "ok", reply)
        return messages


class InputTests(unittest.TestCase):
    def test_a_question_is_answered(self):
        with kernel() as (_, client):
            msg_id = client.execute("const name = await input('Name? '); `hello ${name}`", allow_stdin=True)
            question = client.get_stdin_msg(timeout=TIMEOUT)
            self.assertEqual(question["content"], {"prompt": "Name? ", "password": False})
            self.assertEqual(question["parent_header"]["msg_id"], msg_id)
            client.input("Ada")
            self.assertEqual(result_of(collect(client, msg_id)), "'hello Ada'")

    def test_where_nobody_can_answer_the_cell_says_so(self):
        with kernel() as (_, client):
            reply, _ = run(client, "await input('Name? ')", allow_stdin=False)
            self.assertEqual(reply["status"], "error")
            self.assertIn("nobody can answer", reply["evalue"])

    def test_a_question_can_be_interrupted(self):
        with kernel() as (manager, client):
            msg_id = client.execute("await input('?')", allow_stdin=True)
            client.get_stdin_msg(timeout=TIMEOUT)
            manager.interrupt_kernel()
            self.assertEqual(reply_of(client, msg_id)["status"], "error")
            _, messages = run(client, "1 + 1")
            self.assertEqual(result_of(messages), "2")


class HistoryTests(unittest.TestCase):
    def ask(self, client, **query):
        return reply_of(client, client.history(raw=True, **query))["history"]

    def test_it_outlives_the_kernel_and_only_its_owner_reads_it(self):
        with tempfile.TemporaryDirectory() as home:
            folder = Path(home) / "history"
            env = {**os.environ, "TANDEM_HISTORY": str(folder)}
            with kernel(env=env) as (manager, client):
                run(client, "40 + 2")
                run(client, "40 + 2")
                run(client, "secret", store_history=False)
                manager.shutdown_kernel()
            with kernel(env=env) as (_, client):
                run(client, "'new'")
                tail = self.ask(client, hist_access_type="tail", n=10, output=True)
                self.assertEqual(tail, [[1, 1, ["40 + 2", "42"]], [1, 2, ["40 + 2", "42"]], [2, 1, ["'new'", "'new'"]]])
                found = self.ask(client, hist_access_type="search", pattern="40*", unique=True, n=5)
                self.assertEqual(found, [[1, 2, "40 + 2"]])
                earlier = self.ask(client, hist_access_type="range", session=-1, start=1, stop=2)
                self.assertEqual(earlier, [[1, 1, "40 + 2"]])
            self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)
            self.assertEqual({stat.S_IMODE(f.stat().st_mode) for f in folder.iterdir()}, {0o600})


if __name__ == "__main__":
    unittest.main()

import { beforeEach, describe, expect, it } from "vitest";
import { until } from "../../test/until.ts";
import type { AskForInput, CellOutput, CommMessage } from "../cells/cell.ts";
import type { HistoryEntry } from "../cells/history/select.ts";
import { Queues } from "../cells/queues.ts";
import type { ExecuteOutcome, ExecuteRequest, Requests } from "../cells/requests.ts";
import { fail } from "../errors.ts";
import { newMessage } from "./header.ts";
import type { Message, Wire } from "./message.ts";
import { serve } from "./server.ts";

/** A wire within this process: requests by `ask`, what the kernel sent in `sent`. */
class LocalWire implements Wire {
  readonly sent: Message[] = [];
  #handler: (request: Message) => void = () => {};
  #closed: () => void = () => {};
  onRequest(handler: (request: Message) => void): void {
    this.#handler = handler;
  }
  async send(message: Message): Promise<void> {
    this.sent.push(message);
  }
  onClosed(handler: () => void): void {
    this.#closed = handler;
  }
  async close(): Promise<void> {
    this.#closed();
  }
  /** Sends a request and resolves with the messages that belong to it, once its idle status has come. */
  async ask(type: string, content: Record<string, unknown> = {}, channel: "shell" | "control" = "shell") {
    const request = newMessage(channel, type, "client", content);
    this.#handler(request);
    const own = () => this.sent.filter((message) => message.parent_header.msg_id === request.header.msg_id);
    while (!own().some((message) => message.content.execution_state === "idle")) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return own();
  }
  give(message: Message): void {
    this.#handler(message);
  }
  post(type: string): void {
    this.give(newMessage("shell", type, "client", {}));
  }
}

/** A kernel whose cells do what the test says. */
class ScriptedKernel implements Requests {
  script: (output: CellOutput, input?: AskForInput) => void | Promise<void> = () => {};
  outcome: Omit<Extract<ExecuteOutcome, { status: "ok" }>, "number"> | { status: "aborted" } | Error = {
    status: "ok",
  };
  interrupts = 0;
  restarts = 0;
  offsets: number[] = [];
  async execute(request: ExecuteRequest): Promise<ExecuteOutcome> {
    if (!(this.outcome instanceof Error) && this.outcome.status === "aborted") {
      return { number: 7, status: "aborted" };
    }
    request.started(7);
    await this.script(request.output, request.input);
    if (this.outcome instanceof Error) {
      const { name, message } = this.outcome;
      return { number: 7, status: "error", error: { ename: name, evalue: message, traceback: [message] } };
    }
    return { number: 7, status: "ok" };
  }
  async expression(source: string) {
    if (source === "bad") return { error: { ename: "ReferenceError", evalue: "bad", traceback: [] } };
    return { data: { "text/plain": source } };
  }
  async complete(text: string, offset: number) {
    this.offsets.push(offset);
    return { start: text.indexOf("na"), end: offset, matches: [{ text: "name", kind: "const" }] };
  }
  async inspect(_text: string, offset: number) {
    this.offsets.push(offset);
    return offset === 0 ? undefined : { signature: "const name: string", documentation: "A name." };
  }
  async diagnose(text: string, key: string) {
    if (key === "late") return undefined;
    const place = { line: 0, character: text.length };
    return [
      {
        start: place,
        end: place,
        severity: "error" as const,
        message: key,
        source: "rustc",
        related: [],
        suggestions: [],
      },
    ];
  }
  async isComplete(text: string) {
    return text.endsWith("{")
      ? { status: "incomplete" as const, indent: "  " }
      : { status: "complete" as const };
  }
  async history(): Promise<HistoryEntry[]> {
    return [[1, 1, "1 + 1"]];
  }
  readonly subshells = new Queues();
  received: CommMessage[] = [];
  async comm(message: CommMessage, output: CellOutput) {
    this.received.push(message);
    output.stream("stdout", "heard");
  }
  comms() {
    return new Map([["c1", "jupyter.widget"]]);
  }
  async debug(command: string) {
    if (command !== "inspectVariables") throw fail("unknownDebugCommand", command);
    return { variables: [] };
  }
  interrupt() {
    this.interrupts++;
  }
  async restart() {
    this.restarts++;
  }
  async close() {}
}

const types = (messages: Message[]) =>
  messages.map((message) => {
    const { msg_type: type } = message.header;
    return type === "status" ? String(message.content.execution_state) : type;
  });

describe("server", () => {
  let wire: LocalWire;
  let kernel: ScriptedKernel;
  let ends: number;
  beforeEach(() => {
    wire = new LocalWire();
    kernel = new ScriptedKernel();
    ends = 0;
    serve(wire, kernel, { restartsInPlace: false, end: () => ends++ });
  });

  it("frames a cell's output by busy and idle, in the order of the calls", async () => {
    kernel.script = (output) => {
      output.stream("stdout", "a");
      output.stream("stdout", "b");
      output.stream("stderr", "c");
      output.display({ "text/plain": "d" }, {}, "id-1");
      output.stream("stdout", "e");
      output.updateDisplay("id-1", { "text/plain": "f" });
      output.clear(true);
      output.result({ "text/plain": "g" });
    };
    const messages = await wire.ask("execute_request", { code: "x" });
    expect(types(messages)).toEqual([
      "busy",
      "execute_input",
      "stream",
      "stream",
      "display_data",
      "stream",
      "update_display_data",
      "clear_output",
      "execute_result",
      "execute_reply",
      "idle",
    ]);
    expect(messages[2]?.content).toEqual({ name: "stdout", text: "ab" });
    expect(messages[4]?.content.transient).toEqual({ display_id: "id-1" });
    expect(messages[8]?.content.execution_count).toBe(7);
    expect(messages[9]?.content).toMatchObject({ status: "ok", execution_count: 7, payload: [] });
  });

  it("sends every character of many small prints, in few messages, before idle", async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `${i}\n`);
    kernel.script = (output) => {
      for (const line of lines) output.stream("stdout", line);
    };
    const messages = await wire.ask("execute_request", { code: "x" });
    const streams = messages.filter((message) => message.header.msg_type === "stream");
    expect(streams.map((message) => message.content.text).join("")).toBe(lines.join(""));
    expect(streams.length).toBeLessThan(10);
    expect(types(messages).at(-1)).toBe("idle");
  });

  it("sends what is printed during a long cell without waiting for its end", async () => {
    let release = () => {};
    kernel.script = (output) => {
      output.stream("stdout", "early");
      return new Promise((resolve) => {
        release = resolve;
      });
    };
    const done = wire.ask("execute_request", { code: "x" });
    while (!wire.sent.some((message) => message.content.text === "early")) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    release();
    await done;
  });

  it("keeps late output under its own cell's request", async () => {
    const outputs: CellOutput[] = [];
    kernel.script = (output) => {
      outputs.push(output);
    };
    const [first] = await wire.ask("execute_request", { code: "x" });
    await wire.ask("execute_request", { code: "y" });
    outputs[0]?.display({ "text/plain": "late" });
    const last = wire.sent.at(-1);
    expect(last?.header.msg_type).toBe("display_data");
    expect(last?.parent_header).toEqual(first?.parent_header);
  });

  it("publishes exactly one error, and replies with it", async () => {
    kernel.outcome = new RangeError("too far");
    const messages = await wire.ask("execute_request", { code: "x" });
    expect(types(messages)).toEqual(["busy", "execute_input", "error", "execute_reply", "idle"]);
    const error = { ename: "RangeError", evalue: "too far", traceback: ["too far"] };
    expect(messages[2]?.content).toEqual(error);
    expect(messages[3]?.content).toEqual({ status: "error", execution_count: 7, ...error });
  });

  it("answers even when the kernel itself fails", async () => {
    kernel.execute = async () => {
      throw fail("noMatch", "fly");
    };
    const messages = await wire.ask("execute_request", { code: "x" });
    expect(types(messages)).toEqual(["busy", "error", "execute_reply", "idle"]);
    expect(messages[1]?.content.evalue).toBe("No file matches fly.");
  });

  it("frames an aborted cell, too", async () => {
    kernel.outcome = { status: "aborted" };
    const messages = await wire.ask("execute_request", { code: "x" });
    expect(types(messages)).toEqual(["busy", "execute_reply", "idle"]);
    expect(messages[1]?.content.status).toBe("aborted");
  });

  it("publishes nothing for a silent cell but its statuses", async () => {
    kernel.script = (output) => {
      output.stream("stdout", "a");
      output.result({ "text/plain": "b" });
    };
    const messages = await wire.ask("execute_request", { code: "x", silent: true });
    expect(types(messages)).toEqual(["busy", "execute_reply", "idle"]);
  });

  it("evaluates user expressions one by one", async () => {
    const messages = await wire.ask("execute_request", { code: "", user_expressions: { a: "1", b: "bad" } });
    const reply = messages.find((message) => message.header.msg_type === "execute_reply");
    expect(reply?.content.user_expressions).toMatchObject({
      a: { status: "ok", data: { "text/plain": "1" } },
      b: { status: "error", ename: "ReferenceError" },
    });
  });

  it("counts the cursor in code points", async () => {
    const messages = await wire.ask("complete_request", { code: "'😀'; na", cursor_pos: 7 });
    expect(kernel.offsets).toEqual([8]);
    expect(messages[1]?.content).toMatchObject({ matches: ["name"], cursor_start: 5, cursor_end: 7 });
    await wire.ask("inspect_request", { code: "😀x", cursor_pos: 1 });
    expect(kernel.offsets).toEqual([8, 2]);
  });

  it("answers the other requests", async () => {
    const content = async (...request: Parameters<LocalWire["ask"]>) => {
      const messages = await wire.ask(...request);
      expect(types(messages).at(0)).toBe("busy");
      expect(types(messages).at(-1)).toBe("idle");
      return messages.find((message) => message.header.msg_type.endsWith("_reply"))?.content;
    };
    const info = await content("kernel_info_request", {}, "control");
    expect(info?.language_info).toMatchObject({ name: "tandem-typescript", file_extension: ".ts" });
    expect(await content("inspect_request", { code: "name", cursor_pos: 0 })).toMatchObject({ found: false });
    expect(await content("inspect_request", { code: "name", cursor_pos: 4 })).toMatchObject({ found: true });
    expect(await content("diagnostics_request", { code: "%%rust", cell: "a" })).toMatchObject({
      status: "ok",
      diagnostics: [{ message: "a", start: { line: 0, character: 6 } }],
    });
    expect(await content("diagnostics_request", { code: 5, cell: "late" })).toEqual({ status: "aborted" });
    expect(await content("is_complete_request", { code: "if (x) {" })).toEqual({
      status: "incomplete",
      indent: "  ",
    });
    expect(await content("history_request", { hist_access_type: "tail", n: 5 })).toMatchObject({
      history: [[1, 1, "1 + 1"]],
    });
    expect(await content("comm_info_request")).toEqual({
      status: "ok",
      comms: { c1: { target_name: "jupyter.widget" } },
    });
    expect(await content("comm_info_request", { target_name: "other" })).toEqual({ status: "ok", comms: {} });
    expect(await content("interrupt_request", {}, "control")).toEqual({ status: "ok" });
    expect(kernel.interrupts).toBe(1);
    expect(await content("debug_request", {}, "control")).toMatchObject({ status: "error" });
  });

  it("hands comm messages on, frames them and answers none", async () => {
    const messages = await wire.ask("comm_msg", { comm_id: "c1", data: { a: 1 } });
    expect(types(messages)).toEqual(["busy", "stream", "idle"]);
    expect(kernel.received).toMatchObject([{ type: "comm_msg", content: { comm_id: "c1", data: { a: 1 } } }]);
    expect(types(await wire.ask("comm_msg", {}))).toEqual(["busy", "idle"]);
  });

  it("asks who runs a cell, after what the cell has printed, and takes the answer with or without a parent", async () => {
    for (const named of [true, false]) {
      let answer: string | undefined;
      kernel.script = async (output, input) => {
        output.stream("stdout", "first");
        answer = await input?.("Name?", true);
      };
      const running = wire.ask("execute_request", { code: "x", allow_stdin: true });
      await until(() => wire.sent.at(-1)?.header.msg_type === "input_request");
      const question = wire.sent.at(-1);
      expect(question).toMatchObject({ channel: "stdin", content: { prompt: "Name?", password: true } });
      expect(wire.sent.at(-2)?.content.text).toBe("first");
      wire.give(newMessage("stdin", "input_reply", "client", { value: "Ada" }, named ? question : undefined));
      await running;
      expect(answer).toBe("Ada");
    }
  });

  it("gives a cell nobody to ask where input is not allowed", async () => {
    let may = true;
    kernel.script = (_, input) => {
      may = input !== undefined;
    };
    await wire.ask("execute_request", { code: "x", allow_stdin: false });
    expect(may).toBe(false);
  });

  it("shows variables, makes subshells, and says what it does not do", async () => {
    const reply = async (type: string, content: Record<string, unknown>) =>
      (await wire.ask(type, content, "control"))[1]?.content ?? {};
    expect(
      await reply("debug_request", { seq: 4, type: "request", command: "inspectVariables" }),
    ).toMatchObject({
      type: "response",
      request_seq: 4,
      success: true,
      body: { variables: [] },
    });
    expect(await reply("debug_request", { seq: 5, type: "request", command: "next" })).toMatchObject({
      success: false,
      status: "error",
    });
    const { subshell_id: id } = await reply("create_subshell_request", {});
    expect(await reply("list_subshell_request", {})).toEqual({ status: "ok", subshell_id: [id] });
    expect(await reply("delete_subshell_request", { subshell_id: id })).toEqual({ status: "ok" });
    expect(await reply("delete_subshell_request", { subshell_id: id })).toMatchObject({ status: "error" });
  });

  it("passes over messages it does not know", async () => {
    const before = wire.sent.length;
    for (const type of ["fly_request", "constructor", "__proto__", "toString", ""]) wire.post(type);
    expect(wire.sent).toHaveLength(before);
    await wire.ask("kernel_info_request");
  });

  it("ends once, after the shutdown reply", async () => {
    const messages = await wire.ask("shutdown_request", { restart: true }, "control");
    expect(messages[1]?.content).toEqual({ status: "ok", restart: true });
    await wire.close();
    expect(ends).toBe(1);
    expect(kernel.restarts).toBe(0);
  });

  it("restarts in place where the wire's client wants that, and goes on", async () => {
    wire = new LocalWire();
    serve(wire, kernel, { restartsInPlace: true, end: () => ends++ });
    await wire.ask("shutdown_request", { restart: true }, "control");
    expect([kernel.restarts, ends]).toEqual([1, 0]);
    await wire.ask("execute_request", { code: "x" });
    await wire.ask("shutdown_request", { restart: false }, "control");
    expect([kernel.restarts, ends]).toEqual([1, 1]);
  });
});

import { describe, expect, it } from "vitest";
import { newMessage } from "../kernel/wire/header.ts";
import {
  joinOperations,
  noOutput,
  type OutputOperation,
  type OutputState,
  reduceDisplayUpdate,
  reduceOutput,
} from "./outputs.ts";

const message = (type: string, content: Record<string, unknown>) => newMessage("iopub", type, "s", content);
const print = (text: string, name = "stdout") => message("stream", { name, text });
const show = (id: string, text: string) =>
  message("display_data", { data: { "text/plain": text }, metadata: {}, transient: { display_id: id } });

/** Outputs as plain text after all operations, as a notebook would show them. */
function shown(operations: readonly OutputOperation[]): string[] {
  const outputs = new Map<number, string>();
  for (const operation of operations) {
    if (operation.kind === "clear") outputs.clear();
    else if (operation.kind === "extend")
      outputs.set(operation.id, outputs.get(operation.id) + decode(operation.item.data));
    else outputs.set(operation.id, operation.output.items.map((item) => decode(item.data)).join("|"));
  }
  return [...outputs.values()];
}

function reduceAll(messages: readonly ReturnType<typeof message>[]): [OutputState, OutputOperation[]] {
  let state = noOutput;
  const all: OutputOperation[] = [];
  for (const next of messages) {
    const [after, operations] = reduceOutput(state, next);
    state = after;
    all.push(...operations);
  }
  return [state, all];
}

const decode = (data: Uint8Array) => new TextDecoder().decode(data);

describe("streams", () => {
  it("join text of one stream and start anew when the other one speaks", () => {
    const [, operations] = reduceAll([print("a"), print("b"), print("!", "stderr"), print("c")]);
    expect(shown(operations)).toEqual(["ab", "!", "c"]);
    expect(operations.map((operation) => operation.kind)).toEqual(["add", "extend", "add", "add"]);
  });

  it("start anew behind a display", () => {
    const [, operations] = reduceAll([print("a"), show("d", "D"), print("b")]);
    expect(shown(operations)).toEqual(["a", "D", "b"]);
  });
});

describe("streams that move the cursor", () => {
  it("show each bar's last state, and what comes behind as usual", () => {
    const states = [1, 2, 3].map((n) => print(`\r${n}/3`, "stderr"));
    const [, operations] = reduceAll([
      print("before\n", "stderr"),
      ...states,
      print(" done\nmore\n", "stderr"),
    ]);
    expect(shown(operations)).toEqual(["before\n3/3 done\nmore\n"]);
    expect(operations.map((operation) => operation.kind)).toEqual([
      "add",
      "replace",
      "replace",
      "replace",
      "extend",
    ]);
    expect(shown(joinOperations(operations))).toEqual(["before\n3/3 done\nmore\n"]);
  });

  it("are drawn from the beginning where all comes at once, however much it is", () => {
    const all = Array.from({ length: 500 }, (_, i) => `0 %\r100 % of ${i}\n`).join("");
    const [, operations] = reduceAll([
      print(all),
      print("\x1b[1A\rlast\n"),
      print("x".repeat(20_000)),
      print("\ry"),
    ]);
    const lines = shown(operations).join("").split("\n");
    expect(lines.slice(0, 2)).toEqual(["100 % of 0", "100 % of 1"]);
    expect(lines[499]).toBe("last% of 499");
    expect(lines[500]).toHaveLength(20_000);
  });

  it("begin anew behind another output", () => {
    const [, operations] = reduceAll([print("a\rb"), show("d", "D"), print("\rc"), print("\x1b[1A\rd")]);
    expect(shown(operations)).toEqual(["b", "D", "d"]);
  });
});

describe("clear_output", () => {
  it("clears at once", () => {
    const [, operations] = reduceAll([print("a"), message("clear_output", { wait: false }), print("b")]);
    expect(shown(operations)).toEqual(["b"]);
  });

  it("with wait, clears when the next output comes and not before", () => {
    const [state, before] = reduceAll([print("a"), message("clear_output", { wait: true })]);
    expect(shown(before)).toEqual(["a"]);
    const [, after] = reduceOutput(state, print("b"));
    expect(shown([...before, ...after])).toEqual(["b"]);
  });

  it("forgets the displays it wiped out", () => {
    const [state] = reduceAll([show("d", "1"), message("clear_output", { wait: false })]);
    expect(reduceDisplayUpdate(state, show("d", "2"))).toEqual([]);
  });
});

describe("displays", () => {
  it("are replaced by id, each of them", () => {
    const [state, operations] = reduceAll([
      show("d", "1"),
      print("between"),
      show("d", "1"),
      show("e", "other"),
    ]);
    const update = reduceDisplayUpdate(state, show("d", "2"));
    expect(shown([...operations, ...update])).toEqual(["2", "between", "2", "other"]);
  });

  it("carry what the notebook file stores", () => {
    const [, [result]] = reduceOutput(
      noOutput,
      message("execute_result", { execution_count: 3, data: { "text/plain": "4" }, metadata: { a: 1 } }),
    );
    expect(result).toMatchObject({
      output: { metadata: { outputType: "execute_result", executionCount: 3, metadata: { a: 1 } } },
    });
  });
});

it("an error keeps its traceback for the file and shows it as a stack", () => {
  const content = { ename: "TypeError", evalue: "no", traceback: ["TypeError: no", "    at cell-1.ts:2:3"] };
  const [, [operation]] = reduceOutput(noOutput, message("error", content));
  if (operation?.kind !== "add") throw new Error("An error is an output of its own.");
  expect(operation.output.metadata).toMatchObject({ originalError: { traceback: content.traceback } });
  expect(JSON.parse(decode(operation.output.items[0]?.data ?? new Uint8Array()))).toEqual({
    name: "TypeError",
    message: "no",
    stack: "TypeError: no\n    at cell-1.ts:2:3",
  });
});

it("other messages change nothing", () => {
  expect(reduceOutput(noOutput, message("status", { execution_state: "idle" }))).toEqual([noOutput, []]);
});

describe("joining", () => {
  it("keeps the last of several replacements of an output, in its place", () => {
    const replace = (id: number, text: string): OutputOperation => ({
      kind: "replace",
      id,
      output: { items: [{ mime: "text/plain", data: Buffer.from(text) }], metadata: {} },
    });
    const last = [replace(1, "c"), replace(0, "d")];
    expect(joinOperations([replace(0, "a"), replace(1, "b"), ...last])).toEqual(last);
  });

  it("turns many lines into one operation with the same text", () => {
    const lines = Array.from({ length: 1000 }, (_, line) => `line ${line} ü\n`);
    const [, operations] = reduceAll(lines.map((line) => print(line)));
    const joined = joinOperations(operations);
    expect(joined.length).toBe(2);
    expect(shown(joined)).toEqual([lines.join("")]);
  });

  it("leaves out what a later clear wipes out", () => {
    const [, operations] = reduceAll([
      print("a"),
      show("d", "1"),
      message("clear_output", { wait: false }),
      print("b"),
    ]);
    expect(joinOperations(operations).map((operation) => operation.kind)).toEqual(["clear", "add"]);
  });

  it("keeps the order of outputs", () => {
    const [, operations] = reduceAll([print("a"), print("x", "stderr"), print("y", "stderr"), print("b")]);
    expect(shown(joinOperations(operations))).toEqual(["a", "xy", "b"]);
  });
});

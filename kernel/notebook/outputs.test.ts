import { beforeEach, expect, it } from "vitest";
import { newMessage } from "../wire/header.ts";
import { OutputCollector } from "./outputs.ts";

let collector: OutputCollector;
beforeEach(() => {
  collector = new OutputCollector();
});

function take(cell: number, type: string, content: Record<string, unknown>): void {
  collector.take(cell, newMessage("iopub", type, "kernel", content));
}
const print = (cell: number, text: string, name = "stdout") => take(cell, "stream", { name, text });

it("joins neighbouring text of one stream and stores it as lines", () => {
  print(0, "a\nb");
  print(0, "c\n");
  print(0, "oops", "stderr");
  print(0, "d");
  expect(collector.outputs(0)).toEqual([
    { name: "stdout", output_type: "stream", text: ["a\n", "bc\n"] },
    { name: "stderr", output_type: "stream", text: ["oops"] },
    { name: "stdout", output_type: "stream", text: ["d"] },
  ]);
});

it("stores text of MIME bundles as lines, and leaves JSON and base64 as they are", () => {
  const data = { "text/html": "<b>\n</b>", "image/png": "AAAA", "application/json": { a: "x\ny" } };
  take(0, "execute_result", { data, metadata: {}, execution_count: 3, transient: {} });
  expect(collector.outputs(0)).toEqual([
    {
      data: { "text/html": ["<b>\n", "</b>"], "image/png": "AAAA", "application/json": { a: "x\ny" } },
      execution_count: 3,
      metadata: {},
      output_type: "execute_result",
    },
  ]);
});

it("updates a display wherever it stands, also from a later cell", () => {
  take(0, "display_data", { data: { "text/plain": "1 %" }, metadata: {}, transient: { display_id: "p" } });
  take(1, "display_data", { data: { "text/plain": "1 %" }, metadata: {}, transient: { display_id: "p" } });
  take(1, "update_display_data", {
    data: { "text/plain": "9 %" },
    metadata: {},
    transient: { display_id: "p" },
  });
  take(1, "update_display_data", {
    data: { "text/plain": "x" },
    metadata: {},
    transient: { display_id: "q" },
  });
  for (const cell of [0, 1])
    expect(collector.outputs(cell)).toMatchObject([{ data: { "text/plain": ["9 %"] } }]);
});

it("clears at once, or when the next output comes", () => {
  print(0, "a");
  take(0, "clear_output", { wait: true });
  expect(collector.outputs(0)).toHaveLength(1);
  print(0, "b");
  expect(collector.outputs(0)).toMatchObject([{ text: ["b"] }]);
  take(0, "clear_output", { wait: false });
  expect(collector.outputs(0)).toEqual([]);
});

it("stores an error and passes over what is no output", () => {
  take(0, "status", { execution_state: "busy" });
  take(0, "execute_input", { code: "x" });
  take(0, "error", { ename: "E", evalue: "v", traceback: ["E: v"] });
  expect(collector.outputs(0)).toEqual([
    { ename: "E", evalue: "v", output_type: "error", traceback: ["E: v"] },
  ]);
});

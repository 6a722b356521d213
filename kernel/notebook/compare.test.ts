import { expect, it } from "vitest";
import { compareOutputs } from "./compare.ts";

const stdout = (...text: string[]) => ({ output_type: "stream", name: "stdout", text });
const shown = (data: Record<string, unknown>, more = {}) => ({
  output_type: "display_data",
  data,
  metadata: {},
  ...more,
});
const result = (text: string, count = 1) => ({
  ...shown({ "text/plain": [text] }),
  output_type: "execute_result",
  execution_count: count,
});
const compare = (before: unknown[], now: unknown[], ...tags: string[]) => compareOutputs(before, now, tags);

it.each([
  ["execution counts", [result("7", 1)], [result("7", 9)]],
  ["pieces of a stream", [stdout("a\n", "b\n")], [stdout("a\n"), stdout("b\n")]],
  ["a text and its lines", [shown({ "text/plain": "a\nb" })], [shown({ "text/plain": ["a\n", "b"] })]],
  ["times", [stdout("took 12.5 ms, 3 s in all\n")], [stdout("took 7 ms, 41 s in all\n")]],
  ["rates", [stdout("120 kB/s, 33 items/s\n")], [stdout("9.5 kB/s, 1,200 items/s\n")]],
  ["addresses", [stdout("<X at 0x7f3a00b1>\n")], [stdout("<X at 0x55d1ffc0>\n")]],
  [
    "numbers of cells in stacks",
    [{ output_type: "error", ename: "E", evalue: "x", traceback: ["E: x", "at cell-3.ts:1:2"] }],
    [{ output_type: "error", ename: "E", evalue: "x", traceback: ["E: x", "at cell-12.ts:1:2"] }],
  ],
  [
    "measurements",
    [shown({ "application/vnd.tandem.timing+json": { a: 1 }, "text/plain": "rust is 3 times as fast" })],
    [shown({ "application/vnd.tandem.timing+json": { a: 2 }, "text/plain": "rust is 4 times as fast" })],
  ],
  [
    "the order of keys",
    [shown({ "application/json": { a: 1, b: [{ c: 1, d: 2 }] } })],
    [shown({ "application/json": { b: [{ d: 2, c: 1 }], a: 1 } })],
  ],
  [
    "ids of displays",
    [shown({ "text/plain": "x" }, { transient: { display_id: "1" } })],
    [shown({ "text/plain": "x" })],
  ],
])("does not count %s", (_, before, now) => {
  expect(compare(before, now)).toBeUndefined();
});

it.each([
  ["a value", [result("7")], [result("8")], "-7\n+8"],
  ["a number beside a unit that is no time", [stdout("12 m2\n")], [stdout("13 m2\n")], "-12 m2\n+13 m2"],
  ["an output that is gone", [stdout("a\n")], [], "-a"],
  ["an output that is new", [], [stdout("a\n")], "+a"],
  ["a stream", [stdout("a\n")], [{ ...stdout("a\n"), name: "stderr" }], "+stderr:"],
  [
    "a MIME type",
    [shown({ "text/plain": "a" })],
    [shown({ "text/plain": "a", "text/html": "<b>a</b>" })],
    "+<b>a</b>",
  ],
  ["a picture", [shown({ "image/png": "AAAA" })], [shown({ "image/png": "AAAB" })], "+3 bytes, SHA-256"],
  [
    "metadata",
    [shown({ "image/png": "AAAA" }, { metadata: { width: 3 } })],
    [shown({ "image/png": "AAAA" })],
    "-metadata:",
  ],
  ["a date", [stdout("2026-01-01\n")], [stdout("2026-01-02\n")], "-2026-01-01\n+2026-01-02"],
  ["a line in its middle", [stdout("a\nb\nc\n")], [stdout("a\nx\nc\n")], " a\n-b\n+x\n c"],
])("counts %s", (_, before, now, lines) => {
  expect(compare(before, now)).toContain(lines);
});

it("leaves out what is tagged", () => {
  expect(compare([result("1")], [result("2")], "ignore-output")).toBeUndefined();
  expect(compare([result("1")], [result("2")], "nbval-ignore-output")).toBeUndefined();
  expect(compare([result("1")], [result("2")], "ignore-dates")).toBeDefined();
  const dates = (...all: string[]) => [stdout(all.join("\n"))];
  const before = dates(
    "2026-01-01T10:00:00.123Z",
    "Sat Nov 21 2026 07:41:34 GMT+0000 (UTC)",
    "1/2/2026, 3:04:05 PM",
    "at 10:15",
    "21 November 2026",
  );
  const now = dates(
    "2027-11-21T23:59:59Z",
    "Sun Jan 03 2027 17:00:00 GMT+0100 (CET)",
    "12/31/2026, 11:04:05 AM",
    "at 9:15",
    "3 May 2027",
  );
  expect(compare(before, now, "ignore-dates")).toBeUndefined();
  expect(compare(before, now)).toBeDefined();
});

it("tells long differences in part", () => {
  const difference = compare([stdout("x\n".repeat(500))], [stdout("y\n".repeat(500))]);
  expect(difference?.split("\n").length).toBeLessThan(70);
  expect(difference).toContain("more lines");
});

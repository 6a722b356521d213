import { expect, test } from "vitest";
import { isComplete } from "./is-complete.ts";

test.each([
  ["1 + 1", { status: "complete" }],
  ["", { status: "complete" }],
  ["{ a: 1, b: 2 }", { status: "complete" }],
  ["for (const x of [1]) {", { status: "incomplete", indent: "  " }],
  ["function f(\n  a: number,", { status: "incomplete", indent: "  " }],
  ["const t = `abc", { status: "incomplete", indent: "" }],
  ["foo(`abc\n", { status: "incomplete", indent: "" }],
  ["const t = 'abc", { status: "invalid" }],
  ["const t = `a${", { status: "incomplete", indent: "  " }],
  ["/* open", { status: "incomplete", indent: "" }],
  ["const a =", { status: "incomplete", indent: "" }],
  ["enum E {", { status: "incomplete", indent: "  " }],
  ["const v = <div>", { status: "incomplete", indent: "" }],
  ["{ a: 1, b:", { status: "incomplete", indent: "" }],
  ["if (true) {\n  f()\n}", { status: "complete" }],
  ["const a = ;", { status: "invalid" }],
  [")", { status: "invalid" }],
  ["let a; let a", { status: "invalid" }],
])("%j is %j", (source, answer) => {
  expect(isComplete(source)).toEqual(answer);
});

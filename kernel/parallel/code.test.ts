import { expect, test } from "vitest";
import { cellCode } from "./code.ts";
import { parseHead } from "./head.ts";

const frame = { column: 16, options: "{}", file: "cell-1.ts" };
const codeOf = (body: string, head = "x of rows") => cellCode(parseHead(head), body, frame).code;

test("the expression keeps its column, and each line of the body its number", () => {
  const lines = codeOf("const y: number = 1\n\n  y + x // sum").split("\n");
  expect(lines[0]?.indexOf("rows")).toBe(frame.column);
  expect(lines[1]).toMatch(/^const y\s+= 1$/);
  expect(lines[3]).toBe("  return y + x // sum");
});

test.each([
  ["x", false],
  ["const f = async () => await x\nf()", false],
  ["await x", true],
  ["for await (const y of x) y", true],
  ["import fs from 'node:fs'\nx", true],
])("%j awaits: %j", (body, isAsync) => expect(codeOf(body).includes("async(x)=>")).toBe(isAsync));

test("dollar signs in a body stay as they are", () => {
  expect(codeOf("'$& $1 $$'")).toContain("'$& $1 $$'");
});

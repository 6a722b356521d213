import { expect, test } from "vitest";
import { maskCell } from "./masked-cell.ts";

/** A cell's text behind a formatter that does what `format` does. */
const through = (cell: string, format: (text: string) => string = (text) => text) => {
  const masked = maskCell(cell);
  return masked?.restore(format(masked.text));
};

test.each([
  "const a = 1",
  "%time f()\nconst a = 1\n!git status --short\n\n%who",
  "%%parallel -n 4 x of rows\nconst y = x\n%time f()",
  "%%bench --rounds 3\nconst a = `\n%time`\nleft: f(a)\ncommand: %sh sort a | head\nhome: GET http://localhost:1/",
  "%%time",
  '{ a: 1, "b": 2 }',
  "const a = 1;\n{ a, b: { c: [({ d: 1 })] } }",
  "const t = `\n%%rust\n%time x\n`",
])("a cell comes back as it was: %s", (cell) => {
  expect(through(cell)).toBe(cell);
});

test.each(["%%rust\nfn f() {}", "%%python\na = 1", "%%html\n<b>", "%%writefile a.ts\nconst a = 1"])(
  "what is no TypeScript is left alone: %s",
  (cell) => expect(maskCell(cell)).toBeUndefined(),
);

test("formatters may indent, quote and end statements as they like", () => {
  const printed = (text: string) => `\n${text.replaceAll("'", '"').replaceAll("_;", "_")};\n`;
  expect(through("%%time --out a\nf( 'x' )\n%who\ng(\n)", printed)).toBe(
    '%%time --out a\nf( "x" )\n%who\ng(\n);',
  );
});

test("code that changes sides of a magic line is not taken", () => {
  const cell = "import b from 'b'\n%npm install a\nimport a from 'a'\na(b)";
  expect(through(cell, (text) => text.split("\n").sort().join("\n"))).toBeUndefined();
  expect(through(cell, (text) => text.replace(/tandem_magic.*/, ""))).toBeUndefined();
  expect(through(cell, (text) => text.replaceAll("'", '"'))).toBe(cell.replaceAll("'", '"'));
});

test("a magic line ends the statement above it", () => {
  expect(maskCell("const a = b\n%who\n(c)")?.text).toMatch(/^const a = b\n\w+;\n\(c\)$/);
});

import { describe, expect, test } from "vitest";
import { splitCell } from "./split.ts";

const split = (source: string) => splitCell(source, ["who", "time"]);
/** The lines that were taken for magics. */
const magicLines = (source: string) =>
  split(source).flatMap((piece) => ("line" in piece ? [piece.line] : []));

describe("line magics among TypeScript", () => {
  test("take the cell apart, TypeScript's lines where they were", () => {
    expect(split("const a = 1\n%time f(a)\n\nconst b = 2\n%who\n")).toEqual([
      { typescript: "const a = 1\n" },
      { magic: "time", rest: "f(a)", line: 2 },
      { typescript: "\n\n\nconst b = 2\n" },
      { magic: "who", rest: "", line: 5 },
    ]);
    expect(split("%who")).toEqual([{ magic: "who", rest: "", line: 1 }]);
    expect(split("a\n  % b")).toEqual([{ typescript: "a\n  % b" }]);
  });

  const typescript: Record<string, string> = {
    "a remainder with a space": "a\n% who",
    "a remainder by another name": "a\n%b",
    "after an operator": "const a = b +\n%who",
    "after an arrow": "const f = () =>\n%who",
    "in brackets": "f(\n%who\n)",
    "in a block": "{\n%who\n}",
    "in a template": "`\n%who\n`",
    "in a template after an expression": "`$" + "{ {a: 1}.a }\n%who`",
    "in a comment": "/*\n%who\n*/",
    "in a comment that ends and starts again": "/* */ /*\n%who\n*/",
    "after an apostrophe in a regular expression": "x = /['\"`(]/;\nconst t = `\n%who`",
    "after a division": "a / b; `\n%who\n` / c",
    "after a regular expression by return": "const f = () => { return /`/ }\nconst t = `\n%who`",
    "in a string that goes on": "'\\\n%who'",
    "a longer name": "a\n%whose",
  };
  test.each(Object.entries(typescript))("not %s", (_, source) => {
    expect(magicLines(source)).toEqual([]);
    expect(split(source)).toEqual([{ typescript: source }]);
  });

  const magics: Record<string, string> = {
    "after a statement without a semicolon": "const a = b\n%who",
    "after a closed template": "`$" + "{`a`}`\n%who",
    "after a comment": "// it's (\n%who",
    "after increments": "i++\n%who",
    "after a broken string": "it's\n%who",
    "after a regular expression": "const r = /[/'(]/g\n%who",
    "after a type": "type A = Array<number>\n%who",
    "after another magic whose text is not TypeScript": "%time it's (\n%who",
  };
  test.each(Object.entries(magics))("%s", (_, source) => {
    expect(magicLines(source).at(-1)).toBe(source.split("\n").length);
  });

  test("that cannot be TypeScript either are errors", () => {
    expect(() => split("%whoo")).toThrow(/no line magic %whoo\. The nearest name is %who\./);
    expect(() => split("f();\n%nope")).toThrow(/no line magic %nope/);
    expect(() => split("\n%%rust\nfn f() {}")).toThrow(/%%rust stands on line 2/);
  });
});

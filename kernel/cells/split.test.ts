import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stripTypes } from "../typescript/strip.ts";
import type { LineMagic } from "./magic.ts";
import { splitCell } from "./split.ts";

const magic = (name: string, rest?: string): LineMagic => ({
  name,
  summary: "",
  options: [],
  example: "",
  ...(rest !== undefined && { rest }),
  run: async () => ({ status: "ok" }),
});
const table = [magic("who"), magic("time", "expression"), magic("sh", "command")];
/** Pieces with the magics by their names. */
const split = (source: string) =>
  splitCell(source, table).map((piece) =>
    "magic" in piece ? { magic: piece.magic.name, tail: piece.tail, line: piece.line } : piece,
  );
/** The lines that were taken for magics. */
const magicLines = (source: string) =>
  split(source).flatMap((piece) => ("line" in piece ? [piece.line] : []));

describe("line magics among TypeScript", () => {
  test("take the cell apart, TypeScript's lines where they were", () => {
    expect(split("const a = 1\n%time f(a)\n\nconst b = 2\n%who\n")).toEqual([
      { typescript: "const a = 1\n" },
      { magic: "time", tail: " f(a)", line: 2 },
      { typescript: "\n\n\nconst b = 2\n" },
      { magic: "who", tail: "", line: 5 },
    ]);
    expect(split("%who")).toEqual([{ magic: "who", tail: "", line: 1 }]);
    expect(split("%who \r\nx\r\n")).toEqual([
      { magic: "who", tail: " ", line: 1 },
      { typescript: "\nx\r\n" },
    ]);
    expect(split("a\n  % b")).toEqual([{ typescript: "a\n  % b" }]);
  });

  test("ask for their help by a question mark", () => {
    expect(split("f()\n%time?")).toEqual([
      { typescript: "f()\n" },
      { magic: "time", tail: " --help", line: 2 },
    ]);
  });

  const typescript: Record<string, string> = {
    "a remainder with a space": "a\n% who",
    "a remainder by another name": "a\n%b",
    "a remainder by a variable with the name of a magic that needs more": "a\n%time\n",
    "the same in the middle of an expression": "const a = b\n%time\n+ 1",
    "a remainder that a semicolon ends": "a\n%who;",
    "a member of what has the name": "a\n%who.length",
    "a call of what has the name": "a\n%time()",
    "after an operator": "const a = b +\n%who",
    "after an arrow": "const f = () =>\n%who",
    "in brackets": "f(\n%who\n)",
    "in a block": "{\n%who\n}",
    "in a template": "`\n%who\n`",
    "in a template after an expression": "`$" + "{ {a: 1}.a }\n%who`",
    "in a template inside a template": "`$" + "{`\n%who\n`}\n%who`",
    "in a JSX element": "const a = <p>\n%who\n!git status\n</p>",
    "in JSX that is nested, with attributes":
      "f(<p/>, 1); x = (<P.Q a={() => 1} b='>'>\n<P.Q>\n</P.Q>\n%who\n</P.Q>)",
    "in a fragment": "return <>\n%who\n{'a'}<i/></>",
    "in a comment": "/*\n%who\n*/",
    "in a comment that ends and starts again": "/* */ /*\n%who\n*/",
    "after an apostrophe in a regular expression": "x = /['\"`(]/;\nconst t = `\n%who`",
    "after a division": "a / b; `\n%who\n` / c",
    "after a regular expression by return": "const f = () => { return /`/ }\nconst t = `\n%who`",
    "in a string that goes on": "'\\\n%who'",
    "a longer name": "a\n%whose",
    indented: "a;\n if (b) c\n %who",
  };
  test.each(Object.entries(typescript))("not %s", (_, source) => {
    expect(magicLines(source)).toEqual([]);
    expect(split(source)).toEqual([{ typescript: source }]);
  });

  const found: Record<string, string> = {
    "after a statement without a semicolon": "const a = b\n%who",
    "after a closed template": "`$" + "{`a`}`\n%who",
    "after a comment": "// it's (\n%who",
    "after increments": "i++\n%who",
    "after a broken string": "it's\n%who",
    "after a regular expression": "const r = /[/'(]/g\n%who",
    "after a type": "type A = Array<number>\n%who",
    "after a JSX element": "const a = <p title='`'>it's ` (</p>\n%who",
    "after an empty JSX element": "const a = <P.Q x={1} />\n%who",
    "after a function with a type parameter": "const f = <T>(x: T) => x\n%who",
    "after a comparison": "const b = a < c\nif (a <b) f()\n%who",
    "after another magic whose text is not TypeScript": "%time it's (\n%who",
  };
  test.each(Object.entries(found))("%s", (_, source) => {
    expect(magicLines(source).at(-1)).toBe(source.split("\n").length);
  });

  test("that cannot be TypeScript either are errors", () => {
    expect(() => split("%whoo")).toThrow(/no line magic %whoo\. The nearest name is %who\./);
    expect(() => split("f();\n%nope")).toThrow(/no line magic %nope/);
    expect(() => split("\n%%rust\nfn f() {}")).toThrow(/%%rust stands on line 2/);
  });
});

describe("commands behind an exclamation mark", () => {
  test.each([
    "!git status",
    "!npm install left-pad",
    "!echo 'a b' | wc -l",
    "!./run.sh --fast",
    "f()\n!cat a.txt",
  ])("%s", (source) => {
    const command = source.split("!")[1];
    expect(split(source).at(-1)).toEqual({
      magic: "sh",
      tail: ` -- ${command}`,
      line: source.split("\n").length,
    });
  });

  test.each([
    "!done",
    "!done && f()",
    "!ls -la",
    "!function () {\n f()\n}()",
    "!(async () => {\n  await f()\n})()",
    "!f(a,\n  b)",
    "!a\n  || b",
    "!a ? b :\n c",
    "!`\n`.length",
    "{\n!git status\n}",
    "`\n!git status\n`",
    "!",
    "!!git",
  ])("not %j", (source) => {
    expect(split(source)).toEqual([{ typescript: source }]);
  });
});

/** Whole statements, each of which leaves the next line at the start of a statement. */
const statements = [
  "const a = 1",
  "let s = `x\n%who\n$" + "{ [1].map((n) => `\n%time f()\n$" + "{n}`) }\n!git status\n`;",
  "f(\n  '(', \"[\", /[/({`'\"]/g,\n)",
  "/* `\n%who\n ( */",
  "// don't ` ( {",
  "if (a) {\n%who\n}\n".replace("%who", "  b()"),
  "const o = { a: [\n1, 2] }",
  "i++",
  "a / b / c",
  "const t = a ? 'x' : `y`",
  "type T<A> = { [K in keyof A]: A[K] }[]",
  "class C { #x = /\\//; m() { return `$" + "{this.#x}` } }",
  "for (const x of [1]) {\n  g(x % 2)\n}",
  "a =\n  b",
  "label: while (a) break label",
  "const r = s.replace(/`/g, '\\'')",
  "x\n  .y()\n  ?.z",
  "const j = <p a='x'>\n%who\n!git status `\n<b>it's</b></p>",
  "const g = <T,>(x: T): x is T => x < 1",
  "",
];
const magicTexts = ["%who", "%time f(`) it's", "%time x = [", "%sh echo '", "!git commit -m \"it's ("];

describe("whatever the cell", () => {
  const part = fc.oneof(
    fc.constantFrom(...statements).map((text) => ({ text, isMagic: false })),
    fc.constantFrom(...magicTexts).map((text) => ({ text, isMagic: true })),
  );

  test("magics between whole statements are found, and nothing else is", () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.constantFrom("\n", "\r\n"), (parts, end) => {
        const source = parts.map(({ text }) => text.replaceAll("\n", end)).join(end);
        const expected: number[] = [];
        let line = 1;
        for (const { text, isMagic } of parts) {
          if (isMagic) expected.push(line);
          line += text.split("\n").length;
        }
        expect(magicLines(source)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test("no line is lost, and each stays on its number", () => {
    const lines = fc.constantFrom(
      ...statements.flatMap((text) => text.split("\n")),
      ...magicTexts,
      "%b",
      "%%x",
      "*/",
    );
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 15 }), (chosen) => {
        const source = chosen.join("\n");
        let pieces: ReturnType<typeof split>;
        try {
          pieces = split(source);
        } catch (error) {
          // Lines that can be neither, each with its place or its name.
          expect(String(error)).toMatch(/stands on line|no line magic/);
          return;
        }
        const seen = chosen.map(() => "");
        for (const piece of pieces) {
          if ("line" in piece) seen[piece.line - 1] = chosen[piece.line - 1] ?? "";
          else for (const [i, text] of piece.typescript.split("\n").entries()) if (text) seen[i] = text;
        }
        // White space alone is no piece.
        expect(seen.map((text) => text.trim())).toEqual(chosen.map((text) => text.trim()));
      }),
      { numRuns: 1000 },
    );
  });

  test("a cell that is TypeScript is never taken apart inside a template, a comment or brackets", () => {
    const inside = fc.constantFrom("%who", "%time f()", "!git status", "%b", "text", "%%rust");
    const around = fc.constantFrom(
      ["`", "`"],
      ["/*", "*/"],
      ["(`", "`)"],
      ["f(1,`$" + "{`", "`}`)"],
    ) as fc.Arbitrary<[string, string]>;
    fc.assert(
      fc.property(fc.array(inside, { minLength: 1, maxLength: 6 }), around, (lines, [open, close]) => {
        const source = `const a = 1\n${open}\n${lines.join("\n")}\n${close}\n`;
        stripTypes(source, "cell.ts");
        expect(split(source)).toEqual([{ typescript: source }]);
      }),
    );
  });
});

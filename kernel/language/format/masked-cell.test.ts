import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { expect, test } from "vitest";
import { isJsx } from "../../typescript/strip.ts";
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

const notebooks = join(import.meta.dirname, "../../../notebooks");

test.each(readdirSync(notebooks).filter((name) => name.endsWith(".ipynb")))(
  "Prettier formats every TypeScript cell of %s, and what it has formatted stays as it is",
  async (name) => {
    const { cells } = JSON.parse(readFileSync(join(notebooks, name), "utf8")) as {
      cells: { cell_type: string; source: string | string[] }[];
    };
    const print = async (cell: string) => {
      const masked = maskCell(cell);
      if (!masked) return cell;
      const filepath = isJsx(masked.text) ? "cell.tsx" : "cell.ts";
      return masked.restore(await format(masked.text, { filepath, semi: false }));
    };
    const magicLines = (cell: string) => cell.match(/^(?:%|!\w+ \w).*$/gm);
    for (const { cell_type, source } of cells) {
      const cell = [source].flat().join("");
      if (cell_type !== "code") continue;
      const printed = await print(cell);
      if (printed === undefined) throw new Error(`Code moved across a magic line: ${cell}`);
      expect(magicLines(printed)).toEqual(magicLines(cell));
      expect(await print(printed)).toBe(printed);
    }
  },
);

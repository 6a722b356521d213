import { expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { cellEdits, cellRange, showsTypeScript } from "./places.ts";
import { type CellView, toCell, toView } from "./views.ts";

const range = (line: number, from: number, to: number, last = line) => ({
  start: { line, character: from },
  end: { line: last, character: to },
});

function viewOf(text: string, seen = text, wrapped?: CellView["wrapped"]): CellView {
  const cell = { uri: "cell", language: "tandem-typescript", text, index: 0 };
  return { cell, text: seen, isTypeScript: true, ...(wrapped && { wrapped }) };
}

const applied = (view: CellView, edits: Parameters<typeof cellEdits>[1]) =>
  TextDocument.applyEdits(TextDocument.create("cell", "x", 1, view.cell.text), cellEdits(view, edits));

test("an object literal in parentheses: columns behind them are two less", () => {
  const view = viewOf("const a = 1\n{ a, b: 2 }", "const a = 1\n;({ a, b: 2 })", { line: 1, column: 0 });
  for (const character of [0, 2, 5]) {
    const own = { line: 1, character };
    expect(toCell(view, toView(view, own))).toEqual(own);
  }
  expect(toView(view, { line: 1, character: 2 })).toEqual({ line: 1, character: 4 });
  expect(toView(view, { line: 0, character: 8 })).toEqual({ line: 0, character: 8 });
  expect(cellRange(view, range(1, 4, 5))).toEqual(range(1, 2, 3));
});

test("what the user did not write has no place", () => {
  const view = viewOf("%%parallel x of rows\nx", "for (const x of rows) {\nx\n}");
  expect(cellRange(view, range(0, 0, 3))).toBeUndefined();
  expect(cellRange(view, range(1, 0, 1))).toEqual(range(1, 0, 1));
  expect(cellRange(view, range(2, 0, 1))).toBeUndefined();
});

test("in a magic's head TypeScript is where the view has the same words", () => {
  const view = viewOf("%%parallel --out r x of rows\nx", "                   x of rows");
  expect(showsTypeScript(view, { line: 0, character: 28 })).toBe(true);
  expect(showsTypeScript(view, { line: 0, character: 8 })).toBe(false);
  expect(showsTypeScript(view, { line: 1, character: 0 })).toBe(true);
});

const below = { range: range(2, 30, 30), newText: 'import { join } from "node:path";\n' };

test.each<[string, string, string]>([
  ["on the first line", "join()\n1", 'import { join } from "node:path";\njoin()\n1'],
  [
    "below a magic's head",
    "%%parallel x of y\njoin()",
    '%%parallel x of y\nimport { join } from "node:path";\njoin()',
  ],
  [
    "below the imports at the top, as they are written",
    'import {\n  a,\n} from "a"\njoin()',
    'import {\n  a,\n} from "a"\nimport { join } from "node:path"\njoin()',
  ],
  ["at the end of an import alone", 'import "a";', 'import "a";\nimport { join } from "node:path";\n'],
])("an import that is put below goes to the top: %s", (_what, text, expected) => {
  const line = text.split("\n").length;
  const view = viewOf(text);
  expect(applied(view, [{ ...below, range: range(line, 30, 30) }])).toBe(expected);
});

test("imports in order are the user's alone, and do not reach below the cell", () => {
  const view = viewOf('import b from "b"\nimport a from "a"');
  const newText = 'import a from "a";\nimport { xˑ1 as x, } from "./.tandem-n1-all";\nimport b from "b";\n';
  const edits = [
    { range: range(0, 0, 0, 1), newText },
    { range: range(1, 0, 1, 2), newText: "" },
    { range: range(2, 1, 40), newText: "" },
  ];
  expect(applied(view, edits)).toBe('import a from "a"\nimport b from "b"\n');
});

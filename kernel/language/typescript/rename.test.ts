import { expect, test } from "vitest";
import type { WorkspaceEdit } from "vscode-languageserver";
import type { CellSource, OpenedNotebook } from "../../../test/language-client.ts";
import { useLanguages } from "../../../test/use-languages.ts";

const client = useLanguages({ "lib.ts": "export const twice = (n: number) => 2 * n;\n" });

/** Asks for the name at the one cursor in the cells to be changed. */
async function rename(cells: readonly CellSource[], newName: string) {
  const notebook = client.open(cells);
  const { cell, ...position } = notebook.place;
  const edit = await notebook.ask<WorkspaceEdit | null>("rename", cell, { position, newName });
  return { notebook, edit };
}

const textsOf = (notebook: OpenedNotebook, cells: readonly CellSource[], edit: WorkspaceEdit | null) =>
  cells.map((_cell, index) => notebook.applied(index, edit?.changes?.[notebook.uriOf(index)] ?? []));

test.each<[string, string[], string[]]>([
  [
    "an imported name, which its module keeps",
    ['import { twice‸ } from "./lib"', "twice(2)"],
    ['import { twice as sum } from "./lib"', "sum(2)"],
  ],
  [
    "a name that an import gives",
    ['import { twice as t‸ } from "./lib"', "t(2)"],
    ['import { twice as sum } from "./lib"', "sum(2)"],
  ],
  [
    "a destructured name, whose property stays",
    ["const { a‸, b } = { a: 1, b: 2 }", "a + b"],
    ["const { a: sum, b } = { a: 1, b: 2 }", "sum + b"],
  ],
  [
    "a class, in types too",
    [
      "class Bo‸x { static of(): Box { return new Box() } }",
      "const b: Box = Box.of()\nfunction f(x: Box[]): asserts x is [Box] {}",
    ],
    [
      "class sum { static of(): sum { return new sum() } }",
      "const b: sum = sum.of()\nfunction f(x: sum[]): asserts x is [sum] {}",
    ],
  ],
  [
    "an interface's property",
    ["interface P { x‸: number; y: number }", "const p: P = { x: 1, y: 2 }\nconst { x } = p\np.x + x"],
    [
      "interface P { sum: number; y: number }",
      "const p: P = { sum: 1, y: 2 }\nconst { sum: x } = p\np.sum + x",
    ],
  ],
  [
    "a name in a shorthand property",
    ["const width = 1", "const o = { width‸ }\no.width"],
    ["const sum = 1", "const o = { width: sum }\no.width"],
  ],
  [
    "a function's own variable",
    ["function f() { const v‸ = 1; return v }", "const v = 2"],
    ["function f() { const sum = 1; return sum }", "const v = 2"],
  ],
  [
    "a parameter with the name of a cell's",
    ["const v = 1", "function f(v‸: number) { return v }"],
    ["const v = 1", "function f(sum: number) { return sum }"],
  ],
  [
    "a name of a later cell",
    ["function f() { return later() }", "function lat‸er() {}"],
    ["function f() { return sum() }", "function sum() {}"],
  ],
  [
    "what a head of %%parallel captures",
    ["const ro‸ws = [1]", "%%parallel --out r x of rows\nx + rows.length", "r.length + rows.length"],
    ["const sum = [1]", "%%parallel --out r x of sum\nx + sum.length", "r.length + sum.length"],
  ],
  [
    "what %%parallel shares",
    ["const ro‸ws = [1]", "%%parallel --share 'a,rows' --reduce f x of [1]\nx + rows.length"],
    ["const sum = [1]", "%%parallel --share 'a,sum' --reduce f x of [1]\nx + sum.length"],
  ],
  [
    "what Python takes of another cell",
    ["const v‸ = 1\nv", "const v = 2", "%%python --in v\nv"],
    ["const sum = 1\nsum", "const v = 2", "%%python --in v\nv"],
  ],
  [
    "the item of %%parallel",
    ["const rows = [1]", "%%parallel x of rows\nx‸ * 2"],
    ["const rows = [1]", "%%parallel sum of rows\nsum * 2"],
  ],
  [
    "what %%bench, %time and %%profile use",
    [
      "function wor‸k(n: number) { return n }",
      "%%bench\na: work(1)\nb: { work(2) }",
      "%time work(3)",
      "%%profile\nwork(4)",
    ],
    [
      "function sum(n: number) { return n }",
      "%%bench\na: sum(1)\nb: { sum(2) }",
      "%time sum(3)",
      "%%profile\nsum(4)",
    ],
  ],
])("renames %s", async (_what, cells, expected) => {
  const { notebook, edit } = await rename(cells, "sum");
  expect(textsOf(notebook, cells, edit)).toEqual(expected);
});

test.each<[string, string[], string, RegExp]>([
  ["what is no name", ["const a‸ = 1"], "1x", /1x/],
  ["a word of the language", ["const a‸ = 1"], "class", /class/],
  ["a name that the cell declares", ["const a‸ = 1\nconst b = 2"], "b", /b/],
  ["a name that another cell declares", ["const a‸ = 1", "const b = 2"], "b", /b.*cell 2|cell 2.*b/i],
  [
    "a name that stands in a function around a use",
    ["const a‸ = 1", "function f(b: number) { return a + b }"],
    "b",
    /b/,
  ],
  ["what Python takes", ["const a‸ = 1", "%%python --in b,a\na"], "c", /Cell 2 takes it by --in/],
  ["what is there without a cell", ["pm‸ap([1], (n) => n)"], "c", /declared in no cell/],
  [
    "what a magic line declares",
    ["%%python --out mean\nmean = 1", "mea‸n"],
    "c",
    /Cell 1 has it from its magic line/,
  ],
])("refuses %s", async (_what, cells, name, expected) => {
  await expect(rename(cells, name)).rejects.toThrow(expected);
});

import { expect, test } from "vitest";
import type { CodeAction } from "vscode-languageserver";
import type { OpenedNotebook } from "../../../test/language-client.ts";
import { useLanguages } from "../../../test/use-languages.ts";

const client = useLanguages({
  "lib.ts": "export const twice = (n: number) => 2 * n;\nexport const thrice = (n: number) => 3 * n;\n",
});

/** The actions at a cell's cursor, once it has findings. */
async function actionsIn(cells: readonly string[]) {
  const notebook = client.open(cells);
  const { place } = notebook;
  await notebook.diagnosed(place.cell);
  return { notebook, cell: place.cell, actions: await notebook.actions(place) };
}

const applied = (notebook: OpenedNotebook, cell: number, action: CodeAction | undefined) =>
  notebook.applied(cell, action?.edit?.changes?.[notebook.uriOf(cell)] ?? []);

test.each<[string, string[], RegExp, string]>([
  [
    "a misspelt name of another cell",
    ["const greeting = 1", "greetin‸.toFixed()"],
    /greeting/,
    "greeting.toFixed()",
  ],
  ["a misspelt member", ["const word = 'x'", "word.lenght‸"], /length/, "word.length"],
  ["an import", ["twi‸ce(2)"], /^Add import from ".\/lib"/, 'import { twice } from "./lib";\ntwice(2)'],
  [
    "an import, to one that is there",
    ['import { twice } from "./lib"\ntwice(thr‸ice(2))'],
    /"\.\/lib"/,
    'import { thrice, twice } from "./lib"\ntwice(thrice(2))',
  ],
  [
    "an await",
    ["const load = async () => ({ rows: [1] })", "const it = load()\nit.ro‸ws"],
    /await/,
    "const it = load()\n(await it).rows",
  ],
  [
    "an interface's members",
    ["interface Shape { area(): number }", "class Sq‸uare implements Shape {}"],
    /Implement interface/,
    'class Square implements Shape {\n    area(): number {\n        throw new Error("Method not implemented.");\n    }\n}',
  ],
])("a fix: %s", async (_what, cells, title, expected) => {
  const { notebook, cell, actions } = await actionsIn(cells);
  const fix = actions.find((action) => title.test(action.title));
  expect(fix ? applied(notebook, cell, fix) : actions.map((action) => action.title)).toBe(expected);
});

async function sourceActions(notebook: OpenedNotebook, cell: number, only?: string[]) {
  const lines = notebook.textOf(cell).split("\n");
  const range = { start: { line: 0, character: 0 }, end: { line: lines.length - 1, character: 0 } };
  const context = { diagnostics: [], ...(only && { only }) };
  return notebook.ask<CodeAction[]>("codeAction", cell, { range, context });
}

test("imports are put in order where that is asked for: those below the cell stay, and those that only other cells use", async () => {
  const cells = [
    "const own = 1",
    'import { twice, thrice } from "./lib"\nimport { join } from "node:path"\nimport { basename } from "node:path"\nown + twice(1)',
    "thrice(1); join('a'); basename('b')",
  ];
  const notebook = client.open(cells);
  const [organize, ...more] = await sourceActions(notebook, 1, ["source.organizeImports"]);
  expect(more).toEqual([]);
  expect(applied(notebook, 1, organize)).toBe(
    'import { basename, join } from "node:path"\nimport { thrice, twice } from "./lib"\nown + twice(1)',
  );
});

test("what is of the whole cell is offered only where that is asked for", async () => {
  const notebook = client.open(['import { twice, thrice } from "./lib"\nimport { join } from "node:path"']);
  const kinds = (await sourceActions(notebook, 0)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind?.startsWith("source"))).toEqual([]);
  const asked = await sourceActions(notebook, 0, ["source"]);
  expect(asked.every(({ kind }) => kind?.startsWith("source"))).toBe(true);
});

import { expect, test } from "vitest";
import type {
  DocumentHighlight,
  InlayHint,
  Location,
  LocationLink,
  SignatureHelp,
} from "vscode-languageserver";
import type { CellSource, OpenedNotebook } from "../../../test/language-client.ts";
import { useLanguages } from "../../../test/use-languages.ts";

/** What is asked of TypeScript in and around cells with magics. */
const client = useLanguages();

function placeIn(notebook: OpenedNotebook) {
  const { cell, ...position } = notebook.place;
  return { place: notebook.place, cell, position };
}

const rust =
  "%%rust\n/// Doubles.\npub fn double(n: i32) -> i32 { 2 * n }\npub fn sum(of: &[f64]) -> f64 { of.iter().sum() }";
const python = "%%python\ndef half(n: int) -> float:\n    return n / 2";

test.each<[string, CellSource[], string]>([
  [
    "an item in a head of %%parallel",
    ["const rows = [{ w: 1 }]", "%%parallel ro‸w of rows\nrow.w"],
    "const row: {",
  ],
  [
    "an item in its body",
    ["const rows = [{ w: 1 }]", "%%parallel row of rows\nrow.w + ro‸w.w"],
    "const row: {",
  ],
  ["a list in its head", ["const rows = [{ w: 1 }]", "%%parallel row of ro‸ws\nrow.w"], "const rows: {"],
  ["its result in a later cell", ["%%parallel --out areas x of [1, 2]\nx * 2", "are‸as"], "areas: number[]"],
  [
    "a side of %%bench",
    ["const f = (n: number) => n", "%%bench\nconst k = 3\none: f(‸k)\ntwo: { f(1) }"],
    "const k: 3",
  ],
  ["a line of %time", ["const f = (n: number) => n", "%time ‸f(2)"], "const f: (n: number) => number"],
  ["a cell of %%profile", ["const f = (n: number) => n", "%%profile\nconst r = f(2)\n‸r"], "const r: number"],
  ["a function of Rust", [rust, "dou‸ble(2)"], "const double: (n: number) => number"],
  ["a function of Python", [python, "await py.ha‸lf(2)"], "half"],
])("hover: %s", async (_what, cells, expected) => {
  const notebook = client.open(cells);
  expect(await notebook.hover(placeIn(notebook).place)).toContain(expected);
});

test.each<[string, CellSource[], string]>([
  ["what a head of %%parallel captures", ["const rows = [1]", "%%parallel x of ro‸ws\nx"], "0 0:6"],
  ["an item, from the body", ["const rows = [1]", "%%parallel x of rows\n‸x + 1"], "1 0:11"],
  ["what a side of %%bench calls", ["function f() {}", "%%bench\na: f‸()\nb: f()"], "0 0:9"],
  ["what %time calls", ["function f() {}", "%time f‸()"], "0 0:9"],
])("definition: %s", async (_what, cells, expected) => {
  const notebook = client.open(cells);
  const { cell, position } = placeIn(notebook);
  const found = await notebook.ask<LocationLink[]>("definition", cell, { position });
  expect(
    found.map(
      ({ targetUri, targetSelectionRange: { start } }) =>
        `${targetUri.slice(-1)} ${start.line}:${start.character}`,
    ),
  ).toEqual([expected]);
});

test.each<[string, CellSource[], string[]]>([
  [
    "a name that magics use",
    [
      "const ro‸ws = [1]",
      "%%parallel x of rows\nx + rows.length",
      "%%bench\na: rows.length\nb: 1",
      "%time rows.at(0)",
    ],
    ["0 0:6", "1 0:16", "1 1:4", "2 1:3", "3 0:6"],
  ],
  [
    "a function of Rust, from a use",
    [rust, "dou‸ble(2)", "double(3) + sum(new Float64Array(1))"],
    ["0 2:7", "1 0:0", "2 0:0"],
  ],
])("references: %s", async (_what, cells, expected) => {
  const notebook = client.open(cells);
  const { cell, position } = placeIn(notebook);
  const context = { includeDeclaration: true };
  const found = await notebook.ask<Location[]>("references", cell, { position, context });
  const places = found.map(
    ({ uri, range: { start } }) => `${uri.slice(-1)} ${start.line}:${start.character}`,
  );
  expect(places.sort()).toEqual(expected);
});

test("highlights: the uses in the cell, in a head too", async () => {
  const notebook = client.open(["const rows = [1]", "%%parallel x of ro‸ws\nx + rows.length"]);
  const { cell, position } = placeIn(notebook);
  const found = await notebook.ask<DocumentHighlight[]>("documentHighlight", cell, { position });
  expect(found.map(({ range: { start } }) => `${start.line}:${start.character}`)).toEqual(["0:16", "1:4"]);
});

test("signatures in the body of a magic's cell", async () => {
  const notebook = client.open([
    "function area(w: number, h: number) { return w * h }",
    "%%parallel x of [1]\narea(x, ‸)",
  ]);
  const { cell, position } = placeIn(notebook);
  const help = await notebook.ask<SignatureHelp>("signatureHelp", cell, { position });
  expect(help.signatures[0]?.label).toBe("area(w: number, h: number): number");
});

test("no hints where the settings ask for none", async () => {
  const notebook = client.open(["const a = [1].map((n) => n)"]);
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 27 } };
  expect(await notebook.ask<InlayHint[]>("inlayHint", 0, { range })).toEqual([]);
});

test.each<[string, CellSource[], RegExp]>([
  [
    "a wrong argument of Rust",
    [rust, 'double("x")'],
    /'string' is not assignable to parameter of type 'number'/,
  ],
  ["a wrong use of an item", ["%%parallel x of [1, 2]\nx.trim()"], /'trim' does not exist on type 'number'/],
  [
    "a wrong side of %%bench",
    ["const f = (n: number) => n", '%%bench\na: f("x")\nb: f(1)'],
    /not assignable to parameter of type 'number'/,
  ],
])("an error: %s", async (_what, cells, expected) => {
  const notebook = client.open(cells);
  const found = await notebook.diagnosed(cells.length - 1);
  expect(found.map(({ message }) => message)).toEqual([expect.stringMatching(expected)]);
});

import { expect, it } from "vitest";
import { cellPlaces, parseNotebook } from "./notebook.ts";
import { readParameter, unknownParameters, withParameters } from "./parameters.ts";

const cell = (source: string, ...tags: string[]) => ({
  cell_type: "code",
  execution_count: null,
  metadata: tags.length > 0 ? { tags } : {},
  outputs: [],
  source,
});
const text = (cells: unknown[], minor = 5) =>
  `${JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: minor }, null, 1)}\n`;
const parse = (cells: unknown[], minor?: number) => parseNotebook(text(cells, minor), "a.ipynb");
const sources = (notebook: { cells: readonly { source: string }[] }) =>
  notebook.cells.map(({ source }) => source);

it.each([
  ["7", "7"],
  ["-1.5e3", "-1.5e3"],
  ["true", "true"],
  ["null", "null"],
  ['[1, {"a": 2}]', '[1, {"a": 2}]'],
  ["9007199254740993", "9007199254740993n"],
  ["text", '"text"'],
  ["True", '"True"'],
  ['"7"', '"7"'],
  ["2026-01-01", '"2026-01-01"'],
  ['a"b\n', '"a\\"b\\n"'],
  ["", '""'],
])("reads %j as the TypeScript %s", (value, code) => {
  expect(readParameter("x", value)).toEqual({ name: "x", code });
});

it("stands behind the cell of the defaults, and changes no byte besides", () => {
  const before = text([cell("1"), cell("const n = 1", "parameters"), cell("n")]);
  const after = withParameters(parseNotebook(before, "a"), [{ name: "n", code: "7" }], "a");
  expect(sources(after)).toEqual(["1", "const n = 1", "// Parameters\nlet n = 7", "n"]);
  expect(after.cells[2]?.tags).toEqual(["injected-parameters"]);
  // Cutting the cell out again leaves what was there.
  const place = cellPlaces(after.text)[2];
  expect(place && after.text.slice(0, place.start) + after.text.slice(place.end).replace(/^,\s*/, "")).toBe(
    before,
  );
});

it("stands first where no cell has defaults", () => {
  const after = withParameters(parse([cell("n")]), [{ name: "n", code: "7" }], "a");
  expect(sources(after)).toEqual(["// Parameters\nlet n = 7", "n"]);
  expect(after.cells[0]?.id).toMatch(/^[0-9a-f]{8}$/);
  expect(sources(withParameters(parse([]), [{ name: "n", code: "7" }], "a"))).toHaveLength(1);
  expect(withParameters(parse([cell("n")], 4), [], "a").cells[0]?.id).toBeUndefined();
});

it("replaces the parameters of an earlier run", () => {
  const once = withParameters(
    parse([cell("let n = 1", "parameters"), cell("n")]),
    [{ name: "n", code: "2" }],
    "a",
  );
  const twice = withParameters(once, [{ name: "n", code: "3" }], "a");
  expect(sources(twice)).toEqual(["let n = 1", "// Parameters\nlet n = 3", "n"]);
  expect(twice.text).toBe(once.text.replace("let n = 2", "let n = 3"));
});

it("knows the names that the defaults do not have", () => {
  const notebook = parse([cell("let n = 1, größe = 2", "parameters")]);
  const given = ["n", "größe", "m"].map((name) => ({ name, code: "1" }));
  expect(unknownParameters(notebook, given)).toEqual(["m"]);
  expect(unknownParameters(parse([cell("let n = 1")]), given)).toEqual([]);
});

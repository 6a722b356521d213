// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells hold templates.
import { expect, test } from "vitest";
import { problemsIn, shown } from "../../../test/editor-findings.ts";
import { useLanguages } from "../../../test/use-languages.ts";

const client = useLanguages({ "lib.ts": "export const twice = (n: number) => 2 * n;\n" });

const above = `interface Row { id: number; name?: string }
const rows: Row[] = [{ id: 1 }]
let count = 0
function total(list: readonly Row[]) { return list.length }
function Card(props: { title: string }) { return null }
const React = { createElement: (...all: unknown[]) => all }`;
const below = "rows.map(({ id }) => id.toFixed())\ntotal(rows) + first.toFixed().length + count";

/** Cells as somebody types them, each with what stood there before in its first line. */
const written: Record<string, string> = {
  "a function with a loop":
    "const first = 1\nfunction sum(of: Row[]) {\n  let s = 0\n  for (const { id } of of.filter((one) => one.id > 0)) {\n    s += id\n  }\n  return `sum: ${s.toFixed(total(of))}`\n}\nsum(rows)",
  "a class":
    "const first = 1\n/** A box of `rows` {@link Row}. */\nclass Box<T extends Row> {\n  readonly #all: T[] = [];\n  get size() { return this.#all.length }\n  static of(list: Row[]) { return new Box<Row>() }\n}\nBox.of(rows).size",
  "calls of calls":
    'const first = 1\nconsole.log(JSON.stringify(rows.map((row) => ({ ...row, name: row.name ?? "none" })), (key, value) => value, 2))',
  "text in all quotes":
    "const first = 1\nconst text = 'it is ' + \"quoted\" + `\n  ${rows.map(({ name }) => `<${name}>`).join('{')} and\n  more` + /[`'\"({]+/.source",
  elements:
    'const first = 1\nconst el = <ul className="list" id={"a"}>\n  {rows.map((row) => (\n    <li key={row.id}>{row.name} &amp; <b>bold</b></li>\n  ))}\n</ul>\nel',
  types:
    "const first = 1\ntype Deep<T> = { [K in keyof T]?: T[K] extends object ? Deep<T[K]> : T[K] }\ninterface More extends Row { deep: Deep<Row>; call(a: number): (b: string) => void }\nenum Kind { A = 1, B }\nnamespace N { export const k: Kind = Kind.B }",
  "imports and awaiting":
    'import { readFile } from "node:fs/promises"\nimport { twice } from "./lib"\nconst first = twice(2)\ntry {\n  const text = await readFile("x", { encoding: "utf8" })\n  count = text.length\n} catch (error) {\n  switch (total(rows)) { case 1: throw error; default: }\n}',
  "magic lines and comments":
    "const first = 1\n%time total(rows)\n// a comment with { and `\n/* over\n   lines */ const o = { a: 1, [`b${count}`]: [1, 2, { c: 3 }] }\no.a",
};

test.each(Object.entries(written))(
  "%s is typed: it is completed and checked, and no other cell has an error",
  { timeout: 120_000 },
  async (_what, text) => {
    const start = text.indexOf("\n", text.indexOf("first")) + 1;
    const notebook = client.open([above, text.slice(0, start), below, "0"]);
    for (let end = start; end < text.length + 20; end += 20) {
      const place = notebook.edit(1, text.slice(0, end));
      const sentinel = `missing${end}`;
      notebook.edit(3, sentinel);
      expect((await notebook.complete(place))?.items ?? []).toBeInstanceOf(Array);
      await notebook.diagnosed(3, ({ message }) => String(message).includes(sentinel));
      // What was found with it is here when an answer is; and names keep their types for other cells.
      expect(await notebook.hover({ cell: 2, line: 1, character: 15 })).toMatch(/const first: (1|number)\n/);
      const others = problemsIn(client, notebook, 3).filter(({ cell }) => cell !== 1);
      expect(others.map(shown), text.slice(0, end)).toEqual([]);
    }
    expect(problemsIn(client, notebook, 2).map(shown)).toEqual([]);
    notebook.close();
  },
);

test.each<[string, string, string]>([
  ["an unclosed call", "total(ro‸", "rows"],
  ["a call in a call", "console.log(total(rows.‸", "filter"],
  ["an object literal", "const r: Row = { ‸", "id"],
  ["an unclosed function", "function f() {\n  const x = 1\n  ‸", "rows"],
  ["behind an unclosed function", "function f() {\n  if (1) {\n}\nto‸", "total"],
  ["a template's hole", "const t = `a ${ro‸", "rows"],
  ["a template's hole that is closed", "const t = `a ${rows.‸} b`", "map"],
  [
    "an element's attribute",
    "const el = <Box i‸ />\nfunction Box(props: { id: number }) { return null }",
    "id",
  ],
  ["a tag that is not closed", "const el = <Card ti‸", "title"],
  ["a tag that is not closed, above other code", "const el = <Card ti‸\nconst z = 1", "title"],
  ["an element's expression", "const el = <b>{ro‸}</b>", "rows"],
  ["an unclosed element", "const el = <i><b>x</b>{ro‸", "rows"],
  ["a path", 'import { twice } from "./‸"', "lib"],
  ["a path that is not closed", 'import { twice } from "./‸', "lib"],
  ["a module of Node's", 'import { join } from "node:pa‸"', "node:path"],
  ["an import's names", 'import { tw‸ } from "./lib"', "twice"],
  ["a comment for tools", "/**\n * @para‸\n */\nfunction g(a: number) {}", "param"],
  ["a type", "const r: Ro‸", "Row"],
  ["a decorator", "@to‸\nclass A {}", "total"],
  ["behind a syntax error", "const = 1\nro‸", "rows"],
  ["after a magic line", "%config check = off\nro‸", "rows"],
  ["a member half-written above other code", "rows.‸\nconst z = 1", "map"],
])("completion in %s", async (_what, text, label) => {
  const notebook = client.open([above, "0"]);
  const place = notebook.edit(1, text);
  const list = await notebook.complete(place);
  const labels = (list?.items ?? []).map((item) => item.label.replace(/^@/, ""));
  expect(labels.find((one) => one === label) ?? labels.slice(0, 12)).toBe(label);
  notebook.close();
});

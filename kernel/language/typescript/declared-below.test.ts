// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells hold templates.
import { expect, test } from "vitest";
import { declaredBelow, usedAtOnce } from "./declared-below.ts";

test.each<[string, string[]]>([
  ["a + b.c", ["a", "b"]],
  ["f(a, { k: b, s })", ["f", "a", "b", "s"]],
  ["class C extends Base { x = later; m() { return later } }", ["Base"]],
  ["const f = () => later\nfunction g(x = later) { return later }", []],
  ["typeof maybe === 'undefined'", []],
  ["{ const a = 1; a }\na", []],
  ["try {} catch (e) { e }", []],
  ["import x, { y as z } from 'm'\nx + z", []],
  ["outer: for (const i of list) continue outer", ["list"]],
  ["const t: Type = value as Other", ["value"]],
  ["await load(`${x}`)", ["load", "x"]],
  ["const half = (", []],
])("at once %s uses %j", (text, names) => {
  expect(usedAtOnce(text).map(({ name }) => name)).toEqual(names);
});

test("it is said at the first use, with the place of the declaration", () => {
  const cell = { uri: "c", language: "tandem-typescript", text: "1\nf(a, a)", index: 0 };
  const view = { cell, text: cell.text, isTypeScript: true };
  const location = { uri: "d", range: { start: { line: 0, character: 6 }, end: { line: 0, character: 7 } } };
  const below = new Map([["a", location]]);
  expect(declaredBelow(view, below)).toMatchObject([
    {
      range: { start: { line: 1, character: 2 }, end: { line: 1, character: 3 } },
      severity: 3,
      relatedInformation: [{ location }],
    },
  ]);
  const parallel = { ...view, cell: { ...cell, text: "%%parallel x of a\nx" } };
  expect(declaredBelow(parallel, below)).toEqual([]);
});

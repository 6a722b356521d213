import { expect, test } from "vitest";
import { type NamedCell, suffixes, wordsOf } from "./cell-imports.ts";

interface Given {
  readonly text: string;
  readonly extension?: "ts" | "tsx";
  readonly closing?: string;
}

/** Cells that declare what is behind `const`, `let` and `function` in their texts. */
function cells(...given: (string | Given)[]): NamedCell[] {
  return given.map((one, index) => {
    const { text, extension = "ts", closing = "" }: Given = typeof one === "string" ? { text: one } : one;
    const declared = [...text.matchAll(/\b(const|let|function) (\w+)/g)].map(
      ([, keyword, name = ""]) =>
        [name, { kind: keyword === "const" || keyword === "let" ? keyword : "other" }] as const,
    );
    return {
      id: index + 1,
      text,
      declared: new Map(declared),
      words: wordsOf(text, extension),
      unclosed: { closing },
    };
  });
}

const all = (given: NamedCell[], isGlobal: (name: string) => boolean) => [
  ...suffixes(given, new Set(given.map(({ id }) => id)), "all", isGlobal).values(),
];

/** What each cell has from which: `name of cell`, with `=` where it may assign to it. */
const imported = (given: NamedCell[], globals: string[] = []) =>
  all(given, (name) => globals.includes(name)).map(({ imports }) =>
    imports.map(({ name, owner, redeclared }) => `${name} of ${owner}${redeclared ? " =" : ""}`),
  );

test.each<[string, (string | Given)[], string[][]]>([
  ["the nearest cell above", ["const a = 1", "const a = 2", "a", "const a = 3"], [[], [], ["a of 2"], []]],
  ["else the nearest below", ["a", "const a = 1", "const a = 2"], [["a of 2"], [], []]],
  ["only what is mentioned", ["const a = 1, b = 2", "b.a"], [[], ["a of 1"]]],
  ["its own names never", ["const a = 1", "const a = 2\na"], [[], []]],
  ["React for elements", ["const React = 1", { text: "<b/>", extension: "tsx" }], [[], ["React of 1"]]],
  ["the last value of the cell before alone", ["const _ = 1", "_", "_"], [[], ["_ of 1"], []]],
])("a name is %s", (_what, given, expected) => {
  expect(imported(cells(...given))).toEqual(expected);
});

test("a global is a cell's below only where no global has its name", () => {
  expect(imported(cells("name", "const name = 1"), ["name"])).toEqual([[], []]);
  expect(imported(cells("const name = 1", "name"), ["name"])).toEqual([[], ["name of 1"]]);
});

test("whether a name is a global is asked of those that only cells below declare", () => {
  const asked: string[] = [];
  all(cells("a + b + c", "const b = 1", "b", "const a = 1"), (name) => asked.push(name) > 0);
  expect(asked).toEqual(["a", "b"]);
});

test.each<[string, boolean]>([
  ["n = 1", true],
  ["n += 1", true],
  ["n ??= 1", true],
  ["n++", true],
  ["--n", true],
  ["[n] = [1]", true],
  ["({ n } = o)", true],
  ["({ k: [n] = [] } = o)", true],
  ["// swapped\n[n, o] = [1, 2]", true],
  ["const f = () => [n] = [1]", true],
  ["switch (o) { case 1: [n] = [1] }", true],
  ["o[n] = 1", false],
  ["o()[n] = o![n] = 1", false],
  ["const o: number[] = [n]", false],
  ["let o: Map<string, number>[] = []; o.push(n)", false],
  ["const { a } = n", false],
  ["let o: { a: number } = { a: n }", false],
  ["n === 1", false],
  ["n >= 1", false],
  ["o.n = 1", false],
  ["(n) => n", false],
])("%s may assign to n: %s", (text, assigns) => {
  expect(imported(cells("let n = 1", text))[1]).toEqual([assigns ? "n of 1 =" : "n of 1"]);
});

test("a function that is assigned to stays an import, which cannot be", () => {
  expect(imported(cells("function f() {}", "f = 1"))[1]).toEqual(["f of 1"]);
});

test("places are those of the names in the text, behind what ends the cell", () => {
  const [, suffix] = all(cells("let n = 1\nconst m = 2", { text: "f(n = m", closing: ")" }), () => false);
  expect(suffix?.text.startsWith(");")).toBe(true);
  for (const { name, offset } of suffix?.imports ?? [])
    expect(suffix?.text.slice(offset, offset + name.length)).toBe(name);
  expect(suffix?.imports.map(({ name }) => name)).toEqual(["m", "n"]);
});

test("only what stands below the cells that are asked about is made", () => {
  const given = cells("const a = 1", "a", "a");
  const found = suffixes(given, new Set([2]), "all", () => false);
  expect([...found.keys()]).toEqual([2]);
  expect(found.get(2)?.text).toBe(all(given, () => false)[1]?.text);
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { TestKernel } from "../../test/kernel.ts";

// One kernel for all: each form stands in a cell of its own.
const folder = mkdtempSync(join(tmpdir(), "tandem-language-"));
const kernel = new TestKernel(folder);
afterAll(async () => {
  await kernel.close();
  rmSync(folder, { recursive: true });
});

writeFileSync(
  join(folder, "values.ts"),
  "export default class Box { v = 1 }\nexport enum Kind { A = 4 }\nexport const n = 5",
);
writeFileSync(join(folder, "old.cjs"), "exports.name = 'old'");
writeFileSync(join(folder, "data.json"), '{"rows": 3}');
writeFileSync(
  join(folder, "view.tsx"),
  "const h = (tag: string) => '<' + tag + '>'\nconst React = { createElement: h }\nexport const view = <p />",
);

test.each<[what: string, cell: string, value: string]>([
  ["a const enum", "const enum Size { S = 1, M }\nSize.M", "2"],
  ["an enum with strings", "enum Word { A = 'a' }\nWord.A", "'a'"],
  ["nested namespaces", "namespace Outer.Inner { export const deep = 1 }\nOuter.Inner.deep", "1"],
  [
    "a namespace that adds to a function",
    "function f() { return 1 }\nnamespace f { export const extra = 2 }\nf() + f.extra",
    "3",
  ],
  ["parameter properties", "class P { constructor(readonly x: number) {} }\nnew P(3).x", "3"],
  [
    "standard decorators",
    "const twice = (f: () => number, _: unknown) => function (this: unknown) { return 2 * f.call(this) }\nclass D { @twice m() { return 4 } }\nnew D().m()",
    "8",
  ],
  ["accessor fields", "class A { accessor v = 6 }\nnew A().v", "6"],
  [
    "using, freed at the cell's end",
    "const freed: string[] = []\n{ using r = { [Symbol.dispose]() { freed.push('r') } } }\nfreed",
    "[ 'r' ]",
  ],
  [
    "await using",
    "const gone: string[] = []\n{ await using r = { async [Symbol.asyncDispose]() { gone.push('r') } } }\ngone",
    "[ 'r' ]",
  ],
  [
    "for await",
    "async function* g() { yield 1; yield 2 }\nlet sum = 0\nfor await (const v of g()) sum += v\nsum",
    "3",
  ],
  [
    "import type",
    "import type { Stats } from 'node:fs'\nimport { type Dirent, existsSync } from 'node:fs'\nexistsSync('/')",
    "true",
  ],
  ["import = require", "import path = require('node:path')\npath.basename('/a/b')", "'b'"],
  [
    "export of every form",
    "export const e1 = 1; export type T1 = 1\nexport { e1 as renamed }\nexport * from './values.ts'\nexport default e1\ne1",
    "1",
  ],
  ["export = is not needed: a default class", "export default class K { static k = 7 }\nK.k", "7"],
  [
    "declare global and declare module",
    "declare global { interface Window { own: 1 } }\ndeclare module 'nothing' { export const x: number }\n'declared'",
    "'declared'",
  ],
  ["satisfies and as const", "const s = { a: 1 } as const satisfies { a: number }\ns.a", "1"],
  [
    "overloads and abstract classes",
    "function o(a: number): number\nfunction o(a: string): string\nfunction o(a: any) { return a }\nabstract class Abs { abstract x(): void }\no('x')",
    "'x'",
  ],
  [
    "a default import and an enum of a local module",
    "import Box, { Kind } from './values'\n[new Box().v, Kind.A]",
    "[ 1, 4 ]",
  ],
  [
    "a local CommonJS module",
    "import { name } from './old.cjs'\nname + require('./old.cjs').name",
    "'oldold'",
  ],
  [
    "JSON by import, with attributes, and by require",
    "import a from './data.json'\nimport b from './data.json' with { type: 'json' }\n[a.rows, b.rows, require('./data.json').rows]",
    "[ 3, 3, 3 ]",
  ],
  ["a local .tsx module", "import { view } from './view.js'\nview", "'<p>'"],
  [
    "dynamic import with a variable",
    "const where = './values'\nconst { n: five } = await import(where)\nfive",
    "5",
  ],
  ["import.meta.resolve of a built-in", "import.meta.resolve('fs')", "'node:fs'"],
  ["a regular expression with the v flag", "/[\\p{L}--[a-z]]/v.test('A')", "true"],
  [
    "labels, generators, bigint, optional chains",
    "function* g2() { yield 2n ** 64n }\n[...g2()][0]?.toString()",
    "'18446744073709551616'",
  ],
])("%s", async (_what, cell, value) => {
  const ran = await kernel.run(cell);
  expect(ran.error?.traceback.join("\n") ?? ran.result?.["text/plain"]).toBe(value);
});

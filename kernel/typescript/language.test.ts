import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
// (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
const wasm = "AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABagsAFgRuYW1l";
writeFileSync(join(folder, "add.wasm"), Buffer.from(wasm, "base64").subarray(0, 41));
const packageOf = (name: string, files: Record<string, string>) => {
  mkdirSync(join(folder, "node_modules", name), { recursive: true });
  for (const [file, text] of Object.entries(files))
    writeFileSync(join(folder, "node_modules", name, file), text);
};
packageOf("esm-only", {
  "package.json": '{ "type": "module", "exports": { ".": "./index.js", "./sub": "./sub.js" } }',
  "index.js": "export const thing = 'esm'",
  "sub.js": "export default 'sub'",
});
packageOf("drawn", {
  "package.json": '{ "exports": { "./jsx-runtime": "./runtime.js" } }',
  "runtime.js": "exports.jsx = (t, p) => ({ t, p })",
});
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
  [
    "using at the top level of a cell, freed at its end",
    "using top = { [Symbol.dispose]() { console.log('freed') }, v: 1 }\ntop.v",
    "1",
  ],
  [
    "await using at the top level, beside a plain const",
    "await using later = { async [Symbol.asyncDispose]() { console.log('freed') }, v: 2 }\nconst beside = later.v\nbeside",
    "2",
  ],
  [
    "a namespace that adds to a class and to an enum",
    "class Shape { sides = 4 }\nnamespace Shape { export const unit = new Shape() }\nenum Hue { Red }\nnamespace Hue { export const names = ['red'] }\n[Shape.unit.sides, Hue.names[Hue.Red]]",
    "[ 4, 'red' ]",
  ],
  [
    "interfaces and namespaces that merge in one cell",
    "interface Box2 { a: 1 }\ninterface Box2 { b: 2 }\nnamespace Sp { export const a = 1 }\nnamespace Sp { export const b = a + 1 }\nconst both: Box2 = { a: 1, b: 2 }\n;[both.b, Sp.b]",
    "[ 2, 2 ]",
  ],
  [
    "class decorators, of fields and accessors, with their context",
    "const seen: string[] = []\nconst mark = (_: unknown, c: { kind: string; name: string | symbol | undefined }) => void seen.push(c.kind + ' ' + String(c.name))\n@mark class Deco { @mark field = 1; @mark accessor acc = 2; @mark get g() { return 3 } }\nseen.sort()",
    "[ 'accessor acc', 'class Deco', 'field field', 'getter g' ]",
  ],
  [
    "JSX by a pragma",
    "/** @jsx h */\nconst h = (tag: string, props: unknown, ...inner: unknown[]) => [tag, props, inner]\n;<b id='x'>y</b>",
    "[ 'b', { id: 'x' }, [ 'y' ] ]",
  ],
  [
    "JSX by an import source",
    "/** @jsxImportSource drawn */\n<b id='x'>y</b>",
    "{ t: 'b', p: { id: 'x', children: 'y' } }",
  ],
  [
    "fragments",
    "/** @jsx el @jsxFrag 'all' */\nconst el = (tag: unknown, _: unknown, ...inner: unknown[]) => [tag, inner]\n;<><i /></>",
    "[ 'all', [ [ 'i', [] ] ] ]",
  ],
  [
    "a package of ES modules alone, and a path in it",
    "import { thing } from 'esm-only'\nimport sub from 'esm-only/sub'\n[thing, sub]",
    "[ 'esm', 'sub' ]",
  ],
  ["WebAssembly by import", "import { add } from './add.wasm'\nadd(2, 3)", "5"],
  [
    "WebAssembly by import(), as a namespace",
    "const { add: plus } = await import('./add.wasm')\nplus(20, 3)",
    "23",
  ],
  [
    "import.meta",
    "[import.meta.url.startsWith('file://'), import.meta.dirname === __dirname, import.meta.filename === __filename, import.meta.resolve('./x.ts') === new URL('x.ts', import.meta.url).href]",
    "[ true, true, true, true ]",
  ],
  [
    "import type of everything and typeof import",
    "import type Whole from './values'\nimport type * as Values from './values'\nlet w: Whole | typeof Values | typeof import('node:fs') | undefined\ntypeof w",
    "'undefined'",
  ],
  [
    "const type parameters, variance, satisfies",
    "const first = <const T extends readonly unknown[]>(list: T): T[0] => list[0]\ninterface Source<out T> { get(): T }\nconst src = { get: () => 1 } satisfies Source<number>\nfirst([src.get(), 2])",
    "1",
  ],
  [
    "assertion functions, predicates, this types, definite assignment",
    "function assert(x: unknown): asserts x { if (!x) throw new Error() }\nclass Chain { v!: number; set(this: Chain, v: number): this { this.v = v; return this } }\nassert(true)\nnew Chain().set(4).v",
    "4",
  ],
  [
    "tuples, template types, mapped and conditional types",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the cell's.
    "type Key = `on${Capitalize<'go'>}`\ntype Flags<T> = { readonly [K in keyof T]?: T[K] extends number ? true : never }\nconst k: Key = 'onGo'; const f2: Flags<{ a: 1 }> = { a: true }; const t: [a: number, b?: string] = [1]\n;[k, f2.a, t.length]",
    "[ 'onGo', true, 1 ]",
  ],
  [
    "static blocks, private names, #x in",
    "class Priv { static n = 0; #x = 1; static { Priv.n = 5 } static has(o: object) { return #x in o } }\n[Priv.n, Priv.has(new Priv()), Priv.has({})]",
    "[ 5, true, false ]",
  ],
  [
    "generic arrows, casts and non-null",
    "const same = <T,>(x: T) => x\nconst v2 = same(<number>(JSON.parse('3') as unknown))!\nv2",
    "3",
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

test("what `using` holds is freed at the end of its cell", async () => {
  const ran = await kernel.run(
    "using a = { [Symbol.dispose]() { console.log('a') } }\nawait using b = { async [Symbol.asyncDispose]() { await null; console.log('b') } }\nconsole.log('body')",
  );
  expect(ran.stdout).toBe("body\nb\na\n");
});

test("what a cell declared before it threw stays, functions and classes too", async () => {
  const failed = await kernel.run(
    "const before = 5, { length } = 'four'\nfunction declared() { return before }\nclass Kept { v = 6 }\nenum Level { High = 7 }\nconst never = before.missing.deep\nlet after = 8",
  );
  expect(failed.error?.ename).toBe("TypeError");
  expect((await kernel.run("[before, length, declared(), new Kept().v, Level.High]")).result).toEqual({
    "text/plain": "[ 5, 4, 5, 6, 7 ]",
  });
  expect((await kernel.run("let after = 9; const never = 1; [after, never]")).result).toEqual({
    "text/plain": "[ 9, 1 ]",
  });
});

test.each([
  [
    "import './style.css'",
    /\.\/style\.css cannot be imported\. .*\.css is none of them\. Read it: readFileSync/,
  ],
  ["require('./add.wasm')", /require knows no WebAssembly\. Write import \* as wasm from "\.\/add\.wasm"\./],
])("%s says what to do", async (cell, says) => {
  writeFileSync(join(folder, "style.css"), "a {}");
  expect((await kernel.run(cell)).error?.evalue).toMatch(says);
});

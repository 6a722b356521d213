// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells hold templates.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findingsOf, shown } from "../../../test/editor-findings.ts";
import type { CellSource } from "../../../test/language-client.ts";
import { useLanguages } from "../../../test/use-languages.ts";

/** What notebooks of tslab and Deno are made of, and all that TypeScript lets one write in a cell. */
const client = useLanguages({
  "data.json": '{ "rows": [{ "id": 1 }] }',
  "lib.ts": "export const twice = (n: number) => 2 * n;\nexport default 5;\n",
  "node_modules/plain/package.json": '{ "name": "plain" }',
  "node_modules/plain/index.js": "module.exports = {}",
  "node_modules/react/package.json": '{ "name": "react" }',
  "node_modules/react/index.js": "module.exports = {}",
});

test.each<[string, CellSource[]]>([
  [
    "tslab's display",
    ["import { display } from 'tslab'", "display.html('<b>x</b>')\ndisplay.png(new Uint8Array(3))"],
  ],
  [
    "all of tslab",
    ["import * as tslab from 'tslab'", "tslab.versions.node\ntslab.newDisplay('a').text('b')"],
  ],
  [
    "Deno's displays",
    ["Deno.jupyter.html`<i>${1}</i>`", "await Deno.jupyter.display({ 'text/plain': 'x' }, { raw: true })"],
  ],
  [
    "Deno's symbol",
    [
      "class Card {\n  constructor(readonly title: string) {}\n  [Deno.jupyter.$display]() {\n    return { 'text/html': this.title }\n  }\n}",
      "new Card('x')",
    ],
  ],
  [
    "npm specifiers",
    ["import plain from 'npm:plain'\nimport { a } from 'npm:plain@1.2/sub'", "plain.anything(a, (d) => d.x)"],
  ],
  ["packages without types", ["import plain from 'plain'\nimport * as all from 'plain'", "all.f(plain)"]],
  [
    "React and elements",
    [
      "import * as React from 'npm:react'",
      "const el = <div className='a'>{[1].map((n) => <b key={n}>{n}</b>)}</div>\nel",
      "<h1>{el}</h1>",
    ],
  ],
  [
    "parameters without types",
    [
      "function fib(n) {\n  return n < 2 ? n : fib(n - 1) + fib(n - 2)\n}",
      "fib(3)\nconst wait = (ms) => new Promise((done) => setTimeout(done, ms))",
    ],
  ],
  [
    "JavaScript cells",
    [
      { language: "javascript", text: "class A { constructor() { this.x = 1 } }" },
      { language: "javascript", text: "new A().x" },
    ],
  ],
  [
    "await",
    ["const body = await Promise.resolve({ a: 1 })", "for await (const x of [body]) console.log(x.a)"],
  ],
  ["redeclaration", ["let x = 1", "x = 2", "let x = 'text'\nx.length", "class x {}", "new x()"]],
  [
    "redeclared types",
    ["type T = { a: 1 }\nconst t: T = { a: 1 }", "type T = { b: 2 }\nconst u: T = { b: 2 }", "t.a; u.b"],
  ],
  [
    "decorators",
    [
      "function log(value: unknown, { name }: ClassMethodDecoratorContext) { console.log(value, name) }",
      "class D {\n  @log m() {}\n}",
    ],
  ],
  [
    "enums, const ones too",
    [
      "enum Level { Low, High = 5 }\nconst enum Bit { On = 1 }",
      "const l: Level = Level.High\nBit.On + l\nLevel[0]",
    ],
  ],
  [
    "namespaces",
    [
      "namespace Geo.Flat { export interface P { x: number }\n  export const o: P = { x: 0 } }",
      "const p: Geo.Flat.P = Geo.Flat.o",
    ],
  ],
  [
    "exports",
    [
      "export default function main() { return 1 }\nexport const e = 1\nexport { e as f }\nexport type E = typeof e",
      "const g: E = e\nmain()",
    ],
  ],
  [
    "import equals",
    [
      "import fs = require('node:fs')\nconst path = require('node:path')",
      "fs.existsSync(path.join('a', 'b'))",
    ],
  ],
  [
    "JSON",
    [
      "import data from './data.json'\nimport other from './data.json' with { type: 'json' }",
      "data.rows[0]?.id.toFixed()\nother.rows",
    ],
  ],
  [
    "dynamic imports",
    [
      "const { twice, default: five } = await import('./lib.ts')",
      "twice(five).toFixed()",
      "(await import('node:os')).cpus()",
    ],
  ],
  [
    "using",
    [
      "using r = { n: 1, [Symbol.dispose]() {} }\nawait using s = { async [Symbol.asyncDispose]() {} }",
      "r.n + 1",
    ],
  ],
  [
    "generators",
    [
      "function* count(to: number) { for (let i = 0; i < to; i++) yield i }\nasync function* slow() { yield* count(2) }",
      "[...count(3)].map((n) => n.toFixed())\nfor await (const n of slow()) n.toFixed()",
    ],
  ],
  [
    "abstract classes and overriding",
    [
      "abstract class Shape { abstract area(): number\n  get half() { return this.area() / 2 } }",
      "class Square extends Shape { constructor(private s = 1) { super() }\n  override area() { return this.s ** 2 } }",
      "new Square(2).half",
    ],
  ],
  [
    "overloads",
    [
      "function pick(a: string): string\nfunction pick(a: number): number\nfunction pick(a: string | number) { return a }",
      "pick('a').length + pick(1).toFixed()",
    ],
  ],
  [
    "merging in a cell",
    [
      "interface Box { a: number }\ninterface Box { b: string }\nfunction tag() {}\nnamespace tag { export const v = 1 }",
      "const b: Box = { a: tag.v, b: '' }\ntag()",
    ],
  ],
  [
    "generics, satisfies, as const",
    [
      "const map = <K, V>(k: K, v: V) => new Map([[k, v]] as const)\nconst conf = { port: 1 } satisfies Record<string, number>",
      "map('a', conf.port).get('a')?.toFixed()",
    ],
  ],
  [
    "labels and blocks",
    [
      "outer: for (const i of [1, 2]) for (const j of [3]) if (i === j) continue outer; else break outer",
      "{\n  const inner = 1\n  console.log(inner)\n}",
    ],
  ],
  [
    "object literals as values",
    ["const a = 1\n{ a, b: { c: [a] } }", "{ 'key': 1, [`k${a}`]: 2, m() { return 1 } }", "({ a }).a", "a"],
  ],
  ["no code", ["// only words: const x = {", "/* and\n more */", "", "   \n\n"]],
  ["Windows' line ends", ["const a = 1\r\nconst b = 'x'\r\n", "a.toFixed()\r\nb.length\r\n"]],
  ["emoji", ["const smile = '😀'; const after = '👩‍👩‍👧'.length", "`${smile}😀`; after.toFixed()"]],
  ["a very long line", [`const big = [${"1,".repeat(20000)}]; const end = 1`, "big.length + end"]],
  ["names with other letters", ["const größe = 1, $ = 2, _x = 3, 变量 = 4", "größe + $ + _x + 变量"]],
  [
    "destructuring and defaults",
    [
      "const { a, b: { c = 1 } = {}, ...rest } = { a: 1, b: { c: 2 }, d: 3 } as { a: number; b?: { c?: number }; d: number }\nconst [p, , q = 2] = [1, 2, 3]",
      "a + c + rest.d + p! + q",
    ],
  ],
  ["var in blocks", ["if (true) { var late = 1 }\nfor (var i = 0; i < 2; i++);", "late + i"]],
  [
    "assignment to names of others",
    ["let n = 1, o: { a?: number } = {}", "n++; o.a = n; ({ a: n = 2 } = o);[n] = [3]", "n.toFixed()"],
  ],
  [
    "classes with private members over cells",
    [
      "class A { #x = 1; static make() { return new A() }\n  same(o: A) { return this.#x === o.#x } }",
      "A.make().same(new A())",
    ],
  ],
  [
    "functions that call each other over cells",
    [
      "function even(n: number): boolean { return n === 0 || odd(n - 1) }",
      "function odd(n: number): boolean { return n !== 0 && even(n - 1) }",
    ],
  ],
  ["the last value", ["1 + 1", "_ + 1"]],
  [
    "globals of the kernel",
    [
      "display(1)\ndisplay.html('x')\nconst name = 'mine', status = 1, event = 2",
      "name.length + status + event",
    ],
  ],
  [
    "globals declared anew",
    ["const URL = 'text', Event = 1, process2 = process.pid", "URL.length + Event + process2"],
  ],
  [
    "Node's and the web's",
    [
      "import { readFile } from 'node:fs/promises'\nimport os from 'os'",
      "await fetch('http://x'); structuredClone(os.cpus()); Buffer.from('x'); new AbortController().signal; readFile('x')",
    ],
  ],
])("no false error: %s", async (_what, cells) => {
  expect((await findingsOf(client, cells)).map(shown)).toEqual([]);
});

test.each<[string, CellSource[], RegExp[]]>([
  ["a syntax error stays in its cell", ["const a = 1", "const b = = 2", "a.toFixed()"], [/^1 0:10 /]],
  [
    "an unclosed brace stays in its cell",
    ["function f() {\n  return 1", "f().toFixed()"],
    [/^0 1:10 '}' expected\.$/],
  ],
  ["columns behind emoji are UTF-16", ["const s = '😀'", "`😀${s}`; s.wrong"], [/^1 0:12 Property 'wrong'/]],
  ["lines with Windows' ends", ["const a = 1\r\n\r\na.wrong\r\n"], [/^0 2:2 Property 'wrong'/]],
  [
    "a package that is not installed",
    ["import x, { y } from 'lodash'\nx(y, (a) => a.b)", "x.z"],
    [/^0 0:21 The package lodash is not installed\. .*%npm install lodash/],
  ],
  [
    "the same by npm:",
    ["import { chunk } from 'npm:lodash-es@4/fp'", "chunk([1], 2).length"],
    [/^0 0:22 The package lodash-es is not installed\. .*%npm install lodash-es@4/],
  ],
  ["what of Deno is not here", ["Deno.readTextFile('x')"], [/^0 0:5 Property 'readTextFile'/]],
  ["a JavaScript cell that does not parse", [{ language: "javascript", text: "let = = 1" }], [/^0 0:/]],
])("one true error: %s", async (_what, cells, expected) => {
  const found = (await findingsOf(client, cells)).map(shown);
  expect(found.map((one, index) => expected[index]?.test(one) || one)).toEqual(expected.map(() => true));
});

test("a fix puts the line above that installs a package, and the error goes when it is there", async () => {
  const notebook = client.open(["import late from 'npm:late@2'\nlate"]);
  const [missing] = await notebook.diagnosed(0);
  const actions = await notebook.actions({ cell: 0, line: 0, character: 20 });
  const fix = actions.find(({ title }) => title === "Add %npm install late@2");
  expect(fix?.diagnostics).toEqual([missing]);
  const text = notebook.applied(0, fix?.edit?.changes?.[notebook.uriOf(0)] ?? []);
  expect(text).toBe("%npm install late@2\nimport late from 'npm:late@2'\nlate");
  mkdirSync(join(client.folder, "node_modules/late"), { recursive: true });
  writeFileSync(join(client.folder, "node_modules/late/package.json"), '{ "name": "late" }');
  notebook.edit(0, text);
  await client.until(() => client.diagnostics.get(notebook.uriOf(0))?.length === 0 || undefined, "no error");
});

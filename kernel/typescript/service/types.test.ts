import { describe, expect, test } from "vitest";
import { useTypes } from "../../../test/types.ts";

const { check, shared } = useTypes();

describe("cells without a mistake", () => {
  test.each<[string, string[]]>([
    ["an expression", ["1 + 1"]],
    [
      "names of earlier cells",
      [
        "const a = 1; let b = 'x'; var c = true; function f(n: number) { return n }",
        "f(a) + b.length; c === true",
      ],
    ],
    [
      "types of earlier cells",
      [
        "interface Row<T = number> { id: T }\ntype Rows = Row[]\nenum E { A }\nnamespace N { export type T = 1; export const v = 2 }",
        "const r: Rows = [{ id: 1 }]; const s: Row<string> = { id: '' }; const e: E = E.A; const t: N.T = 1; N.v",
      ],
    ],
    [
      "generic classes, inherited across cells",
      [
        "abstract class Base<T> { constructor(protected v: T) {} abstract get(): T }",
        "class Own extends Base<number> { get() { return this.v } }",
        "new Own(1).get().toFixed()",
      ],
    ],
    [
      "redeclared by every kind",
      [
        "const x = 1",
        "let x = 'a'",
        "function x() { return true }",
        "class x { static q = 1 }",
        "x.q.toFixed()",
      ],
    ],
    ["redeclared in the same cell that checks", ["const x = 1", "const x = 'a'; x.toUpperCase()"]],
    [
      "an interface redeclared, not merged",
      ["interface R { a: 1 }", "interface R { b: 2 }\nconst r: R = { b: 2 }"],
    ],
    [
      "what an earlier cell made of a name stays",
      [
        "const x = 1",
        "const y = x.toFixed(2); function useX() { return x + 1 }",
        "const x = { other: true }",
        "y.length; useX().toFixed(); x.other",
      ],
    ],
    [
      "an earlier let is assigned",
      ["let n = 1; let rows: number[] = []", "n = 2; n += 1; rows = [n]; rows.push(3)"],
    ],
    ["a let without a type", ["let anything", "anything = 1; anything = 'a'"]],
    ["top-level await", ["const v = await Promise.resolve(1)", "for await (const q of [v]) q.toFixed()"]],
    [
      "destructuring",
      ["const { a, b: [c], ...rest } = { a: 1, b: ['x'], d: true }", "a.toFixed() + c.length; rest.d"],
    ],
    [
      "imports of Node's modules",
      [
        "import * as fs from 'node:fs'\nimport path, { join as j } from 'path'\nimport type { Stats } from 'node:fs'",
        "j('a', path.sep); const s: Stats | undefined = undefined; fs.existsSync('.'); s",
      ],
    ],
    [
      "exports",
      [
        "export const e1 = 1; export interface E2 { a: 1 }; export default function e3() { return 1 }",
        "const e: E2 = { a: 1 }; e1 + e3() + e.a",
      ],
    ],
    [
      "Node's globals",
      [
        "process.argv; Buffer.from('a'); console.log(1); setTimeout(() => {}, 1); structuredClone({}); fetch; require('fs'); __dirname; import.meta.dirname",
      ],
    ],
    [
      "the notebook's globals",
      ["display({ a: 1 }, { id: 'x' }); _ + 1; const r = await pmap([1, 2], (n) => n * 2); r[0]?.toFixed()"],
    ],
    [
      "bench and py",
      [
        "const b = await bench({ a: () => 1, b: [Math.max, 1] }, { budget: '1s' }); b.verdict.length; await py.f(1); await py.math.pi; py('python3').g(2)",
      ],
    ],
    [
      "labels, unused names, unreachable code",
      ["typescript: 1 + 1\nfunction f(unused: number) { return 1; f(2) }"],
    ],
    [
      "an object literal as the last expression",
      ["const a = 1", "{ a, b: 2 }", "const z = 1\n{ a: z, b: [2] }"],
    ],
    [
      "JSX",
      [
        "const React = { createElement: (...a: unknown[]) => a }",
        "declare global { namespace JSX { interface IntrinsicElements { p: { id?: string } } } }\nconst para = <p id='x'>hi</p>",
        "para",
      ],
    ],
    [
      "generic arrows and assertions stay TypeScript",
      ["const id = <T>(x: T) => x; const n = <number>id(1); const s = '</p>'"],
    ],
    [
      "decorators",
      ["function log(value: unknown, context: ClassDecoratorContext) { context.name }\n@log class D {}"],
    ],
    ["using", ["using r = { v: 1, [Symbol.dispose]() {} }", "r.v.toFixed()"]],
    ["packages by Deno's names and without types", ["import x from 'npm:lodash@4'\nx.anything"]],
    [
      "names that are globals already",
      [
        "const process = 'mine'; interface Event { q: 1 } class Response { mine = 1 }; let status = 1; import crypto from 'node:crypto'; type Buffer = 'b'",
        "process.length; const e: Event = { q: 1 }; new Response().mine; status = 2; crypto.createHash('md5'); const b: Buffer = 'b'",
        "const process = { own: 1 }; process.own; function Response() { return 1 }; Response().toFixed()",
      ],
    ],
    ["a global shadowed, then assigned", ["let performance = 1", "performance = 2; performance.toFixed()"]],
    [
      "declarations of other languages' cells",
      [
        "\n\ndeclare const fib: { (n: number): bigint; async(n: number): Promise<bigint> };\ndeclare let total: number;",
        "fib(3) + (await fib.async(4)); total = 4",
      ],
    ],
    [
      "symbols, enums as values",
      [
        "const s = Symbol('s'); const enum C { A = 1 }\nenum D { A, B }",
        "const o = { [s]: 1 }; o[s].toFixed(); D[D.A].length; const c: C = C.A",
      ],
    ],
    [
      "a function with overloads and a namespace",
      [
        "function f(a: string): string\nfunction f(a: number): number\nfunction f(a: any) { return a }\nnamespace f { export const v = 1 }",
        "f(1).toFixed(); f('').length; f.v",
      ],
    ],
    [
      "a constant that is a type as well",
      ["const Shape = { a: 1 }; type Shape = typeof Shape", "const s: Shape = Shape; s.a"],
    ],
    ["a cell with Windows line ends", ["const w = 1\r\nconst v = w\r\n", "w + v"]],
  ])("%s", async (_name, cells) => {
    expect(await check(cells)).toEqual([]);
  });
});

describe("cells with a mistake", () => {
  test.each<[string, string[], string[]]>([
    [
      "a wrong type",
      ["const a = 1\nconst b: string = a"],
      ["2:7 2322 Type 'number' is not assignable to type 'string'."],
    ],
    [
      "an earlier name's type",
      ["const a = 1", "a.foo"],
      ["1:3 2339 Property 'foo' does not exist on type '1'."],
    ],
    [
      "an earlier let's type",
      ["let n = 1", "n = 'a'"],
      ["1:1 2322 Type 'string' is not assignable to type 'number'."],
    ],
    [
      "an earlier const assigned",
      ["const n = 1", "n = 2"],
      ["1:1 2588 Cannot assign to 'n' because it is a constant."],
    ],
    ["an unknown name", ["\n  mising + 1"], ["2:3 2304 Cannot find name 'mising'."]],
    [
      "a name that is a global already",
      ["const process = 'mine'", "process.foo"],
      ["1:9 2339 Property 'foo' does not exist on type '\"mine\"'."],
    ],
    [
      "a type of an earlier cell in the message",
      ["class Point { x = 1 }", "class Point { y = 1 }\nconst p: Point = 1"],
      ["2:7 2322 Type 'number' is not assignable to type 'Point'."],
    ],
    [
      "in an object literal",
      ["const z = 1\n{ a: z.foo, b: [2] }"],
      ["2:8 2339 Property 'foo' does not exist on type '1'."],
    ],
    [
      "a module that is not there",
      ["import a from 'not-there'"],
      ["1:15 2307 Cannot find module 'not-there' or its corresponding type declarations."],
    ],
    ["syntax", ["const a = ;"], ["1:11 1109 Expression expected."]],
    ["not closed", ["const a = `abc"], ["1:15 1160 Unterminated template literal."]],
  ])("%s", async (_name, cells, expected) => {
    expect(await check(cells)).toEqual(expected);
  });

  test("a finding has its file and its whole range", async () => {
    const [found] = await shared.check("cell-9.ts", "const b: string =\n  1");
    expect(found).toEqual({
      file: "cell-9.ts",
      line: 1,
      column: 7,
      endLine: 1,
      endColumn: 8,
      severity: "error",
      code: 2322,
      message: "Type 'number' is not assignable to type 'string'.",
    });
  });

  test("after a reset nothing is known", async () => {
    await shared.commit("cell-1.ts", "const gone = 1; let crypto = 2");
    await shared.reset();
    expect(await check(["gone"])).toEqual(["1:1 2304 Cannot find name 'gone'."]);
    expect(await check(["crypto.subtle"])).toEqual([]);
  });
});

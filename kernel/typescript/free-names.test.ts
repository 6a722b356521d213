import { describe, expect, test } from "vitest";
import { type FreeNames, freeNames } from "./free-names.ts";

const reads = ({ names }: FreeNames) => names.filter((n) => n.reads.length > 0).map((n) => n.name);
const writes = ({ names }: FreeNames) => names.filter((n) => n.writes.length > 0).map((n) => n.name);

describe("what a body reads", () => {
  test.each<[string, string[]]>([
    ["a + b", ["a", "b"]],
    ["let a = 1; a + b", ["b"]],
    ["a; { let a = 1; a }", ["a"]],
    ["{ var a = 1 } a", []],
    ["f(); function f() { return g() }", ["g"]],
    ["o.p[q].r()", ["o", "q"]],
    ["({ a, b: c, [d]: e, f() { return g }, get h() { return i } })", ["a", "c", "d", "e", "g", "i"]],
    ["const { a, b: { c = d }, ...e } = f; a + c + e", ["d", "f"]],
    ["const [a = b, , ...[c]] = d", ["b", "d"]],
    ["const f = ({ a = x, b: [c] = y }, ...rest) => a + c + rest.length + z", ["x", "y", "z"]],
    ["function f(a, b = a + c, d = () => e) { return d }", ["c", "e"]],
    ["function f(a = b) { var b = 1; return a }", ["b"]],
    [
      "class A extends B { #p = c; static s = d; m(x = e) { return this.#p + x + A.s } [k]() {} static { f() } }",
      ["B", "c", "d", "e", "k", "f"],
    ],
    ["const C = class Inner extends mix(Base) { self() { return Inner } }", ["mix", "Base"]],
    ["class A { #x; has(o) { return #x in o } }", []],
    ["new A().b", ["A"]],
    ["try { a() } catch (e) { b(e) } finally { c }", ["a", "b", "c"]],
    ["try {} catch ({ message, ...more }) { message; more; other }", ["other"]],
    ["try {} catch { e }", ["e"]],
    ["outer: for (const x of xs) { if (x) continue outer; else break outer }", ["xs"]],
    ["for (let i = 0, n = m; i < n; i++) f(i)", ["m", "f"]],
    ["for (const k in o) k", ["o"]],
    ["for await (const k of o) k", ["o"]],
    ["switch (a) { case b: let c = d; break; default: c }", ["a", "b", "d"]],
    ["typeof a", ["a"]],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the test's own code has the template
    ["`x ${a} ${`${b}`}`; tag`${c}`", ["a", "b", "tag", "c"]],
    ["function* g() { yield a; yield* b }", ["a", "b"]],
    ["async function g() { await a }; await b", ["a", "b"]],
    ["const fact = function self(n) { return n ? n * self(n - 1) : 1 }", []],
    ["(() => { const hidden = 1; return () => hidden + shown })()", ["shown"]],
    ["a?.b?.[c]", ["a", "c"]],
    ["import(a); import.meta.url", ["a"]],
    ["label: a", ["a"]],
    ["const x = x1, y = x", ["x1"]],
    ["let { [a]: b } = c", ["a", "c"]],
    ["(function () { return arguments[0] })", []],
    ["arguments[0]", ["arguments"]],
    ["undefined; NaN; Math.PI; globalThis.q", ["undefined", "NaN", "Math", "globalThis"]],
    ["if (a) { function inner() {} } inner()", ["a", "inner"]],
    ["/a/.test(b); 'c'; 1n", ["b"]],
    ["using r = open(); r.x", ["open"]],
    ["return a", ["a"]],
    ["({ __proto__: a, 'b': c, 3: d })", ["a", "c", "d"]],
    ["export const a = b", ["b"]],
    ["import { a } from 'm'; a + b", ["b"]],
    ["a ??= b", ["a", "b"]],
  ])("%s", (code, names) => {
    expect(reads(freeNames(code, "body"))).toEqual(names);
  });

  test("offsets of every use, in order", () => {
    expect(freeNames("b + a\n+ b", "body").names).toEqual([
      { name: "b", reads: [0, 8], writes: [], mutations: [], onlyTypeof: false },
      { name: "a", reads: [4], writes: [], mutations: [], onlyTypeof: false },
    ]);
  });

  test("a name under typeof alone may be missing", () => {
    const { names } = freeNames("typeof a === 'x' && typeof b; b", "body");
    expect(names.map(({ name, onlyTypeof }) => [name, onlyTypeof])).toEqual([
      ["a", true],
      ["b", false],
    ]);
  });
});

describe("what a body writes", () => {
  test.each<[string, string[], string[]]>([
    ["a = 1", ["a"], []],
    ["a += b", ["a"], ["a", "b"]],
    ["a++", ["a"], ["a"]],
    ["a ||= 1", ["a"], ["a"]],
    ["[a, b.c, ...d] = e", ["a", "d"], ["b", "e"]],
    ["({ a, b: c, d = f, ...g } = e)", ["a", "c", "d", "g"], ["f", "e"]],
    ["for (a of b);", ["a"], ["b"]],
    ["for ([a] of b);", ["a"], ["b"]],
    ["for (a in b);", ["a"], ["b"]],
    ["let a; a = 1; (() => { a = 2 })()", [], []],
    ["function f() { count = count + 1 }", ["count"], ["count"]],
    ["var a = 1; { a = 2 }", [], []],
    ["[a = 1] = b", ["a"], ["b"]],
  ])("%s", (code, written, read) => {
    const free = freeNames(code, "body");
    expect(writes(free)).toEqual(written);
    expect(reads(free)).toEqual(read);
  });
});

describe("what a body changes in place", () => {
  test.each<[string, [string, string][]]>([
    ["a.push(1)", [["a", "push"]]],
    ["a.b.c.set(1, 2)", [["a", "set"]]],
    ["a[0] = 1", [["a", "="]]],
    ["a.b++", [["a", "="]]],
    ["delete a.b", [["a", "delete"]]],
    [
      "[a.b, c[0]] = d",
      [
        ["a", "="],
        ["c", "="],
      ],
    ],
    ["({ x: a.b } = d)", [["a", "="]]],
    ["({ ...a.b } = d)", [["a", "="]]],
    ["for (a.b of c);", [["a", "="]]],
    ["a?.b.push(1)", [["a", "push"]]],
    ["(a?.b).push(1)", [["a", "push"]]],
    ["b[a.c] = 1", [["b", "="]]],
    ["a.b; a.map(f); a[push](1); f(a.b); a.push", []],
    ["const a = []; a.push(b)", []],
    ["x = a.b; ({ x: a.b })", []],
    ["push(a)", []],
  ])("%s", (code, expected) => {
    const found = freeNames(code, "body").names.flatMap(({ name, mutations }) =>
      mutations.map(({ by }) => [name, by]),
    );
    expect(found).toEqual(expected);
  });
});

describe("functions as their toString gives them", () => {
  const computed = "computed";
  const sample = {
    method(a: number) {
      return a + outside;
    },
    get accessor() {
      return outside;
    },
    async *"quoted name"() {
      yield outside;
    },
    [computed]() {
      return outside;
    },
  };
  class Sample {
    own = 1;
    static #hidden() {
      return outside;
    }
    static hidden = Sample.#hidden;
    static plain() {
      return outside;
    }
  }
  const outside = 1;
  const accessor = Object.getOwnPropertyDescriptor(sample, "accessor")?.get;
  test.each<[string, unknown, string[]]>([
    ["arrow", (x: number) => x + outside, ["outside"]],
    ["async arrow", async (x: number) => x + outside, ["outside"]],
    ["method", sample.method, ["outside"]],
    ["getter", accessor, ["outside"]],
    ["async generator method", sample["quoted name"], ["outside"]],
    ["static method", Sample.plain, ["outside"]],
    ["private method", Sample.hidden, ["outside"]],
    ["anonymous function", new Function("a", "return a + outside"), ["outside"]],
  ])("%s", (_kind, value, names) => {
    expect(reads(freeNames(String(value), "function"))).toEqual(names);
  });

  test("a computed method's name is outside of it", () => {
    expect(reads(freeNames(String(sample[computed]), "function"))).toContain("outside");
  });

  test("offsets count in the function's own text", () => {
    expect(freeNames("(x) => y", "function").names[0]?.reads).toEqual([7]);
    expect(freeNames("m() { y }", "function").names[0]?.reads).toEqual([6]);
    expect(freeNames("#m() { y }", "function").names[0]?.reads).toEqual([7]);
  });

  test("sloppy code of libraries", () => {
    expect(
      reads(
        freeNames("function (a) { with (a) { b } ; delete a; return 010 + arguments.callee }", "function"),
      ),
    ).toEqual(["b"]);
  });

  test("a trailing comment", () => {
    expect(reads(freeNames("() => a // end", "function"))).toEqual(["a"]);
  });

  test("what is no function is refused", () => {
    expect(() => freeNames("function f() { [native code] }", "function")).toThrow(SyntaxError);
  });
});

describe("this and super", () => {
  test.each<[string, "body" | "function", Omit<FreeNames, "names">]>([
    ["this.a", "body", { thisAt: 0 }],
    ["() => this.a", "function", { thisAt: 6 }],
    ["function f() { return this }", "function", {}],
    ["function f() { return () => this }", "function", {}],
    [
      "class A extends B { x = this; static { this } constructor() { super(); new.target } m() { super.m() } }",
      "function",
      {},
    ],
    ["class A extends this.B { [this.k] = 1 }", "function", { thisAt: 16 }],
    ["m() { return super.m() }", "function", { superAt: 13 }],
    ["m() { return { n() { super.x }, o: 1 } }", "function", {}],
    ["get m() { return (() => super.x)() }", "function", { superAt: 24 }],
    ["({ m() { return this + super.x } })", "body", {}],
  ])("%s", (code, kind, expected) => {
    const { names: _, ...uses } = freeNames(code, kind);
    expect(uses).toEqual(expected);
  });
});

import { describe, expect, test } from "vitest";
import { readSource } from "./source.ts";

describe("readSource", () => {
  test.each<[source: string, form: string, free: string[]]>([
    ["(x)=>x+K", "expression", ["K"]],
    ["function (n) { return fib(n - 1) + this.x }", "expression", ["fib"]],
    ["async *gen(a){ yield b }", "method", ["b"]],
    ["get foo(){ return z }", "method", ["z"]],
    ['["com" + p](z){}', "method", ["p"]],
    [
      "class A extends B { #p = q; static s = w; m() { return super.m() + this.#p } }",
      "expression",
      ["__super", "q", "w"],
    ],
    [
      "x => { const { a = d, ...r } = x; return { e, f: g.h, [i]: j } }",
      "expression",
      ["d", "e", "g", "i", "j"],
    ],
    ["([i, { x }], k = i) => [x, outer]", "expression", ["outer"]],
  ])("%s is a %s with free names %j", (source, form, free) => {
    const facts = readSource(source);
    expect(facts?.form).toBe(form);
    expect(facts?.free).toEqual(free);
    expect(facts?.borrowed).toEqual([]);
  });

  test.each([
    ["()=>this.x", ["this"]],
    ["()=>arguments.length", ["arguments"]],
    ["inc(){ return super.y }", ["super"]],
    ["function () { return () => this.x + arguments.length }", []],
    ["class A { x = this; m() { return super.toString() } }", []],
  ])("%s borrows %j", (source, borrowed) => expect(readSource(source)?.borrowed).toEqual(borrowed));

  test("assignments and changes in place, with their first offsets", () => {
    const facts = readSource("() => { total += 1; list.push(2); out[3] = 4; total++ }");
    expect([...(facts?.writes ?? [])]).toEqual([["total", 8]]);
    expect([...(facts?.mutations ?? [])].map(([name, { by }]) => [name, by])).toEqual([
      ["list", "push"],
      ["out", "="],
    ]);
  });

  test("a method with private members does not stand by itself", () => {
    expect(readSource("m(){ return this.#p }")).toBeUndefined();
  });

  test("a base class is replaced without moving a line", () => {
    expect(readSource("class A extends mix(\n  B,\n) {}")?.source).toBe("class A extends __super  \n\n {}");
    expect(readSource("class A extends LongName { }")?.source).toBe("class A extends __super  { }");
    expect(readSource("class A extends null { }")?.source).toBe("class A extends null { }");
  });

  test.each([
    ["(x) => x", 0],
    ["async (x) => x", 0],
    ["function name(x) {}", 13],
    ["async inc (x) {}", 10],
    ["class A { }", 0],
    ["class A { static x = 1; constructor  (q) { } }", 37],
  ])("V8's place of %s", (source, offset) => expect(readSource(source)?.placeOffset).toBe(offset));
});

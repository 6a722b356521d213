import { describe, expect, it } from "vitest";
import { parseSides } from "./sides.ts";

/** Evaluates a side as the engine does, with the given names in scope. */
function evaluate(code: string, scope: Record<string, unknown> = {}): unknown {
  return new Function(...Object.keys(scope), `return (${code}\n)()`)(...Object.values(scope));
}

const cell = (...lines: string[]) => parseSides(["%%bench --rounds 30", ...lines].join("\n"), "cell-3.ts");

describe("a %%bench cell", () => {
  it("is set-up and sides", () => {
    const { setup, sides } = cell(
      "const n: number = 32",
      "typescript: fibTs(n)",
      "rust: fib(n)",
      "python: py.fib(n)",
    );
    expect(setup).toBe(`${" ".repeat("%%bench --rounds 30".length)}\nconst n: number = 32\n`);
    expect(sides.map(({ name }) => name)).toEqual(["typescript", "rust", "python"]);
    expect(sides.map(({ call }) => call)).toEqual([
      { callee: "fibTs", args: "[n]" },
      { callee: "fib", args: "[n]" },
      { callee: "py.fib", args: "[n]" },
    ]);
  });

  it("keeps lines and columns of the sides", () => {
    const { sides } = cell("a: f(", "  1)", "", "b: {", "  f(2)", "}");
    expect(sides[1]?.code.split("\n")[5]).toBe("  return(f(2))");
    expect(sides[0]?.code.split("\n").slice(1, 3)).toEqual(["   return(f(", "  1))"]);
    expect(sides[0]?.code).toMatch(/\/\/# sourceURL=cell-3\.ts$/);
  });

  it.each<[string, string[], unknown]>([
    ["an expression", ["a: 1 + x;"], 42],
    ["an expression below its label", ["a:", "  x", "  + 1"], 42],
    ["a block whose last statement is an expression", ["a: { const y = x as number; y + 1 }"], 42],
    ["a block without one", ["a: { let y = x; y++; if (y) {} }"], undefined],
    ["a loop that breaks to its label", ["a: for (;;) { for (;;) break a }"], undefined],
    ["a block with var", ["a: { var z = x; z * 2 }"], 82],
    ["an object in parentheses", ["a: ({ x })"], { x: 41 }],
    ["an enum, which is compiled", ["a: { enum E { A = 1 } E.A + x }"], 42],
    ["a text over two lines", ["a: `4", "2`"], "4\n2"],
  ])("runs %s", (_, lines, value) => {
    const { sides } = cell(...lines);
    expect(evaluate(sides[0]?.code ?? "", { x: 41 })).toEqual(value);
  });

  it("awaits where a side does", async () => {
    const { sides } = cell(
      "a: await f()",
      "b: { for await (const x of [f()]) ; }",
      "c: async () => await f()",
      "d: f()",
    );
    const starts = sides.map(({ code }) => code.startsWith("async "));
    expect(starts).toEqual([true, true, false, false]);
    await expect(evaluate(sides[0]?.code ?? "", { f: async () => 7 })).resolves.toBe(7);
    expect(sides[0]?.call).toEqual({ callee: "f", args: "[]" });
  });

  it("finds its sides where types must be compiled away", () => {
    const { setup, sides } = cell(
      "enum Colour { Red = 3 }",
      "const c = Colour.Red",
      "a: c + 1;",
      "b: { c + 2 }",
    );
    expect(setup.trim()).toBe("enum Colour { Red = 3 }\nconst c = Colour.Red");
    expect(sides.map(({ code }) => evaluate(code, { c: 3 }))).toEqual([4, 5]);
  });

  it("lets a runtime repeat only calls whose arguments are there already", () => {
    const calls = (text: string) => cell(`a: ${text}`).sides[0]?.call;
    expect(calls("f(-1, 'x', a.b, n * 2 as number)")).toEqual({ callee: "f", args: "[-1,'x',a.b,n * 2]" });
    for (const text of [
      "f(g())",
      "f([1])",
      "f(i++)",
      "f(...a)",
      "a[0](1)",
      "f()()",
      "f?.(1)",
      "new F()",
      "f(1) + 1",
    ]) {
      expect(calls(text), text).toBeUndefined();
    }
  });

  it("rewrites import() and import.meta", () => {
    const { sides } = cell("a: (await import('x')).f(import.meta.url)");
    expect(sides[0]?.code).toContain("(await __tandem_import('x')).f(__tandem_meta.url)");
  });

  it.each<[string, string[], string]>([
    ["no sides", ["f(1)"], "benchWithoutSides"],
    ["two sides of a name", ["a: 1", "a: 2"], "benchTwice"],
    ["a statement between sides", ["a: 1", "const x = 2", "b: 3"], "benchUnlabelled"],
  ])("refuses %s", (_, lines, code) => {
    expect(() => cell(...lines)).toThrow(expect.objectContaining({ code }));
  });

  it("says where it does not parse", () => {
    expect(() => cell("a: 1", "b: (1 +")).toThrow(expect.objectContaining({ name: "SyntaxError", line: 3 }));
  });

  it("says the line of a statement without a label", () => {
    expect(() => cell("a: 1", "", "g(2)")).toThrow(/line 4/);
  });
});

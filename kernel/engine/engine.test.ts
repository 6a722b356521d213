import { describe, expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";
import { partGlobals } from "./part-globals.ts";

describe("evaluating TypeScript", () => {
  test("results, state, redeclaration and top-level await", () =>
    withKernel(undefined, async (k) => {
      expect((await k.run("1 + 1")).result).toEqual({ "text/plain": "2" });
      expect((await k.run("const a: number = await Promise.resolve(40)")).result).toBeUndefined();
      expect((await k.run("const a = 41; a + 1")).result).toEqual({ "text/plain": "42" });
      expect((await k.run("let a = 1; a")).result).toEqual({ "text/plain": "1" });
      expect((await k.run("function a() { return 7 }; a()")).result).toEqual({ "text/plain": "7" });
      expect((await k.run("class a { x = 8 }; new a().x")).result).toEqual({ "text/plain": "8" });
      expect((await k.run("const a = 9; _ + a")).result).toEqual({ "text/plain": "17" });
    }));

  test("the parts' names are there, and a cell may take them", () =>
    withKernel(undefined, async (k) => {
      for (const name of Object.values(partGlobals).flat()) {
        expect([name, (await k.run(`typeof ${name}`)).result?.["text/plain"]]).not.toEqual([
          name,
          "'undefined'",
        ]);
      }
      expect((await k.run("const bench = 1; bench")).result).toEqual({ "text/plain": "1" });
    }));

  test("a promise is a value like any other", () =>
    withKernel(undefined, async (k) => {
      expect((await k.run("Promise.resolve(1)")).result).toEqual({ "text/plain": "Promise { 1 }" });
      expect((await k.run("await _")).result).toEqual({ "text/plain": "1" });
    }));

  test("enums, decorators and JSX keep the cell's lines", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run(
        "enum Color { Red = 1, Blue }\n\nfunction f(c: Color) {\n  throw new Error(Color[c])\n}\nf(Color.Blue)",
      );
      expect(ran.error?.traceback).toEqual([
        "Error: Blue",
        "    at f (cell-1.ts:4:9)",
        "    at cell-1.ts:6:1",
      ]);
    }));

  test("what does not parse shows where", () =>
    withKernel(undefined, async (k) => {
      const { error } = await k.run("const a = 1\nconst b = = 2");
      expect(error?.ename).toBe("SyntaxError");
      expect(error?.traceback).toContain("    at cell-1.ts:2:11");
    }));

  test("errors name the cell's own lines and no frames of ours", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run("function f(): never {\n  throw new RangeError('no')\n}\nf()");
      expect(ran.error).toEqual({
        ename: "RangeError",
        evalue: "no",
        traceback: ["RangeError: no", "    at f (cell-1.ts:2:9)", "    at cell-1.ts:4:1"],
      });
    }));

  test("20,000 lines, child processes and stderr come whole, in order, before the end", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run(`
        import { execSync } from "node:child_process";
        for (let i = 0; i < 20_000; i++) console.log(i);
        console.error("between");
        execSync("echo from a child", { stdio: "inherit" });
        display("shown");
        console.log("last");
        1`);
      const lines = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join("");
      expect(ran.stdout).toBe(`${lines}from a child\nlast\n`);
      const order = ran.order.join("|");
      expect(order.slice(order.indexOf("19999") + 6)).toBe(
        "|err:between\n|out:from a child\n|display|out:last\n|result",
      );
    }));
});

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Ran, type TestKernel, withKernel } from "../../test/kernel.ts";
import { noOutput } from "./no-output.ts";
import { missingTypes, noTypes } from "./no-types.ts";
import { TypeChecks } from "./type-checks.ts";

const typed = (body: (k: TestKernel) => Promise<void>) => withKernel(undefined, body, { types: true });

/** Nobody can be asked in these tests: a cell that runs unattended has its warnings before its end. */
const warned = async (ran: Ran): Promise<string> => ran.stderr;

describe("types are checked beside the run", () => {
  test("and shown as warnings of the cell that has run", () =>
    typed(async (k) => {
      await k.run("const n: number = 1; interface Row { a: string }");
      const ran = await k.run("console.log('ran')\nn.toFixed('2'); n");
      expect(ran.stdout).toBe("ran\n");
      expect(ran.result).toEqual({ "text/plain": "1" });
      expect(await warned(ran)).toMatch(
        /^Type warning: cell-2\.ts:2:11 Argument of type 'string'.*\(TS2345\)\n$/s,
      );
      const row = await k.run("const row: Row = { a: 1 }");
      expect(await warned(row)).toContain(
        "cell-3.ts:1:20 Type 'number' is not assignable to type 'string'. (TS2322)",
      );
    }));

  test("and keep a cell from running where only what checks runs", () =>
    typed(async (k) => {
      await k.run("%config check = strict\nlet x = 1");
      const refused = await k.run("x = 'text'; console.log('ran')");
      expect(refused.stdout).toBe("");
      expect(refused.error?.ename).toBe("TypeCheck");
      expect(refused.error?.traceback.join("\n")).toContain("cell-2.ts:1:1 Type 'string' is not assignable");
      expect((await k.run("x")).result).toEqual({ "text/plain": "1" });
      expect((await k.run("%config check = off")).status).toBe("ok");
      const { stderr } = await k.run("x = 'text'; await new Promise((resolve) => setTimeout(resolve, 500))");
      expect(stderr).toBe("");
    }));

  test("only what checks runs: not a line of a cell with an error, which names its line, through redeclared names", () =>
    typed(async (k) => {
      await k.run("%config check = strict");
      const refusal = async (cell: string) => {
        const { error, stdout, displays, stderr } = await k.run(cell);
        expect([stdout, stderr, displays]).toEqual(["", "", []]);
        expect(error?.ename).toBe("TypeCheck");
        return error?.traceback[1];
      };
      expect(await refusal("console.log('ran')\nconst b: number = 1\nconst c: string = b")).toBe(
        "cell-2.ts:3:7 Type 'number' is not assignable to type 'string'. (TS2322)",
      );
      expect(await refusal("%env NOT_SET=1\nconst q: number = 'x'")).toContain("cell-3.ts:2:7");
      expect((await k.run("[typeof b, process.env.NOT_SET]")).error?.ename).toBe("TypeCheck");
      await k.run("let n = 1; interface P { x: number }; function f(x: number) { return x }");
      await k.run("let n = 'text'; interface P { y: string }; function f(x: string) { return x.length }");
      expect(await refusal("n = 1")).toContain("Type 'number' is not assignable to type 'string'");
      expect(await refusal("const p: P = { x: 1 }")).toContain("'x' does not exist in type 'P'");
      expect(await refusal("f(1)")).toContain("'number' is not assignable to parameter of type 'string'");
      expect(await refusal("display('shown'); missing")).toContain("Cannot find name 'missing'");
      expect(await refusal("%%parallel x of [1, 2]\nx.toUpperCase()")).toContain("cell-11.ts:2:3");
      expect((await k.run("f(n)")).result).toEqual({ "text/plain": "4" });
      expect((await k.run("// @ts-expect-error\nconst z: number = 'z'; z")).result).toEqual({
        "text/plain": "'z'",
      });
      const failed = await k.run("const before: number = 1; throw new Error('stop')");
      expect(failed.error?.evalue).toBe("stop");
      expect((await k.run("before.toFixed(1)")).result).toEqual({ "text/plain": "'1.0'" });
    }));

  test("errors in the types of packages and local modules keep no cell from running", () =>
    withKernel(
      undefined,
      async (k, folder) => {
        const write = (path: string, text: string) => {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          writeFileSync(join(folder, path), text);
        };
        write("node_modules/broken/package.json", '{ "main": "index.js", "types": "index.d.ts" }');
        write("node_modules/broken/index.js", "exports.value = 3");
        write(
          "node_modules/broken/index.d.ts",
          'export const value: number; export const other: Missing; interface A extends Gone {}\nimport "nothing";',
        );
        write("local.ts", "export const mine = { x: 1 }\nconst wrong: number = 'x'");
        await k.run("%config check = strict");
        const ran = await k.run(
          "import { value } from 'broken'; import { mine } from './local'; value + mine.x",
        );
        expect(ran.error?.traceback ?? ran.result).toEqual({ "text/plain": "4" });
        expect((await k.run("if (value > 3) (await import('./never.wasm')).add(1)")).error).toBeUndefined();
        expect((await k.run("value.length")).error?.evalue).toContain("Property 'length' does not exist");
      },
      { types: true },
    ));

  test("completion and hover know earlier cells, behind line magics too", () =>
    typed(async (k) => {
      const { kernel } = k;
      await k.run("class Walker { stride() { return 1 } }\nconst walker = new Walker()");
      const text = "%config\nwalker.str";
      const found = await kernel.complete(text, text.length);
      expect(found).toMatchObject({ start: text.length - 3, end: text.length });
      expect(found.matches.map((one) => one.text)).toEqual(["stride"]);
      expect((await kernel.inspect("walker", 2))?.signature).toContain("walker: Walker");
    }));

  test("also of a cell that fails; what it declared before is known, as a value and as a type", () =>
    typed(async (k) => {
      const failed = await k.run(
        "interface Point { x: number }\nconst kept: Point = { x: 1 }\nconst wrong: string = kept.x\nthrow new Error('stop')",
      );
      expect(failed.status).toBe("error");
      expect(await warned(failed)).toContain("cell-1.ts:3:7 Type 'number' is not assignable");
      const next = await k.run("const other: Point = { x: 'a' }; kept.x");
      expect(next.result).toEqual({ "text/plain": "1" });
      expect(await warned(next)).toMatch(/^Type warning: cell-2\.ts:1:24 .*\n$/);
    }));

  test("types, imports, enums, classes and namespaces are redeclared as anything", () =>
    typed(async (k) => {
      const forms = [
        "type T = string; const v: T = 'a'",
        "interface T { a: 1 }\nconst v: T = { a: 1 }",
        "class T { b = 2 }\nconst v: T = new T()",
        "enum T { A = 7 }\nconst v: T = T.A",
        "namespace T { export const c = 3 }\nconst v = T.c.toFixed()",
        "import { basename as T } from 'node:path'\nconst v = T('/x/y').length.toFixed()",
        "function T() { return 5n }\nconst v: bigint = T()",
        "const T = [1]\nconst v: number | undefined = T[0]",
        "const enum T { Z = 26 }\nconst v: number = T.Z",
      ];
      for (const form of forms) {
        const ran = await k.run(`${form}; v`);
        expect(ran.error?.traceback ?? ran.stderr).toBe("");
      }
      expect((await k.run("v")).result).toEqual({ "text/plain": "26" });
    }));

  test("a restart forgets them", () =>
    typed(async (k) => {
      await k.run("const gone = 1");
      await k.restart();
      expect((await k.kernel.complete("gon", 3)).matches).toEqual([]);
    }));
});

describe("a type service that fails", () => {
  test("that is missing is told once, and refuses cells where only what checks runs", async () => {
    const said: string[] = [];
    const output = { ...noOutput, stream: (_name: string, text: string) => void said.push(text) };
    const cell = { number: 1, file: "cell-1.ts", source: "1", output, signal: new AbortController().signal };
    const checks = new TypeChecks(missingTypes());
    checks.tellMissing(cell, "off");
    checks.tellMissing(cell, "warn");
    checks.tellMissing(cell, "warn");
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("TypeScript's compiler");
    expect(() => checks.tellMissing(cell, "strict")).toThrow(/npm install/);
  });

  test("fails no cell but one that may run only if it checks", async () => {
    const checks = new TypeChecks({ ...noTypes, check: () => Promise.reject(new Error("broken")) });
    expect(await checks.check("cell-1.ts", Promise.resolve("1"))).toEqual([]);
    const required = checks.check("cell-2.ts", Promise.resolve("1"), { required: true });
    await expect(required).rejects.toThrow(
      /could not be checked\. TypeScript's compiler did not answer: broken/,
    );
    expect(await checks.check("cell-3.ts", Promise.resolve("1"))).toEqual([]);
  });

  test("hears of the cells in their order, each after the one before", async () => {
    const heard: string[] = [];
    const slow = async (what: string, ms: number) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      heard.push(what);
      return [];
    };
    const checks = new TypeChecks({
      ...noTypes,
      check: (file) => slow(`check ${file}`, 1),
      commit: async (file) => void (await slow(`commit ${file}`, 20)),
    });
    void checks.check("a", Promise.resolve(""));
    checks.commit(
      "a",
      slow("view a", 30).then(() => ""),
    );
    await checks.check("b", Promise.resolve(""));
    expect(heard).toEqual(["check a", "view a", "commit a", "check b"]);
  });
});

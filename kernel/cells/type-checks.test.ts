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

  test("fails no cell", async () => {
    const checks = new TypeChecks({ ...noTypes, check: () => Promise.reject(new Error("broken")) });
    expect(await checks.check("cell-1.ts", Promise.resolve("1"))).toEqual([]);
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

import { describe, expect, test } from "vitest";
import { type Ran, type TestKernel, withKernel } from "../../test/kernel.ts";
import { noTypes } from "./no-types.ts";
import { TypeChecks } from "./type-checks.ts";

const typed = (body: (k: TestKernel) => Promise<void>) => withKernel(undefined, body, { types: true });

/** Warnings may follow the cell's end. */
async function warned(ran: Ran): Promise<string> {
  while (!ran.stderr.includes("Type warning")) await new Promise((resolve) => setTimeout(resolve, 10));
  return ran.stderr;
}

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

  test("a restart forgets them", () =>
    typed(async (k) => {
      await k.run("const gone = 1");
      await k.restart();
      expect((await k.kernel.complete("gon", 3)).matches).toEqual([]);
    }));
});

describe("a type service that fails", () => {
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

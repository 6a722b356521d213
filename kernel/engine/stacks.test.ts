import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";

const traceback = (ran: { error?: { traceback: string[] } | undefined }) =>
  ran.error?.traceback.join("\n") ?? "";

test("a stack names cells with their true lines and columns, and nothing of ours", () =>
  withKernel(undefined, async (k) => {
    expect(traceback(await k.run("throw new Error('first line')"))).toMatch(
      /^Error: first line\n {4}at cell-1\.ts:1:7$/,
    );
    await k.run("enum Color { Red }\nfunction deep() { throw new TypeError('deep') }");
    const nested = traceback(await k.run("\nconst call = () => deep()\n  call()"));
    expect(nested).toMatch(
      /^TypeError: deep\n {4}at deep \(cell-2\.ts:2:25\)\n {4}at call \(cell-3\.ts:2:20\)\n {4}at cell-3\.ts:3:3$/,
    );
    const awaited = traceback(
      await k.run("await null\nasync function late() { await 1; throw new Error('late') }\nawait late()"),
    );
    expect(awaited).toContain("cell-4.ts:2:40");
    expect(awaited).not.toMatch(/node:internal|inspector|engine\.cjs/);
  }));

test("causes, several errors at once, and what is no error are shown whole", () =>
  withKernel(undefined, async (k) => {
    const chain = traceback(
      await k.run(
        "const a = new Error('root')\nconst b = new Error('middle', { cause: a })\nthrow new Error('top', { cause: b })",
      ),
    );
    for (const part of ["top", "middle", "root", "cell-1.ts:1:11", "cell-1.ts:2:11", "cell-1.ts:3:7"])
      expect(chain).toContain(part);
    const many = traceback(
      await k.run(
        "throw new AggregateError([new RangeError('one'), new Error('two', { cause: 'why' })], 'many')",
      ),
    );
    for (const part of ["AggregateError: many", "RangeError: one", "Error: two", "why"])
      expect(many).toContain(part);
    expect(traceback(await k.run("throw { code: 7 }"))).toBe("Uncaught { code: 7 }");
    expect(traceback(await k.run("throw null"))).toBe("Uncaught null");
  }));

test("an error in a local module names its file and line", () =>
  withKernel(undefined, async (k, folder) => {
    writeFileSync(
      join(folder, "mod.ts"),
      "export type T = 1\nexport function fail(): never {\n  throw new Error('here')\n}",
    );
    const text = traceback(await k.run("import { fail } from './mod'\nfail()"));
    expect(text).toMatch(/mod\.ts:3:9\)\n {4}at cell-1\.ts:2:1/);
  }));

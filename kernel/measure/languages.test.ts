import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { type Ran, withKernel } from "../../test/kernel.ts";
import { type BenchResult, readTiming, timingMime } from "./result.ts";

/** The measured result that a cell shows. */
function shown(ran: Ran): BenchResult {
  expect(ran.error).toBeUndefined();
  const read = readTiming(JSON.parse(JSON.stringify(ran.displays.at(-1)?.data[timingMime])));
  if (!read.ok) throw new Error(read.why);
  return read.result;
}

/** Options for runs that are short: what they find is not claimed by these tests. */
const short = "--rounds 6 --budget 4s --precision 100%";

const hasPython = spawnSync("python3", ["--version"]).status === 0;

describe.skipIf(!hasPython)("%%bench over Python", () => {
  it("repeats one call of a Python function inside Python, anything else from here", async () => {
    await withKernel(undefined, async (k) => {
      await k.run("%%python\ndef total(n: int) -> int:\n    return sum(range(n))");
      const ran = await k.run(
        [
          `%%bench ${short}`,
          "const n = 20_000",
          "typescript: { let sum = 0; for (let i = 0; i < n; i++) sum += i; sum }",
          "python: py.total(n)",
          "awaited: await py.total(n)",
          "twice: { await py.total(1); await py.total(n) }",
        ].join("\n"),
      );
      const result = shown(ran);
      expect(result.difference).toBeNull();
      expect(result.sides.map(({ name, loop }) => [name, loop])).toEqual([
        ["typescript", "typescript"],
        ["python", "python"],
        ["awaited", "python"],
        ["twice", "typescript"],
      ]);
      const [typescript, python] = result.sides;
      expect(typescript?.overhead).toBeUndefined();
      // A call crosses to another process and back: that takes time, on any machine.
      expect(python?.overhead?.value).toBeGreaterThan(0);
      expect(python?.cpu).toBeGreaterThan(0);
      expect(result.versions).toMatchObject({ CPython: expect.stringMatching(/^3\.\d+/) });
    });
  });

  it("names the first difference between the languages", async () => {
    await withKernel(undefined, async (k) => {
      await k.run("%%python\ndef means():\n    return {'rows': [1, 2.5]}");
      const result = shown(await k.run(`%%bench ${short}\nts: ({ rows: [1, 2.25] })\npython: py.means()`));
      expect(result.difference).toMatchObject({ path: ".rows[1]", leftValue: "2.25", rightValue: "2.5" });
    });
  });

  it("fails with Python's own error where a side raises", async () => {
    await withKernel(undefined, async (k) => {
      await k.run("%%python\ndef bad():\n    return 1 / 0");
      const ran = await k.run(`%%bench ${short}\nts: 1\npython: py.bad()`);
      expect(ran.error?.evalue).toContain("division by zero");
    });
  });

  it("stops Python when interrupted, and keeps what was measured", async () => {
    await withKernel(undefined, async (k) => {
      await k.run("%%python\nimport time\ndef slow():\n    time.sleep(0.05)");
      const { ran, done } = k.start("%%bench --budget 60s --rounds 300\nts: undefined\npython: py.slow()");
      while (!/^Round [4-9]/.test(String(ran.displays[0]?.data["text/plain"]))) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      k.interrupt();
      await done;
      expect(ran.error?.ename).toBe("Interrupted");
      expect(ran.displays.at(-1)?.data[timingMime]).toMatchObject({ conditions: { ended: "interrupt" } });
      await k.run("%%python --out still\nstill = 5");
      expect((await k.run("still")).result?.["text/plain"]).toMatch(/^5/);
    });
  });
});

describe("%%bench without Python", () => {
  it("says what is missing and how to get it, and measures the rest", async () => {
    const path = process.env.PATH;
    // Processes started from here on find no interpreter.
    process.env.PATH = "/nonexistent";
    try {
      await withKernel(undefined, async (k) => {
        const result = shown(await k.run(`%%bench ${short}\npython: py.total(3)\ntypescript: 3`));
        expect(result.notRun).toEqual([
          { name: "python", why: expect.stringMatching(/Python.*[Ii]nstall/s) },
        ]);
        expect(result.sides.map(({ name }) => name)).toEqual(["typescript"]);
      });
    } finally {
      process.env.PATH = path;
    }
  });
});

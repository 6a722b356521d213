import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ran, TestKernel, withKernel } from "../../test/kernel.ts";
import { type BenchResult, readTiming, timingMime } from "./result.ts";

/** The measured result that a cell shows. */
function shown(ran: Ran): BenchResult {
  expect(ran.error).toBeUndefined();
  return lastResult(ran);
}

function lastResult(ran: Ran): BenchResult {
  const data = ran.displays.at(-1)?.data;
  const read = readTiming(JSON.parse(JSON.stringify(data?.[timingMime])));
  if (!read.ok) throw new Error(read.why);
  expect(data?.["image/svg+xml"]).toMatch(/^<svg /);
  expect(data).not.toHaveProperty("text/html");
  return read.result;
}

/** Options for runs that are short: what they find is not claimed by these tests. */
const short = "--rounds 6 --budget 2500ms --precision 100%";

describe("%%bench over TypeScript", () => {
  it("measures sides of every form, beside each other, and declares what it found", async () => {
    await withKernel(undefined, async (k) => {
      await k.run("const fibTs = (n: number): number => (n < 2 ? n : fibTs(n - 1) + fibTs(n - 2));");
      const ran = await k.run(
        [
          `%%bench ${short} --out timing`,
          "const n: number = 18",
          "recursive: fibTs(n)",
          "loop: {",
          "  let [a, b] = [0, 1];",
          "  for (let i = 0; i < n; i++) [a, b] = [b, a + b];",
          "  a",
          "}",
          "async: await new Promise((resolve) => setTimeout(resolve, 20, 2584n))",
        ].join("\n"),
      );
      const result = shown(ran);
      expect(result.sides.map(({ name, loop }) => [name, loop])).toEqual([
        ["recursive", "typescript"],
        ["loop", "typescript"],
        ["async", "typescript"],
      ]);
      expect(result.difference).toBeNull();
      expect(result.conditions.rounds).toBeGreaterThanOrEqual(6);
      const seconds = result.sides.map(({ time }) => time.value);
      expect(seconds[2]).toBeGreaterThan(0.019);
      expect(seconds[0]).toBeGreaterThan(seconds[1] ?? 0);
      expect(result.ratios.map(({ of, to }) => `${of}/${to}`)).toEqual([
        "loop/recursive",
        "async/recursive",
        "async/loop",
      ]);
      expect(ran.displays).toHaveLength(1);
      expect(ran.order[0]).toBe("display");

      const later = await k.run("[n, timing.verdict, _ === timing]");
      expect(later.result?.["text/plain"]).toContain(result.verdict.slice(0, 20));
      expect(later.result?.["text/plain"]).toMatch(/^\[\s*18,(.|\n)*true\s*\]$/);
    });
  });

  it("gives no verdict where results differ, and names the place", async () => {
    await withKernel(undefined, async (k) => {
      const ran = await k.run(`%%bench ${short}\na: [1, { x: 2 }]\nb: [1n, { x: 3 }]`);
      const result = shown(ran);
      expect(result.difference).toEqual({
        left: "a",
        right: "b",
        path: "[1].x",
        leftValue: "2",
        rightValue: "3",
      });
      expect(result.verdict).toContain("No verdict");
      expect(result.ratios.every(({ claimed }) => !claimed)).toBe(true);
    });
  });

  it("shows a side that cannot run as not run, and goes on with the others", async () => {
    await withKernel(undefined, async (k) => {
      const result = shown(await k.run(`%%bench ${short}\nrust: fib(3)\ntypescript: 2`));
      expect(result.notRun).toEqual([{ name: "rust", why: expect.stringMatching(/^fib is not defined/) }]);
      expect(result.sides.map(({ name }) => name)).toEqual(["typescript"]);
    });
  });

  it("fails with the side's own error, at its place in the cell", async () => {
    await withKernel(undefined, async (k) => {
      const ran = await k.run(`%%bench ${short}\na: 1\nb: {\n  null.x\n}`);
      expect(ran.error?.ename).toBe("TypeError");
      expect(ran.error?.traceback.join("\n")).toMatch(/cell-1\.ts:4:/);
      expect(ran.displays.at(-1)?.data["text/plain"]).toBe("Nothing was measured.");
    });
  });

  it("fails with the set-up's error", async () => {
    await withKernel(undefined, async (k) => {
      const ran = await k.run(`%%bench ${short}\nconst x = 1\nx.y.z\na: x`);
      expect(ran.error?.ename).toBe("TypeError");
      expect(ran.error?.traceback.join("\n")).toMatch(/cell-1\.ts:3:/);
      expect(ran.displays).toEqual([]);
    });
  });

  it.each([
    ["%%bench --budget 20\na: 1", "--budget 20 cannot be read"],
    ["%%bench\n1 + 1", "no sides"],
  ])("refuses %s", async (source, message) => {
    await withKernel(undefined, async (k) => {
      const ran = await k.run(source);
      expect(ran.error?.evalue).toContain(message);
    });
  });
});

describe("an interrupt", () => {
  let k: TestKernel;
  beforeAll(() => {
    k = new TestKernel(process.cwd());
  });
  afterAll(() => k.close());

  async function interrupted(source: string, round: RegExp): Promise<Ran> {
    const { ran, done } = k.start(source);
    while (!round.test(String(ran.displays[0]?.data["text/plain"])))
      await new Promise((r) => setTimeout(r, 20));
    k.interrupt();
    return done;
  }

  it.each([
    ["a loop", "a: { let x = 0; for (let i = 0; i < 1e7; i++) x += i % 7; x }"],
    ["an await", "a: await new Promise((resolve) => setTimeout(resolve, 30))"],
  ])("of %s keeps what was measured, and the session", async (_, side) => {
    const ran = await interrupted(
      `%%bench --budget 60s --rounds 500 --out kept\n${side}`,
      /^Round ([4-9]|\d\d)/,
    );
    expect(ran.error?.ename).toBe("Interrupted");
    const result = lastResult(ran);
    expect(result.conditions.ended).toBe("interrupt");
    expect(result.notes.join(" ")).toMatch(/Interrupted after \d+ rounds/);
    const after = await k.run("kept.conditions.rounds");
    expect(Number(after.result?.["text/plain"])).toBe(result.conditions.rounds);
  });

  it("of a side that never ends its first call shows nothing and keeps the session", async () => {
    const { ran, done } = k.start("%%bench\nforever: { while (true); }");
    while (ran.displays.length === 0) await new Promise((r) => setTimeout(r, 20));
    await new Promise((r) => setTimeout(r, 100));
    k.interrupt();
    const ended = await done;
    expect(ended.error?.ename).toBe("Interrupted");
    expect((await k.run("1 + 1")).result?.["text/plain"]).toBe("2");
  });
});

describe("bench({…})", () => {
  it("compares functions, and functions with their arguments", async () => {
    await withKernel(undefined, async (k) => {
      const ran = await k.run(
        `const r = await bench(
           { a: () => [1, 2].length, b: [Math.sqrt, 4], c: async () => 2 },
           { rounds: 6, budget: 2000, precision: "100%" },
         );
         r.sides.map((side) => side.name).join()`,
      );
      expect(ran.result?.["text/plain"]).toBe("'a,b,c'");
      expect(shown(ran).difference).toBeNull();
    });
  });

  it("refuses what is no function", async () => {
    await withKernel(undefined, async (k) => {
      const ran = await k.run("await bench({ a: [3, 4] })");
      expect(ran.error?.evalue).toContain("The side a of bench({…}) is no function");
    });
  });
});

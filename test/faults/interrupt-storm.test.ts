/** Interrupts at every moment: none is lost, none hits what comes after, and the engine keeps its values and answers. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { withKernel } from "../kernel.ts";

/** How many cells; `TANDEM_STORM=10000` for a long run. */
const COUNT = Number(process.env.TANDEM_STORM ?? 150);
const SEED = Number(process.env.TANDEM_STORM_SEED ?? 4711);

/** Some milliseconds of counting; by count, not by the clock, which goes on while an interrupt looks where the code is. */
const loop = (ms: number) => `for (let i = 0, x = 0; i < ${ms * 1e5}; i++) x += Math.sqrt(i);`;

/** Work that takes some `ms` and ends by itself, of each kind that an interrupt meets. */
const works: Readonly<Record<string, (ms: number) => string>> = {
  nothing: () => "1",
  loop,
  awaits: (ms) => `for (let i = 0; i < ${ms * 1e3}; i++) await null;`,
  timers: (ms) => `await new Promise((r) => setTimeout(r, ${ms}))`,
  "loop in a timer": (ms) => `await new Promise((r) => setTimeout(() => { ${loop(ms)} r(1) }, 1))`,
  prints: (ms) => `for (let i = 0; i < ${ms * 50}; i++) console.log("x".repeat(200));`,
  shows: (ms) => `({ [Symbol.for("nodejs.util.inspect.custom")]() { ${loop(ms)} return "shown" } })`,
  throws: (ms) => `${loop(ms)} throw new Error("thrown")`,
};

const moments = fc.record({
  work: fc.constantFrom(...Object.values(works)),
  ms: fc.integer({ min: 0, max: 60 }),
  after: fc.integer({ min: 0, max: 60 }),
  times: fc.integer({ min: 1, max: 3 }),
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it(`outlives interrupts in ${COUNT} cells`, { timeout: 60 * 60_000 }, () =>
  withKernel(undefined, async (k) => {
    await k.run("let kept = 0");
    const ends = new Map<string, number>();
    let kept = 0;
    for (const [i, { work, ms, after, times }] of fc
      .sample(moments, { seed: SEED, numRuns: COUNT })
      .entries()) {
      const what = `cell ${i}: ${work(ms)}, ${times} interrupts from ${after} ms on`;
      const { done } = k.start(`kept++; ${work(ms)}`);
      await pause(after);
      for (let n = 0; n < times; n++) k.interrupt();
      const ran = await inTime(done, what);
      const end = ran.error?.ename ?? ran.status;
      ends.set(end, (ends.get(end) ?? 0) + 1);
      expect(
        ["ok", "Interrupted", "Error", "aborted"],
        `${what}: ${ran.error?.evalue} ${ran.stderr}`,
      ).toContain(end);
      const next = await inTime(k.run("kept"), `after ${what}`);
      expect(next.error, `after ${what}`).toBe(undefined);
      // One that came before the cell's first statement keeps it from starting.
      const counted = Number(next.result?.["text/plain"]) - kept;
      expect(
        counted === 1 || (counted === 0 && (end === "Interrupted" || end === "aborted")),
        `after ${what}: ${counted}`,
      ).toBe(true);
      kept += counted;
    }
    console.log(Object.fromEntries(ends));
    expect(ends.get("Interrupted")).toBeGreaterThan(COUNT / 10);
  }),
);

/** An engine that fell silent would be waited for until the test's own limit, without a word. */
function inTime<T>(done: Promise<T>, what: string): Promise<T> {
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error(`No end: ${what}`)), 15_000).unref(),
  );
  return Promise.race([done, late]);
}

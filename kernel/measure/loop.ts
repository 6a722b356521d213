import { performance } from "node:perf_hooks";
import { runInThisContext } from "node:vm";
import type { Sample } from "./rounds.ts";

/** Calls a side so many times in a row and says how long that took. */
export type Loop = (calls: number) => Promise<Sample>;

/** User code may replace the clock that it sees (fake timers). */
const now = performance.now.bind(performance);
const cpuUsage = process.cpuUsage.bind(process);

/**
 * V8 inlines no function of more than 460 bytes of bytecode. A side that were inlined into the loop could have its work
 * moved out of it, or be left out because nobody uses the result. This never runs; it only makes the function large.
 */
const padding = `if(large){${"large=large*large+1;".repeat(100)}}`;

let loops = 0;

/**
 * A loop for one side: compiled for it alone, so that what V8 learns about one side's types does not slow another
 * down. The side is called through a function too large to be inlined, and each result is kept until the next call.
 *
 * @param awaits whether each result is a promise to wait for before the next call
 */
export function loopOf(side: () => unknown, awaits: boolean): Loop {
  const [async, wait] = awaits ? ["async ", "await "] : ["", ""];
  const source = `(function (side, now) {
    const call = function (large) { ${padding} return side(); };
    return ${async}function (calls) {
      let kept;
      const start = now();
      for (let i = 0; i < calls; i++) kept = ${wait}call(0);
      return { milliseconds: now() - start, kept };
    };
  })`;
  // The name makes it another script for V8, which otherwise takes the code it has already, with its feedback.
  const filename = `${__dirname}/loop-${++loops}.js`;
  const make = runInThisContext(source, { filename }) as (
    side: () => unknown,
    clock: () => number,
  ) => (calls: number) => Timed | Promise<Timed>;
  const run = make(side, now);
  return async (calls) => {
    const before = cpuUsage();
    const timing = run(calls);
    // The loop of a side that is not awaited is no async function.
    const { milliseconds } = awaits ? await timing : (timing as Timed);
    const { user, system } = cpuUsage(before);
    return { seconds: milliseconds / 1e3, cpuSeconds: (user + system) / 1e6 };
  };
}

interface Timed {
  readonly milliseconds: number;
  readonly kept: unknown;
}

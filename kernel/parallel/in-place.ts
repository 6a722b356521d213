import process from "node:process";
// User code may replace the global timers.
import { setImmediate } from "node:timers/promises";
import { serialize } from "node:v8";
import { fail } from "../errors.ts";
import { ListCollector } from "./dispatch/collect.ts";
import { type Estimate, times, worthwhile } from "./dispatch/decide.ts";
import type { Results } from "./dispatch/results.ts";
import type { Source } from "./dispatch/source.ts";
import { LOOKED_THROUGH, unsendable } from "./values/unsendable.ts";

/** A run in the main thread, until workers pay. */
export interface InPlace {
  readonly source: Source;
  readonly fn: (item: unknown, index: number) => unknown;
  readonly results: Results;
  readonly keepGoing: boolean;
  readonly workers: number;
  /** What it takes until workers can begin, in ms. */
  readonly start: number;
  readonly signal: AbortSignal;
}

/** `parallel`: the items from index `from` on are for workers, and take `perItem` ms each. `sequential`: all is done. */
export type Probed =
  | { how: "parallel"; from: number; perItem: number }
  | { how: "sequential"; ms: number; there: number }
  | { how: "failed" | "stopped" };

/** The main thread hears of interrupts and shows output at least this often, in ms. */
const BREATHE = 40;
/** Enough for a first impression, in ms: V8 optimises a function as it is called. */
const IMPRESSION = 1;
/** A batch shorter than this is followed by one twice as large, in ms. */
const SHORT = 0.25;
const LARGEST = 1024;

/** Works on items in the main thread, and says after each few whether workers would be faster with the rest. */
export async function runInPlace(own: InPlace): Promise<Probed> {
  const { signal } = own;
  const { exit } = process;
  // V8's termination of user code skips the `finally` that would do this.
  const restoreExit = () => {
    process.exit = exit;
  };
  signal.addEventListener("abort", restoreExit, { once: true });
  try {
    return await probe(own);
  } finally {
    signal.removeEventListener("abort", restoreExit);
  }
}

async function probe(own: InPlace): Promise<Probed> {
  const { source, results, signal } = own;
  const began = performance.now();
  let breathed = began;
  let size = 1;
  let at = 0;
  let there = 0;
  for (;;) {
    if (results.collector.full) await room(own);
    if (signal.aborted) return { how: "stopped" };
    const taken = source.take(size);
    const items = taken instanceof Promise ? await taken : taken;
    if (items.length === 0) return { how: "sequential", ms: performance.now() - began, there };
    const start = performance.now();
    const failed = await runBatch(own, items, at);
    const now = performance.now();
    at += items.length;
    if (failed && !own.keepGoing) return { how: "failed" };
    const perItem = (now - start) / items.length;
    if (now - start < SHORT) size = Math.min(LARGEST, size * 2);
    if (now - began >= IMPRESSION && own.workers > 1) {
      // Where the end is not known, as much again is likely to come.
      const left = source.size === undefined ? at : source.size - at;
      const estimate = { left, perItem, transfer: 0, workers: own.workers, start: own.start };
      const full: Estimate = worthwhile(estimate)
        ? { ...estimate, transfer: transferTime(items, results, at - items.length) }
        : estimate;
      there ||= times(full).there;
      if (worthwhile(full)) return { how: "parallel", from: at, perItem };
    }
    if (now - breathed > BREATHE) {
      await setImmediate();
      breathed = performance.now();
    }
  }
}

/** Waits until who takes the results has taken some. */
async function room({ results, signal }: InPlace): Promise<void> {
  await new Promise<void>((resolve) => {
    results.collector.onRoom = resolve;
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Works on a few items; tells whether one failed. */
async function runBatch(own: InPlace, items: readonly unknown[], lo: number): Promise<boolean> {
  const { fn, results } = own;
  const { exit } = process;
  let failed = false;
  let index = lo;
  // In a worker this would end the worker; here it would end the engine.
  process.exit = (code) => {
    throw fail("parallelExit", index, undefined, Number(code ?? process.exitCode ?? 0));
  };
  try {
    for (let i = 0; i < items.length; i++) {
      index = lo + i;
      try {
        const item = items[i];
        const problem = unsendable("item", item, index, index < LOOKED_THROUGH);
        if (problem) throw problem;
        const returned = fn(item, index);
        const result = isThenable(returned) ? await returned : returned;
        const lost = unsendable("result", result, index, index < LOOKED_THROUGH);
        if (lost) throw lost;
        results.put(index, result);
      } catch (error) {
        failed = true;
        results.fail(index, error);
        if (!own.keepGoing) break;
      }
    }
  } finally {
    process.exit = exit;
  }
  return failed;
}

/** What the main thread spends on sending an item and receiving its result, in ms. */
function transferTime(items: readonly unknown[], results: Results, lo: number): number {
  const list = results.collector instanceof ListCollector ? results.collector.list : [];
  const sample = items.slice(0, 16).map((item, i) => [item, list[lo + i]]);
  try {
    serialize(sample);
    const start = performance.now();
    serialize(sample);
    return (performance.now() - start) / sample.length;
  } catch {
    // What cannot be cloned is told by the one who sends it.
    return 0;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}

import process from "node:process";
// User code may replace the global timers.
import { setImmediate } from "node:timers/promises";
import { serialize } from "node:v8";
import { fail } from "../errors.ts";
import { isThenable } from "../thenable.ts";
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
/** Enough for a first impression, in ms. */
const IMPRESSION = 1;
/** Of items that take less than `QUICK` ms: V8 optimises a function as it is called, and then they may take far less. */
const LATER_IMPRESSION = 8;
const QUICK = 0.005;
/** The least that an item and its result cost the main thread, in ms: as a message, and in shared memory. */
const LEAST_TRANSFER = { message: 3e-4, shared: 3e-5 };
/** A batch shorter than this is followed by one twice as large, in ms. */
const SHORT = 0.25;
const LARGEST = 8192;

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
  let agreed = 0;
  const clock = new WorkClock();
  for (;;) {
    if (results.collector.full) await room(own);
    if (signal.aborted) return { how: "stopped" };
    const taken = source.take(size);
    const items = taken instanceof Promise ? await taken : taken;
    if (items.length === 0) return { how: "sequential", ms: performance.now() - began, there };
    clock.start();
    const { failed, awaited } = await runBatch(own, items, at);
    const ms = clock.stop(awaited);
    const now = performance.now();
    at += items.length;
    if (failed && !own.keepGoing) return { how: "failed" };
    const perItem = ms / items.length;
    if (ms < SHORT) size = Math.min(LARGEST, size * 2);
    if (now - began >= (perItem < QUICK ? LATER_IMPRESSION : IMPRESSION) && own.workers > 1) {
      // Where the end is not known, as much again is likely to come.
      const left = source.size === undefined ? at : source.size - at;
      const least = source.typed ? LEAST_TRANSFER.shared : LEAST_TRANSFER.message;
      const estimate = { left, perItem, transfer: least, workers: own.workers, start: own.start };
      const full: Estimate = worthwhile(estimate)
        ? {
            ...estimate,
            transfer: source.typed ? least : Math.max(least, transferTime(items, results, at - items.length)),
          }
        : estimate;
      there ||= times(full).there;
      // A pause of the collector looks like slow items, once.
      agreed = worthwhile(full) ? agreed + 1 : 0;
      if (agreed > (perItem < QUICK ? 2 : 0)) return { how: "parallel", from: at, perItem };
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

/**
 * How long work takes, on a machine where others work too: what was waited for by `await` counts in full, and else the
 * processor's time, unless it is little twice in a row; then the work itself waits, for a command or a lock.
 */
class WorkClock {
  #wall = 0;
  #cpu: NodeJS.CpuUsage = { user: 0, system: 0 };
  #doubted = false;

  start(): void {
    this.#cpu = process.cpuUsage();
    this.#wall = performance.now();
  }

  /** Since the start, in ms. */
  stop(awaited: boolean): number {
    const wall = performance.now() - this.#wall;
    const { user, system } = process.cpuUsage(this.#cpu);
    const cpu = (user + system) / 1000;
    const doubtful = !awaited && cpu < wall / 2;
    const trusted = !doubtful || this.#doubted;
    this.#doubted = doubtful;
    return trusted ? wall : cpu;
  }
}

/** Works on a few items; tells whether one failed, and whether one was awaited. */
async function runBatch(
  own: InPlace,
  items: readonly unknown[],
  lo: number,
): Promise<{ failed: boolean; awaited: boolean }> {
  const { fn, results } = own;
  const { exit } = process;
  const { collector } = results;
  const list = collector instanceof ListCollector ? collector.list : undefined;
  let failed = false;
  let awaited = false;
  /** Numbers that were put into the list at once: most of what a short item takes would be ours otherwise. */
  let numbers = 0;
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
        if (typeof item !== "number") {
          const problem = unsendable("item", item, index, index < LOOKED_THROUGH);
          if (problem) throw problem;
        }
        const returned = fn(item, index);
        if (list && typeof returned === "number") {
          list[index] = returned;
          numbers++;
          continue;
        }
        const waits = isThenable(returned);
        awaited ||= waits;
        const result = waits ? await returned : returned;
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
    results.count(numbers);
  }
  return { failed, awaited };
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

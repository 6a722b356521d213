import { PerformanceObserver, performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import type { Runner, Sample } from "./rounds.ts";

/** What the collector of this process did while a side ran. */
export interface Collections {
  readonly count: number;
  /** Of all of them together. */
  readonly seconds: number;
}

interface Period {
  readonly side: number;
  readonly start: number;
  readonly end: number;
}

/** A collection, in milliseconds of `performance.now`. */
export interface Collection {
  readonly startTime: number;
  readonly duration: number;
}

/**
 * Counts the collector's work by side. Collections are told later than they happen, so the periods in which sides ran
 * are kept, and matched at the end. Beside that it notes what a call allocates, where no collection fell into a sample.
 */
export class Watch {
  readonly #periods: Period[] = [];
  readonly #collections: Collection[] = [];
  readonly #allocated = new Map<number, number[]>();
  /** The sides that this process runs. */
  readonly #here = new Set<number>();
  readonly #observer = new PerformanceObserver((list) => this.#take(list.getEntries()));

  constructor() {
    this.#observer.observe({ entryTypes: ["gc"] });
  }

  #take(entries: readonly Collection[]): void {
    for (const { startTime, duration } of entries) this.#collections.push({ startTime, duration });
  }

  /** The runner of a side, watched. `here`: its calls run in this process. */
  watched(side: number, runner: Runner, here: boolean): Runner {
    if (here) this.#here.add(side);
    const sample = async (calls: number): Promise<Sample> => {
      const before = used();
      const start = performance.now();
      const result = await runner.sample(calls);
      const resident = result.resident ?? (this.#here.has(side) ? process.memoryUsage.rss() : undefined);
      this.#periods.push({ side, start, end: performance.now() });
      const grown = used() - before;
      if (grown >= 0) this.#allocated.set(side, [...(this.#allocated.get(side) ?? []), grown / calls]);
      return { ...result, ...(resident !== undefined && { resident }) };
    };
    return { ...runner, sample };
  }

  /** Ends it; what each side did to the collector. */
  async end(): Promise<(side: number) => { collections: Collections; allocated: number | null }> {
    // Entries come in a later turn.
    await setImmediate();
    this.#take(this.#observer.takeRecords());
    this.#observer.disconnect();
    const counted = bySide(this.#periods, this.#collections);
    return (side) => ({
      collections: counted.get(side) ?? { count: 0, seconds: 0 },
      allocated: middle(this.#allocated.get(side) ?? []),
    });
  }
}

/** Bytes that JavaScript holds, in its heap and in buffers beside it. */
function used(): number {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

/** Each collection counts for the side during whose sample it began. */
export function bySide(
  periods: readonly Period[],
  collections: readonly Collection[],
): Map<number, Collections> {
  const counted = new Map<number, Collections>();
  for (const { startTime, duration } of collections) {
    const period = periods.find(({ start, end }) => start <= startTime && startTime < end);
    if (!period) continue;
    const { count, seconds } = counted.get(period.side) ?? { count: 0, seconds: 0 };
    counted.set(period.side, { count: count + 1, seconds: seconds + duration / 1000 });
  }
  return counted;
}

function middle(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

import type { Collector } from "./collect.ts";

/** A failed item. */
export interface ItemFailure {
  readonly index: number;
  readonly error: unknown;
  /** The number of the worker; undefined for the main thread. */
  readonly worker?: number | undefined;
}

/** Keeps the account of a run's items; what becomes of their results is its collector's. */
export class Results {
  readonly collector: Collector;
  readonly failures: ItemFailure[] = [];
  readonly #deaths = new Map<number, number>();
  #done = 0;

  constructor(collector: Collector) {
    this.collector = collector;
  }

  /** Items with a result. */
  get done(): number {
    return this.#done;
  }

  put(index: number, value: unknown): void {
    this.collector.put(index, value);
    this.#done++;
  }

  /** Takes what a worker sent of `count` items from `lo` on, of which those in `failed` have no result. */
  putChunk(lo: number, count: number, results: readonly unknown[], failed: ReadonlySet<number>): void {
    const { collector } = this;
    if (collector.sends === "each") {
      for (let i = 0; i < count; i++) if (!failed.has(lo + i)) this.put(lo + i, results[i]);
      return;
    }
    if (collector.sends === "one" && results.length > 0) {
      this.#done += count - failed.size;
      collector.putOne(lo, lo + count, results[0]);
    } else this.#done += count - failed.size;
  }

  /** Takes note of items whose results the collector has got already. */
  count(items: number): void {
    this.#done += items;
  }

  fail(index: number, error: unknown, worker?: number): void {
    this.failures.push({ index, error, worker });
    this.collector.fail(index, error);
  }

  /** A worker ended at this item; tells how many have by now, whoever hands the items out. */
  died(index: number): number {
    const deaths = (this.#deaths.get(index) ?? 0) + 1;
    this.#deaths.set(index, deaths);
    return deaths;
  }

  /** The failures in the order of the items. */
  inOrder(): ItemFailure[] {
    return this.failures.toSorted((a, b) => a.index - b.index);
  }
}

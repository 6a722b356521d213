// User code may replace the global timers.
import { clearTimeout, setTimeout } from "node:timers";
import type { FromWorker } from "../protocol.ts";
import type { PoolWorker } from "./pool-worker.ts";

/** So long all have to wait before it counts, in ms: what one of them did last may still be on its way to another. */
const SURE = 200;

/** An item that waits for what its own worker cannot bring. */
export interface Waiting {
  readonly item: number;
  readonly worker: number;
  readonly how: "await" | "Atomics.wait";
  /** The cell and line, where they are known. */
  readonly at?: string | undefined;
}

/** Finds out when every item under way waits: then none will ever go on, nor will those queued behind them. */
export class Deadlock {
  readonly #found: (chain: readonly Waiting[]) => void;
  readonly #waiting = new Map<PoolWorker, Waiting>();
  #timer: NodeJS.Timeout | undefined;

  constructor(found: (chain: readonly Waiting[]) => void) {
    this.#found = found;
  }

  waits(worker: PoolWorker, { item, how, at }: Extract<FromWorker, { type: "waits" }>): void {
    this.#waiting.set(worker, { item, how, at, worker: worker.number });
  }

  goesOn(worker: PoolWorker): void {
    this.#waiting.delete(worker);
    this.end();
  }

  /** Looks at those that owe something. */
  look(owing: readonly PoolWorker[]): void {
    if (owing.length === 0 || !owing.every((worker) => this.#waiting.has(worker))) {
      this.end();
      return;
    }
    this.#timer ??= setTimeout(() => {
      const chain = owing.flatMap((worker) => this.#waiting.get(worker) ?? []);
      this.#found(chain.toSorted((a, b) => a.item - b.item));
    }, SURE);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

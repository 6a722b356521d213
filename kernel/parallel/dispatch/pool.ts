import { availableParallelism } from "node:os";
import type { ResourceLimits } from "node:worker_threads";
import { PoolWorker } from "./pool-worker.ts";

export interface PoolOptions {
  /** The worker's bundle. */
  readonly file: string;
  /** The notebook's, absolute. */
  readonly folder: string;
  /** Of each thread's heap; Node's own if left out. */
  readonly limits?: ResourceLimits;
  /** Workers are processes, not threads. */
  readonly isolate?: boolean;
  /** The file in which workers write down what they work on. */
  readonly notes?: string | undefined;
}

/** The engine's workers: started when first needed, kept for later runs. */
export class Pool {
  readonly #options: PoolOptions;
  #workers: PoolWorker[] = [];
  #held = false;
  /** Who waits for the pool, in order; and who has lent it and gets it back first, the last one before the others. */
  readonly #waiting: (() => void)[] = [];
  readonly #lenders: (() => void)[] = [];
  #onWanted: (() => void) | undefined;
  #runs = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Workers that run now. */
  get size(): number {
    return this.#workers.length;
  }

  /** As many workers as a run gets when it does not say. */
  static get cores(): number {
    return availableParallelism();
  }

  /** Whether workers are processes. */
  get isolated(): boolean {
    return this.#options.isolate ?? false;
  }

  /** Gives `work` the pool for itself, after all who asked before. `run` numbers the runs from 1. */
  async exclusive<T>(work: (run: number) => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work(++this.#runs);
    } finally {
      this.#dismiss();
      this.#leave();
    }
  }

  /**
   * For who holds the pool and cannot go on now: lends it to who waits for it, at once or as soon as somebody does.
   * Where that would never be, two runs that wait for each other would hang: a source that needs a parallel run itself.
   * `lent` is called when it happens, `back` with a new number for the run when the pool is there again.
   */
  lend(lent: () => void, back: (run: number) => void): void {
    const now = () => {
      this.#onWanted = undefined;
      const next = this.#waiting.shift();
      if (!next) return;
      lent();
      this.#lenders.push(() => back(++this.#runs));
      next();
    };
    this.#onWanted = now;
    if (this.#waiting.length > 0) now();
  }

  /** It can go on: the pool stays where it is. */
  keep(): void {
    this.#onWanted = undefined;
  }

  /** The first `count` workers; starts those that are missing, without waiting for them. */
  take(count: number): PoolWorker[] {
    while (this.#workers.length < count) this.#workers.push(this.#start());
    return this.#workers.slice(0, count);
  }

  /** The first `count` workers did a set-up. */
  haveDone(setUp: number, count: number): void {
    for (const worker of this.#workers.slice(0, count)) worker.hasDone(setUp);
  }

  /** A worker in the place of one that ended. */
  replace(worker: PoolWorker): PoolWorker {
    this.#remove(worker);
    const fresh = this.#start(worker.number);
    this.#workers.push(fresh);
    return fresh;
  }

  /** Ends a worker that does not end its work. */
  async terminate(worker: PoolWorker): Promise<void> {
    this.#remove(worker);
    await worker.terminate();
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
    this.#workers = [];
  }

  #enter(): Promise<void> {
    if (!this.#held) {
      this.#held = true;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#onWanted?.();
    });
  }

  #leave(): void {
    const next = this.#lenders.pop() ?? this.#waiting.shift();
    if (next) next();
    else this.#held = false;
  }

  /** Ends workers beyond the cores: a run that asked for many may be the only one. */
  #dismiss(): void {
    if (this.#lenders.length > 0) return;
    for (const worker of this.#workers.slice(Pool.cores)) void this.terminate(worker);
  }

  #start(number = this.#freeNumber()): PoolWorker {
    const { file, folder, limits, notes, isolate = false } = this.#options;
    return new PoolWorker({ folder, number, notes }, { file, limits, isolate }, (ended) =>
      this.#remove(ended),
    );
  }

  #freeNumber(): number {
    const taken = new Set(this.#workers.map((worker) => worker.number));
    let number = 1;
    while (taken.has(number)) number++;
    return number;
  }

  #remove(worker: PoolWorker): void {
    this.#workers = this.#workers.filter((one) => one !== worker);
  }
}

import { availableParallelism } from "node:os";
import type { ResourceLimits } from "node:worker_threads";
import { PoolWorker } from "./pool-worker.ts";

/** The engine's worker threads: started when first needed, kept for later runs. */
export class Pool {
  readonly #file: string;
  readonly #folder: string;
  readonly #limits: ResourceLimits | undefined;
  #workers: PoolWorker[] = [];
  #queue: Promise<unknown> = Promise.resolve();
  #runs = 0;

  /** `file`: the worker's bundle; `folder`: the notebook's; `limits`: of each worker's heap, Node's own if left out. */
  constructor(file: string, folder: string, limits?: ResourceLimits) {
    this.#file = file;
    this.#folder = folder;
    this.#limits = limits;
  }

  /** Workers that run now. */
  get size(): number {
    return this.#workers.length;
  }

  /** As many workers as a run gets when it does not say. */
  static get cores(): number {
    return availableParallelism();
  }

  /** Gives `work` the pool for itself, after all who asked before. `run` numbers the runs from 1. */
  exclusive<T>(work: (run: number) => Promise<T>): Promise<T> {
    const turn = this.#queue.then(() => work(++this.#runs)).finally(() => this.#dismiss());
    this.#queue = turn.catch(() => {});
    return turn;
  }

  /** The first `count` workers; starts those that are missing, without waiting for them. */
  take(count: number): PoolWorker[] {
    while (this.#workers.length < count) this.#workers.push(this.#start());
    return this.#workers.slice(0, count);
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

  /** Ends workers beyond the cores: a run that asked for many may be the only one. */
  #dismiss(): void {
    for (const worker of this.#workers.slice(Pool.cores)) void this.terminate(worker);
  }

  #start(number = this.#freeNumber()): PoolWorker {
    return new PoolWorker(number, { file: this.#file, folder: this.#folder, limits: this.#limits }, (ended) =>
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

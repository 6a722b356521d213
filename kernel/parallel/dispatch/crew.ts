// User code may replace the global timers.
import { setInterval, setTimeout } from "node:timers";
import { fail } from "../../errors.ts";
import type { FromWorker } from "../protocol.ts";
import type { Ended, Job } from "./job.ts";
import type { Pool } from "./pool.ts";
import type { Death, PoolWorker, WorkerOwner } from "./pool-worker.ts";

/** How long a worker may go on with its item after a stop, in ms; then it is ended. The engine waits 50 ms for parts. */
const GRACE = 30;
/** Deaths in a row between items after which a job gives up. */
const MOST_DEATHS = 5;
/** An item is given up when it has ended so many workers: the first may have died of something else. */
const DEATHS_OF_ITEM = 2;

/** What the two ways of handing out items differ in. */
export interface Handing {
  /** The worker has its surroundings on the way: hands it work. */
  begin(worker: PoolWorker): void;
  /** A message about the job's work. */
  message(worker: PoolWorker, message: FromWorker): void;
  /** Whether the worker still owes an answer. */
  owes(worker: PoolWorker): boolean;
  /** The worker has ended: takes back what it had; `failed` is the item that is not to be tried again. */
  takeBack(worker: PoolWorker, failed: number | undefined): void;
}

/** The workers of one job: prepares them, watches over them, replaces those that end, stops them. */
export class Crew implements WorkerOwner {
  readonly job: Job;
  readonly run: number;
  readonly #pool: Pool;
  readonly #handing: Handing;
  #workers: PoolWorker[];
  #ended: Ended | undefined;
  #deaths = 0;
  #resolve: (ended: Ended) => void = () => {};
  readonly #timers: NodeJS.Timeout[] = [];
  /** Since when a worker is at its item, on the clock of `performance.now`. */
  readonly #since = new Map<PoolWorker, { item: number; at: number }>();

  constructor(pool: Pool, run: number, job: Job, makeHanding: (crew: Crew) => Handing) {
    this.#pool = pool;
    this.run = run;
    this.job = job;
    this.#workers = pool.take(job.workers);
    this.#handing = makeHanding(this);
  }

  /** Runs the job. Resolves when every worker is idle or replaced. */
  work(): Promise<Ended> {
    const { signal, timeout } = this.job;
    return new Promise((resolve) => {
      const onAbort = () => this.stop({ how: "stopped" });
      this.#resolve = (ended) => {
        signal.removeEventListener("abort", onAbort);
        for (const timer of this.#timers) clearInterval(timer);
        for (const worker of this.#workers) worker.belongTo(undefined);
        resolve(ended);
      };
      if (signal.aborted) return this.#resolve({ how: "stopped" });
      signal.addEventListener("abort", onAbort);
      if (timeout !== undefined)
        this.#timers.push(
          setInterval(() => this.#checkTimes(timeout), Math.min(1000, Math.max(10, timeout / 10))),
        );
      for (const worker of this.#workers) this.#begin(worker);
      this.settle();
    });
  }

  get stopping(): boolean {
    return this.#ended !== undefined;
  }

  get workers(): readonly PoolWorker[] {
    return this.#workers;
  }

  /** An item failed: the job's end, unless it keeps going. */
  itemFailed(index: number, error: unknown): void {
    this.job.results.fail(index, error);
    if (!this.job.keepGoing) this.stop({ how: "failed" });
  }

  /** Hands out no more, and ends workers that do not come to an end by themselves. */
  stop(ended: Ended): void {
    if (this.#ended) return;
    this.#ended = ended;
    for (const worker of this.#workers) worker.stop(this.run);
    this.#timers.push(
      setTimeout(() => {
        for (const worker of this.#workers) {
          if (!this.#handing.owes(worker)) continue;
          this.#handing.takeBack(worker, undefined);
          void this.#pool.terminate(worker);
        }
        this.settle(true);
      }, GRACE),
    );
    this.settle();
  }

  /** Ends the job if nothing is owed any more; `finished`: nothing is left to hand out either. */
  settle(finished = false): void {
    if (!finished && !this.#ended) return;
    if (this.#workers.some((worker) => worker.alive && this.#handing.owes(worker))) return;
    this.#resolve(this.#ended ?? { how: "finished" });
  }

  message(worker: PoolWorker, message: FromWorker): void {
    if (message.type === "stream") this.job.stream(message.name, message.text);
    else if (message.type === "display") this.job.display(message.data);
    else if (message.type === "up" || message.run !== this.run || message.type === "ready") return;
    else if (message.type === "notReady") {
      worker.forgetKnown();
      this.#handing.takeBack(worker, undefined);
      this.stop({ how: "error", error: this.job.receive(message.error) });
    } else {
      this.#deaths = 0;
      this.#handing.message(worker, message);
    }
  }

  died(worker: PoolWorker, death: Death): void {
    const index = worker.item;
    const again = index !== undefined && !this.#ended && this.job.results.died(index) < DEATHS_OF_ITEM;
    if (again) this.#replace(worker, undefined, deathError(worker, death), true);
    else this.#replace(worker, index, deathError(worker, death));
  }

  #begin(worker: PoolWorker): void {
    worker.belongTo(this);
    worker.prepare(this.run, this.job.steps, this.job.root, this.job);
    this.#handing.begin(worker);
  }

  /** The worker is gone; the item of that index failed with it. `again`: it was at an item that is tried once more. */
  #replace(worker: PoolWorker, index: number | undefined, error: unknown, again = false): void {
    this.#workers = this.#workers.filter((one) => one !== worker);
    this.#since.delete(worker);
    this.#handing.takeBack(worker, index);
    if (index !== undefined) this.itemFailed(index, error);
    else if (!again && ++this.#deaths > MOST_DEATHS) this.stop({ how: "error", error });
    if (this.#ended) {
      this.settle();
      return;
    }
    const fresh = this.#pool.replace(worker);
    this.#workers.push(fresh);
    this.#begin(fresh);
    this.settle();
  }

  #checkTimes(timeout: number): void {
    const now = performance.now();
    for (const worker of this.#workers) {
      const { item } = worker;
      const since = this.#since.get(worker);
      if (item === undefined) this.#since.delete(worker);
      else if (since?.item !== item) this.#since.set(worker, { item, at: now });
      else if (now - since.at >= timeout) {
        void this.#pool.terminate(worker);
        this.#replace(worker, item, fail("parallelTimeout", item, timeout));
      }
    }
  }
}

function deathError(worker: PoolWorker, death: Death): Error {
  const { item, number } = worker;
  if ("exitCode" in death) return fail("parallelExit", item, number, death.exitCode);
  if (death.error.code === "ERR_WORKER_OUT_OF_MEMORY") return fail("parallelMemory", item, number);
  return fail("parallelWorkerDied", item, number, death.error.message);
}

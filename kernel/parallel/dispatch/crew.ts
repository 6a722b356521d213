// User code may replace the global timers.
import { clearTimeout, setInterval, setTimeout } from "node:timers";
import { fail } from "../../errors.ts";
import type { FromWorker } from "../protocol.ts";
import type { Death } from "./body.ts";
import { Deadlock } from "./deadlock.ts";
import { deathError } from "./death-error.ts";
import type { Ended, Job } from "./job.ts";
import type { Pool } from "./pool.ts";
import type { PoolWorker, WorkerOwner } from "./pool-worker.ts";

/** How long a worker may go on with its item after a stop, in ms; then it is ended. The engine waits 50 ms for parts. */
const GRACE = 30;
/** Deaths in a row between items after which a job gives up. */
const MOST_DEATHS = 5;
/** An item is given up when it has ended so many workers: the first may have died of something else. */
const DEATHS_OF_ITEM = 2;

/** What the ways of handing out items differ in. */
export interface Handing {
  /** The worker has its surroundings on the way: hands it work. */
  begin(worker: PoolWorker): void;
  /** A message about the job's work. */
  message(worker: PoolWorker, message: FromWorker): void;
  /** Whether the worker still owes an answer. */
  owes(worker: PoolWorker): boolean;
  /** The worker has ended: takes back what it had; `failed` is the item that is not to be tried again. */
  takeBack(worker: PoolWorker, failed: number | undefined): void;
  /** Items that nobody has begun: how many, or undefined where only the source knows. */
  readonly queued: number | undefined;
}

/** The workers of one job: prepares them, watches over them, replaces those that end, stops them. */
export class Crew implements WorkerOwner {
  readonly job: Job;
  #run: number;
  readonly #pool: Pool;
  readonly #handing: Handing;
  #workers: PoolWorker[];
  #ended: Ended | undefined;
  #deaths = 0;
  #lent = false;
  readonly #deadlock = new Deadlock((chain) =>
    this.stop({ how: "error", error: fail("parallelDeadlock", chain, this.#handing.queued) }),
  );
  #resolve: (ended: Ended) => void = () => {};
  readonly #timers: NodeJS.Timeout[] = [];
  /** Since when a worker is at its item, on the clock of `performance.now`. */
  readonly #since = new Map<PoolWorker, { item: number; at: number }>();

  constructor(pool: Pool, run: number, job: Job, makeHanding: (crew: Crew) => Handing) {
    this.#pool = pool;
    this.#run = run;
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
        for (const timer of this.#timers) clearTimeout(timer);
        this.#pool.keep();
        this.#deadlock.end();
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

  /** The job's number with the pool; another one once the pool was lent. */
  get run(): number {
    return this.#run;
  }

  /** Whether nothing is to be handed out now. */
  get stopping(): boolean {
    return this.#ended !== undefined || this.#lent;
  }

  get workers(): readonly PoolWorker[] {
    return this.#workers;
  }

  /** An item failed: the job's end, unless it keeps going. */
  itemFailed(index: number, error: unknown, worker?: PoolWorker): void {
    this.job.results.fail(index, error, worker?.number);
    if (!this.job.work.keepGoing) this.stop({ how: "failed" });
  }

  /** Hands out no more, and ends workers that do not come to an end by themselves. */
  stop(ended: Ended): void {
    if (this.#ended) return;
    this.#ended = ended;
    for (const worker of this.#workers) worker.stop(this.#run);
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
    // The pool comes back first.
    if (this.#lent) return;
    const owing = this.#workers.filter((worker) => worker.alive && this.#handing.owes(worker));
    this.#deadlock.look(owing);
    if (owing.length > 0) this.#pool.keep();
    else if (finished || this.#ended) this.#resolve(this.#ended ?? { how: "finished" });
    // Its source, or who takes its results, may wait for the pool itself.
    else
      this.#pool.lend(
        () => this.#lend(),
        (run) => this.#goOn(run),
      );
  }

  #lend(): void {
    this.#lent = true;
    for (const worker of this.#workers) worker.belongTo(undefined);
  }

  /** Others have changed what the workers have. */
  #goOn(run: number): void {
    this.#lent = false;
    this.#run = run;
    this.#workers = this.#pool.take(this.job.workers);
    if (!this.#ended) for (const worker of this.#workers) this.#begin(worker);
    this.settle();
  }

  message(worker: PoolWorker, message: FromWorker): void {
    if (message.type === "stream") this.job.stream(message.name, message.text, worker.number);
    else if (message.type === "display") this.job.display(message.data);
    else if (message.type === "waits" || message.type === "waitsNot") this.#waits(worker, message);
    else if (message.type === "up" || message.run !== this.#run) return;
    else if (message.type === "ready") this.job.tracer?.ready(worker);
    else if (message.type === "notReady") {
      worker.forgetKnown();
      this.#handing.takeBack(worker, undefined);
      this.stop({ how: "error", error: this.job.receive(message.error) });
    } else {
      this.#deaths = 0;
      this.#deadlock.goesOn(worker);
      this.#handing.message(worker, message);
    }
  }

  #waits(worker: PoolWorker, message: Extract<FromWorker, { type: "waits" | "waitsNot" }>): void {
    if (message.type === "waits") this.#deadlock.waits(worker, message);
    else this.#deadlock.goesOn(worker);
    this.settle();
  }

  died(worker: PoolWorker, death: Death): void {
    const index = worker.item;
    this.job.tracer?.event("worker ended", worker, index);
    const again = index !== undefined && !this.#ended && this.job.results.died(index) < DEATHS_OF_ITEM;
    if (again) this.#replace(worker, undefined, deathError(worker, death), true);
    else this.#replace(worker, index, deathError(worker, death));
  }

  #begin(worker: PoolWorker): void {
    worker.belongTo(this);
    this.job.tracer?.prepared(worker);
    worker.prepare({ ...this.job, run: this.#run });
    this.#handing.begin(worker);
  }

  /** The worker is gone; the item of that index failed with it. `again`: it was at an item that is tried once more. */
  #replace(worker: PoolWorker, index: number | undefined, error: unknown, again = false): void {
    this.#workers = this.#workers.filter((one) => one !== worker);
    this.#since.delete(worker);
    this.#deadlock.goesOn(worker);
    this.#handing.takeBack(worker, index);
    if (index !== undefined) this.itemFailed(index, error, worker);
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

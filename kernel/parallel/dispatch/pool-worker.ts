import { type ResourceLimits, Worker } from "node:worker_threads";
import { detached } from "../../engine/origin.ts";
import { type FromWorker, STATUS, type Step, type ToWorker, type WorkerStart } from "../protocol.ts";

/** How a worker ended: by an error that nobody caught, or by `process.exit`. */
export type Death = { readonly error: NodeJS.ErrnoException } | { readonly exitCode: number };

/** Who hears a worker while it works for a run. */
export interface WorkerOwner {
  message(worker: PoolWorker, message: FromWorker): void;
  died(worker: PoolWorker, death: Death): void;
}

/** A worker thread, from the main thread's side. */
export class PoolWorker {
  readonly number: number;
  /** What this worker's builder has by now. */
  readonly #known = new Set<string>();
  readonly #status = new Int32Array(new SharedArrayBuffer(STATUS.length * Int32Array.BYTES_PER_ELEMENT));
  readonly #thread: Worker;
  #owner: WorkerOwner | undefined;
  #alive = true;

  constructor(
    number: number,
    start: Pick<WorkerStart, "folder"> & { file: string; limits?: ResourceLimits | undefined },
    onEnd: (worker: PoolWorker) => void,
  ) {
    this.number = number;
    this.#status[STATUS.item] = -1;
    const workerData: WorkerStart = { folder: start.folder, status: this.#status, number };
    this.#thread = detached(
      () =>
        new Worker(start.file, {
          workerData,
          name: `tandem worker ${number}`,
          ...(start.limits ? { resourceLimits: start.limits } : {}),
        }),
    );
    // The engine lives by its pipes, not by its workers.
    this.#thread.unref();
    let error: NodeJS.ErrnoException | undefined;
    this.#thread.on("error", (thrown: NodeJS.ErrnoException) => {
      error = thrown;
    });
    this.#thread.on("message", (message: FromWorker) => this.#owner?.message(this, message));
    this.#thread.on("exit", (exitCode) => {
      const wasAlive = this.#alive;
      this.#alive = false;
      onEnd(this);
      if (wasAlive) this.#owner?.died(this, error ? { error } : { exitCode });
    });
  }

  /** The item it works on now; undefined between items. */
  get item(): number | undefined {
    const item = Atomics.load(this.#status, STATUS.item);
    return item < 0 ? undefined : item;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** From now on `owner` hears it; nobody if undefined. */
  belongTo(owner: WorkerOwner | undefined): void {
    this.#owner = owner;
  }

  send(message: ToWorker): void {
    this.#thread.postMessage(message);
  }

  /** Sends a run's steps, without the content that it has already. */
  prepare(
    run: number,
    steps: readonly Step[],
    root: string,
    { keepGoing, retries = 0 }: { keepGoing: boolean; retries?: number },
  ): void {
    const used = new Set(steps.flatMap((step) => ("key" in step ? [step.key] : [])));
    const forget = [...this.#known].filter((key) => key.startsWith("data:") && !used.has(key));
    for (const key of forget) this.#known.delete(key);
    const needed = steps.map((step): Step => {
      if (!("key" in step)) return step;
      if (this.#known.has(step.key) && step.op === "data") return { op: "data", key: step.key };
      if (this.#known.has(step.key) && step.op === "script") return { op: "script", key: step.key };
      return step;
    });
    for (const key of used) this.#known.add(key);
    this.send({ type: "prepare", run, steps: needed, root, keepGoing, retries, forget });
  }

  /** Steps failed in it: what it has is not known. */
  forgetKnown(): void {
    this.#known.clear();
  }

  /** It takes no further items of this run, or of those before. */
  stop(run: number): void {
    Atomics.store(this.#status, STATUS.stopped, run);
  }

  /** Ends the thread, whatever it does; nobody is told. */
  async terminate(): Promise<void> {
    this.#alive = false;
    await this.#thread.terminate();
  }
}

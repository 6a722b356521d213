import type { FromWorker, SetUp, Step, ToWorker, Work, WorkerStart } from "../protocol.ts";
import { type Body, type BodyStart, type Death, startThread } from "./body.ts";
import { startProcess } from "./process-body.ts";

/** Who hears a worker while it works for a run. */
export interface WorkerOwner {
  message(worker: PoolWorker, message: FromWorker): void;
  died(worker: PoolWorker, death: Death): void;
}

/** What a run has a worker make ready. */
export interface Preparation {
  readonly run: number;
  readonly steps: readonly Step[];
  readonly setUps: readonly SetUp[];
  readonly work: Work;
}

/** A worker, from the main thread's side. */
export class PoolWorker {
  readonly number: number;
  /** When it was started, and when it could take its first message, on the clock of `performance.now`. */
  readonly startedAt = performance.now();
  upAt: number | undefined;
  /** What this worker's builder has by now. */
  readonly #known = new Set<string>();
  readonly #setUps = new Set<number>();
  readonly #body: Body;
  #waiting: ToWorker[] = [];
  #owner: WorkerOwner | undefined;
  #alive = true;

  constructor(
    start: WorkerStart,
    how: BodyStart & { isolate: boolean },
    onEnd: (worker: PoolWorker) => void,
  ) {
    this.number = start.number;
    this.#body = (how.isolate ? startProcess : startThread)(start, how, {
      message: (message) => {
        if (message.type === "up") this.upAt = performance.now();
        this.#owner?.message(this, message);
      },
      ended: (death) => {
        const wasAlive = this.#alive;
        this.#alive = false;
        onEnd(this);
        if (wasAlive) this.#owner?.died(this, death);
      },
    });
  }

  /** The item it works on now; undefined between items. */
  get item(): number | undefined {
    return this.#body.item;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** From now on `owner` hears it; nobody if undefined. */
  belongTo(owner: WorkerOwner | undefined): void {
    this.#owner = owner;
  }

  send(message: ToWorker, moved?: readonly ArrayBuffer[]): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#body.send([...waiting, message], moved);
  }

  /** Has what a run needs go along with the next message, without the content and the set-ups that it has already. */
  prepare({ run, steps, setUps, work }: Preparation): void {
    // What an earlier run made ready and then had no work for.
    if (this.#waiting.length > 0) this.#body.send(this.#waiting);
    const missing = setUps.filter(({ id }) => !this.#setUps.has(id));
    const used = new Set<string>();
    for (const list of [...missing.map((setUp) => setUp.steps), steps])
      for (const step of list) if ("key" in step) used.add(step.key);
    const forget = [...this.#known].filter((key) => key.startsWith("data:") && !used.has(key));
    for (const key of forget) this.#known.delete(key);
    const sent = missing.map((setUp) => ({ ...setUp, steps: this.#without(setUp.steps) }));
    this.#waiting = [{ type: "prepare", run, setUps: sent, steps: this.#without(steps), work, forget }];
    for (const { id } of missing) this.#setUps.add(id);
  }

  /** The set-up was done in it already. */
  hasDone(setUp: number): void {
    this.#setUps.add(setUp);
  }

  #without(steps: readonly Step[]): Step[] {
    return steps.map((step): Step => {
      if (!("key" in step)) return step;
      const known = this.#known.has(step.key);
      this.#known.add(step.key);
      if (known && step.op === "data") return { op: "data", key: step.key };
      if (known && step.op === "script") return { op: "script", key: step.key };
      return step;
    });
  }

  /** Steps failed in it: what it has is not known. */
  forgetKnown(): void {
    this.#known.clear();
    this.#setUps.clear();
  }

  /** It takes no further items of this run, or of those before. */
  stop(run: number): void {
    this.#body.stop(run);
  }

  /** Ends the thread, whatever it does; nobody is told. */
  async terminate(): Promise<void> {
    this.#alive = false;
    await this.#body.terminate();
  }
}

import { CONTROL, DONE, type FromWorker, type NumberArray, type TypedJob } from "../protocol.ts";
import type { Chunk } from "./chunks.ts";
import { ListCollector, ReduceCollector } from "./collect.ts";
import type { Crew, Handing } from "./crew.ts";
import type { PoolWorker } from "./pool-worker.ts";
import { keepMemory, type TypedMemory, typedMemory } from "./typed-memory.ts";

/** Hands out the items of a typed array: all workers see it in shared memory and take ranges from a counter. */
export class TypedRanges implements Handing {
  readonly #crew: Crew;
  readonly #items: NumberArray;
  readonly #memory: TypedMemory;
  readonly #working = new Set<PoolWorker>();
  /** Results that are no numbers. */
  readonly #others = new Map<number, unknown>();

  constructor(crew: Crew, items: NumberArray) {
    this.#crew = crew;
    this.#items = items;
    this.#memory = typedMemory(items);
    this.#memory.control[CONTROL.next] = crew.job.from;
    this.#memory.control[CONTROL.done] = crew.job.from;
  }

  /** Items done, as the workers count them. */
  get done(): number {
    return Atomics.load(this.#memory.control, CONTROL.done);
  }

  begin(worker: PoolWorker): void {
    const { job, run } = this.#crew;
    const typed: TypedJob = {
      ...this.#memory,
      workers: job.workers,
      traced: job.tracer !== undefined,
      ...(job.chunk === undefined ? {} : { chunk: job.chunk }),
    };
    this.#working.add(worker);
    worker.send({ type: "typed", run, ...typed });
  }

  owes(worker: PoolWorker): boolean {
    return this.#working.has(worker);
  }

  message(worker: PoolWorker, message: FromWorker): void {
    const { job } = this.#crew;
    if (message.type === "others") {
      for (const [index, result] of message.others) this.#others.set(index, result);
      if (message.part) this.#part(message.part);
      for (const { index, error } of message.failures)
        this.#crew.itemFailed(index, job.receive(error), worker);
    }
    if (message.type === "range") job.tracer?.worked(worker, message.lo, message.hi, message);
    if (message.type === "typedDone") {
      this.#working.delete(worker);
      this.#crew.settle(this.#working.size === 0);
    }
  }

  #part({ lo, hi, value }: { lo: number; hi: number; value: unknown }): void {
    try {
      this.#crew.job.results.collector.putOne(lo, hi, value);
    } catch (error) {
      // What combines results is user code.
      this.#crew.stop({ how: "error", error });
    }
  }

  get queued(): number {
    return Math.max(0, this.#items.length - Atomics.load(this.#memory.control, CONTROL.next));
  }

  takeBack(worker: PoolWorker): void {
    // What it had taken is found missing by `collect`.
    this.#working.delete(worker);
  }

  /** Moves what was done into the job's results; gives what neither is done nor failed. Call once, after the end. */
  collect(): Chunk[] {
    const { results, from } = this.#crew.job;
    const { input, output, done: marks } = this.#memory;
    const failed = new Set(results.failures.map(({ index }) => index));
    const missing: { lo: number; items: unknown[] }[] = [];
    const miss = (i: number) => {
      if (failed.has(i)) return;
      const last = missing.at(-1);
      if (last && last.lo + last.items.length === i) last.items.push(input[i]);
      else missing.push({ lo: i, items: [input[i]] });
    };
    const { collector } = results;
    if (collector instanceof ReduceCollector) {
      for (const [lo, hi] of collector.gaps(from, input.length)) for (let i = lo; i < hi; i++) miss(i);
      results.count(input.length - from - missing.reduce((sum, { items }) => sum + items.length, 0));
      return missing;
    }
    if (collector instanceof ListCollector && this.#others.size === 0 && failed.size === 0) {
      // The most frequent case, and the quickest loop.
      const { list } = collector;
      for (let i = from; i < input.length; i++) {
        if (marks[i] === DONE.number) list[i] = output[i];
        else miss(i);
      }
      results.count(input.length - from - missing.reduce((sum, { items }) => sum + items.length, 0));
      return missing;
    }
    for (let i = from; i < input.length; i++) {
      const done = marks[i];
      if (done === DONE.number) results.put(i, output[i]);
      else if (done === DONE.other && this.#others.has(i)) results.put(i, this.#others.get(i));
      else miss(i);
    }
    return missing;
  }

  /** Gives the memory back, of a run whose workers have all come to its end. */
  release(): void {
    keepMemory(this.#memory, this.#items);
  }
}

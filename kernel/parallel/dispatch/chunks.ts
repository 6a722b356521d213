import { fail } from "../../errors.ts";
import type { FromWorker } from "../protocol.ts";
import { buffersIn } from "../values/buffers.ts";
import { pack, unpack } from "../values/packed.ts";
import { LOOKED_THROUGH, unsendable } from "../values/unsendable.ts";
import { ChunkSize } from "./chunk-size.ts";
import type { Crew, Handing } from "./crew.ts";
import type { PoolWorker } from "./pool-worker.ts";

/** Items in their order, the first of them with index `lo`. */
export interface Chunk {
  readonly lo: number;
  readonly items: readonly unknown[];
}

/** Hands out items by message, in chunks that adapt to how long items take. */
export class Chunks implements Handing {
  readonly #crew: Crew;
  readonly #size: ChunkSize;
  readonly #sent = new Map<PoolWorker, Chunk[]>();
  /** To be sent before anything new: given back by workers that ended, for instance. */
  readonly #again: Chunk[];
  #next: number;
  #exhausted = false;
  /** The source was asked and has not answered. */
  #asking = false;

  /** Hands out `again` first, then what the job's source gives. */
  constructor(crew: Crew, again: readonly Chunk[] = []) {
    const { chunk, perItem, from } = crew.job;
    this.#again = [...again];
    this.#crew = crew;
    crew.job.results.collector.onRoom = () => {
      for (const worker of crew.workers) this.#fill(worker);
    };
    this.#size = new ChunkSize({ fixed: chunk, perItem });
    this.#next = from;
  }

  begin(worker: PoolWorker): void {
    this.#sent.set(worker, []);
    this.#fill(worker);
  }

  owes(worker: PoolWorker): boolean {
    return (this.#sent.get(worker)?.length ?? 0) > 0;
  }

  message(worker: PoolWorker, message: FromWorker): void {
    if (message.type !== "results") return;
    const { lo, failures, taken, ms } = message;
    this.#crew.job.tracer?.worked(worker, lo, lo + taken, message);
    const results = unpack(message.results);
    const chunks = this.#sent.get(worker) ?? [];
    const [chunk] = chunks.splice(
      chunks.findIndex((each) => each.lo === lo),
      1,
    );
    if (chunk && taken < chunk.items.length)
      this.#again.push({ lo: lo + taken, items: chunk.items.slice(taken) });
    this.#size.measured(taken, ms);
    const { job } = this.#crew;
    const failed = new Set(failures.map(({ index }) => index));
    try {
      job.results.putChunk(lo, taken, results, failed);
    } catch (error) {
      // What combines results is user code.
      this.#crew.stop({ how: "error", error });
    }
    for (const { index, error } of failures) this.#crew.itemFailed(index, job.receive(error), worker);
    this.#fill(worker);
    this.#settle();
  }

  get queued(): number | undefined {
    const left = this.#exhausted ? 0 : this.#leftInSource;
    if (left === undefined) return undefined;
    let queued = this.#again.reduce((sum, { items }) => sum + items.length, left);
    for (const [{ item = -1 }, chunks] of this.#sent)
      for (const { lo, items } of chunks)
        queued += lo <= item && item < lo + items.length ? lo + items.length - item - 1 : items.length;
    return queued;
  }

  takeBack(worker: PoolWorker, failed: number | undefined): void {
    for (const { lo, items } of this.#sent.get(worker) ?? []) {
      if (this.#crew.job.work.move) {
        this.#lost(lo, items.length, failed);
        continue;
      }
      if (failed === undefined || failed < lo || failed >= lo + items.length) {
        this.#again.push({ lo, items });
        continue;
      }
      const at = failed - lo;
      if (at > 0) this.#again.push({ lo, items: items.slice(0, at) });
      if (at + 1 < items.length) this.#again.push({ lo: failed + 1, items: items.slice(at + 1) });
    }
    this.#sent.delete(worker);
  }

  /** Items that were moved to a worker ended with it. */
  #lost(lo: number, count: number, failed: number | undefined): void {
    if (this.#crew.stopping) return;
    for (let i = lo; i < lo + count; i++)
      if (i !== failed) this.#crew.itemFailed(i, fail("parallelMoved", i));
  }

  #fill(worker: PoolWorker): void {
    const chunks = this.#sent.get(worker);
    const { collector } = this.#crew.job.results;
    while (chunks && chunks.length < this.#size.ahead && !this.#crew.stopping && !collector.full) {
      const chunk = this.#takeAgain() ?? this.#take();
      if (!chunk) break;
      this.#send(worker, chunk, chunks);
    }
    this.#settle();
  }

  /** The next of what was given back, in pieces of the size of now. */
  #takeAgain(): Chunk | undefined {
    const chunk = this.#again.shift();
    if (!chunk) return undefined;
    const { lo, items } = chunk;
    const left = this.#again.reduce((sum, each) => sum + each.items.length, items.length);
    const size = this.#size.next(left + (this.#leftInSource ?? 0), this.#crew.workers.length);
    if (items.length <= size) return chunk;
    this.#again.unshift({ lo: lo + size, items: items.slice(size) });
    return { lo, items: items.slice(0, size) };
  }

  get #leftInSource(): number | undefined {
    const { source, from } = this.#crew.job;
    return source.size === undefined ? undefined : source.size - (this.#next - from);
  }

  /** The next chunk of the source; undefined at its end, and while it is being asked. */
  #take(): Chunk | undefined {
    if (this.#exhausted || this.#asking) return undefined;
    try {
      const size = this.#size.next(this.#leftInSource, this.#crew.workers.length);
      const taken = this.#crew.job.source.take(size);
      if (!(taken instanceof Promise)) return this.#chunk(taken);
      this.#asking = true;
      taken.then(
        (items) => {
          this.#asking = false;
          const chunk = this.#chunk(items);
          if (chunk) this.#again.push(chunk);
          for (const worker of this.#crew.workers) this.#fill(worker);
        },
        (error: unknown) => this.#sourceFailed(error),
      );
    } catch (error) {
      this.#sourceFailed(error);
    }
    return undefined;
  }

  #sourceFailed(error: unknown): void {
    this.#asking = false;
    this.#exhausted = true;
    this.#crew.stop({ how: "error", error });
  }

  #chunk(items: readonly unknown[]): Chunk | undefined {
    if (items.length === 0) {
      this.#exhausted = true;
      return undefined;
    }
    const lo = this.#next;
    this.#next += items.length;
    return { lo, items };
  }

  #send(worker: PoolWorker, chunk: Chunk, chunks: Chunk[]): void {
    const { lo, items } = chunk;
    for (let i = 0; i < items.length; i++) {
      const error = unsendable("item", items[i], lo + i, lo + i < LOOKED_THROUGH);
      if (!error) continue;
      this.#leaveOut(chunk, lo + i, error);
      return;
    }
    try {
      const { run, job } = this.#crew;
      const began = performance.now();
      worker.send(
        { type: "chunk", run, lo, items: pack(items), longest: this.#size.longest },
        job.work.move ? buffersIn(items) : undefined,
      );
      job.tracer?.sent(worker, lo, lo + items.length, began);
      chunks.push(chunk);
    } catch (error) {
      const at = items.findIndex((item, i) => unsendable("item", item, lo + i));
      this.#leaveOut(chunk, lo + Math.max(at, 0), unsendable("item", items[at], lo + at) ?? error);
    }
  }

  /** An item that cannot be sent fails by itself; the others of its chunk go on. */
  #leaveOut({ lo, items }: Chunk, index: number, error: unknown): void {
    const at = index - lo;
    if (at > 0) this.#again.push({ lo, items: items.slice(0, at) });
    if (at + 1 < items.length) this.#again.push({ lo: index + 1, items: items.slice(at + 1) });
    this.#crew.itemFailed(index, error);
  }

  #settle(): void {
    this.#crew.settle(this.#exhausted && !this.#asking && this.#again.length === 0);
  }
}

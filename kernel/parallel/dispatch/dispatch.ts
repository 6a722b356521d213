import { type Chunk, Chunks } from "./chunks.ts";
import { StreamCollector } from "./completions.ts";
import { Crew, type Handing } from "./crew.ts";
import { OncePerWorker } from "./each.ts";
import type { Ended, Job } from "./job.ts";
import type { Pool } from "./pool.ts";
import { TypedRanges } from "./typed.ts";

/** A job under way. */
export interface Dispatched {
  /** Items done so far. */
  done(): number;
  /** Settles when every worker is idle or ended; does not reject for what user code does. */
  readonly ended: Promise<Ended>;
}

/** Runs a job on the pool, which is its own for that time. */
export function dispatch(pool: Pool, run: number, job: Job): Dispatched {
  const { typed } = job.source;
  // Results as they come need messages; memory is not shared between processes.
  if (!typed || job.results.collector instanceof StreamCollector || pool.isolated) {
    return {
      done: () => job.results.done,
      ended: new Crew(pool, run, job, (crew) => new Chunks(crew)).work(),
    };
  }
  let ranges: TypedRanges | undefined;
  const crew = new Crew(pool, run, job, (own): Handing => {
    ranges = new TypedRanges(own, typed);
    return ranges;
  });
  return {
    done: () => ranges?.done ?? 0,
    ended: crew.work().then(async (ended) => {
      const missing = ranges?.collect() ?? [];
      // After a failure a worker may still be on its way out.
      if (ended.how === "finished" && missing.length === 0 && job.results.failures.length === 0)
        ranges?.release();
      ranges = undefined;
      // Workers that ended took ranges with them.
      if (ended.how !== "finished" || missing.length === 0) return ended;
      return await redo(pool, run, job, missing);
    }),
  };
}

/** Calls the job's function once in each worker. */
export const dispatchEach = (pool: Pool, run: number, job: Job): Promise<Ended> =>
  new Crew(pool, run, job, (crew) => new OncePerWorker(crew)).work();

function redo(pool: Pool, run: number, job: Job, missing: readonly Chunk[]): Promise<Ended> {
  const nothing = { size: 0, typed: undefined, take: () => [] };
  return new Crew(pool, run, { ...job, source: nothing }, (crew) => new Chunks(crew, missing)).work();
}

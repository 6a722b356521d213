import { fail } from "../../errors.ts";
import type { Death } from "./body.ts";
import type { PoolWorker } from "./pool-worker.ts";

/** What the end of a worker is told as. */
export function deathError({ item, number }: PoolWorker, death: Death): Error {
  if ("exitCode" in death) return fail("parallelExit", item, number, death.exitCode);
  if ("signal" in death)
    return isOutOfMemory(death.lastWords)
      ? fail("parallelMemory", item, number)
      : fail("parallelSignal", item, number, death.signal);
  if (death.error.code === "ERR_WORKER_OUT_OF_MEMORY") return fail("parallelMemory", item, number);
  return fail("parallelWorkerDied", item, number, death.error.message);
}

/** V8 ends a whole process for a full heap, and for one array or buffer that grew too large. */
const isOutOfMemory = (words: string): boolean =>
  /heap out of memory|Reached heap limit|invalid (?:array|table|size|string) .*(?:length|size)|Fatal JavaScript/i.test(
    words,
  );

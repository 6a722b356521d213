import { performance } from "node:perf_hooks";
import { CONTROL, DONE, type FromWorker, type SentFailure, STATUS, type TypedJob } from "../protocol.ts";
import { pack } from "../values/packed.ts";
import { sendThrown } from "../values/thrown.ts";
import { unsendable } from "../values/unsendable.ts";

/** A function that works on one item; it may answer by a promise. */
export type ItemFunction = (item: unknown, index: number) => unknown;

/** What working on items needs to know of its run. */
export interface RunInWorker {
  readonly run: number;
  readonly fn: ItemFunction;
  /** A failing item does not stop the others. */
  readonly keepGoing: boolean;
  readonly status: Int32Array;
  readonly post: (message: FromWorker) => void;
}

/** A typed run takes as many items at a time as take about this long, in ms: short enough to share a tail. */
const RANGE_TIME = 1;

/** Works on a chunk of items for `longest` ms at most, and posts the results of those that were done. */
export async function runChunk(
  own: RunInWorker,
  lo: number,
  items: readonly unknown[],
  longest = Number.POSITIVE_INFINITY,
): Promise<void> {
  const { run, fn, status, post } = own;
  const results: unknown[] = [];
  const failures: SentFailure[] = [];
  const start = performance.now();
  let at = 0;
  let look = 1;
  for (; at < items.length && Atomics.load(status, STATUS.stopped) < run; at++) {
    if (at === look) {
      // Looking at the clock takes longer than many an item.
      const spent = performance.now() - start;
      if (spent >= longest) break;
      look = at + Math.max(1, Math.floor((at * (longest - spent)) / (4 * spent + 0.001)));
    }
    status[STATUS.item] = lo + at;
    try {
      const returned = fn(items[at], lo + at);
      const result = isThenable(returned) ? await returned : returned;
      if (typeof result !== "number") checkResult(result, lo + at);
      results.push(result);
    } catch (thrown) {
      failures.push({ index: lo + at, error: sendThrown(thrown) });
      results.push(undefined);
      if (!own.keepGoing) {
        at++;
        break;
      }
    }
  }
  status[STATUS.item] = -1;
  const ms = performance.now() - start;
  const message = { type: "results", run, lo, failures, ms, taken: at } as const;
  try {
    post({ ...message, results: pack(results) });
  } catch {
    // A value that only cloning itself finds out about (a Proxy): once more, one by one.
    const values = results.map((result, i) => sendable(result, lo + i, failures));
    post({ ...message, results: { values } });
  }
}

/** Works on ranges of a typed array until none is left; results go to shared memory, those that are no numbers by message. */
export async function runTyped(own: RunInWorker, job: TypedJob): Promise<void> {
  const { run, fn, status, post } = own;
  const { input, output, done, control, workers } = job;
  const total = input.length;
  let size = job.chunk ?? 16;
  for (;;) {
    if (Atomics.load(status, STATUS.stopped) >= run) break;
    const left = total - Atomics.load(control, CONTROL.next);
    const wanted = job.chunk ?? Math.max(1, Math.min(size, Math.ceil(left / (2 * workers))));
    const start = Atomics.add(control, CONTROL.next, wanted);
    if (start >= total) break;
    const end = Math.min(total, start + wanted);
    const others: [number, unknown][] = [];
    const failures: SentFailure[] = [];
    const began = performance.now();
    let counted = start;
    let at = start;
    for (; at < end && Atomics.load(status, STATUS.stopped) < run; at++) {
      status[STATUS.item] = at;
      try {
        const returned = fn(input[at], at);
        if (typeof returned === "number") {
          output[at] = returned;
          done[at] = DONE.number;
        } else {
          // Slow items: others want to see what is done.
          Atomics.add(control, CONTROL.done, at - counted);
          counted = at;
          const result = isThenable(returned) ? await returned : returned;
          checkResult(result, at);
          others.push([at, result]);
          done[at] = DONE.other;
        }
      } catch (thrown) {
        failures.push({ index: at, error: sendThrown(thrown) });
        if (!own.keepGoing) break;
      }
    }
    Atomics.add(control, CONTROL.done, at - counted);
    const ms = performance.now() - began;
    if (ms < RANGE_TIME) size = Math.min(size * 4, Math.ceil((wanted * RANGE_TIME) / Math.max(ms, 0.01)));
    else size = Math.max(1, Math.floor((wanted * RANGE_TIME) / ms));
    if (others.length > 0 || failures.length > 0) post({ type: "others", run, others, failures });
    if (failures.length > 0 && !own.keepGoing) break;
  }
  status[STATUS.item] = -1;
  post({ type: "typedDone", run });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}

/** Throws the catalogue's error for a result that cannot cross to the main thread. */
function checkResult(result: unknown, index: number): void {
  const error = unsendable("result", result, index);
  if (error) throw error;
}

function sendable(result: unknown, index: number, failures: SentFailure[]): unknown {
  try {
    return structuredClone(result);
  } catch (thrown) {
    failures.push({ index, error: sendThrown(thrown) });
    return undefined;
  }
}

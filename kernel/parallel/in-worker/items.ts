import { performance } from "node:perf_hooks";
import { isThenable } from "../../thenable.ts";
import { origin } from "../../timeline/clock.ts";
import { startRecording, stopRecording } from "../../timeline/recorder.ts";
import { CONTROL, DONE, type SentFailure, STATUS, type TypedJob, type Work } from "../protocol.ts";
import { buffersIn } from "../values/buffers.ts";
import { pack } from "../values/packed.ts";
import { sendThrown } from "../values/thrown.ts";
import { unsendable } from "../values/unsendable.ts";
import type { Line } from "./line.ts";
import type { Waits } from "./waits.ts";

/** A function that works on one item; it may answer by a promise. */
export type ItemFunction = (item: unknown, index: number) => unknown;

/** What working on items needs to know of its run. */
export interface RunInWorker {
  readonly run: number;
  readonly fn: ItemFunction;
  readonly combine: ((a: unknown, b: unknown) => unknown) | undefined;
  readonly work: Work;
  readonly line: Line;
  readonly waits: Waits;
}

/** A typed run takes as many items at a time as take about this long, in ms: short enough to share a tail. */
const RANGE_TIME = 1;

/** Items are written down, and the clock is looked at, once in so many ms. */
const LOOK = 0.5;

/** Works on a chunk of items for `longest` ms at most, and posts the results of those that were done. */
export async function runChunk(
  own: RunInWorker,
  lo: number,
  items: readonly unknown[],
  longest = Number.POSITIVE_INFINITY,
): Promise<void> {
  const { run, fn, combine, line, work, waits } = own;
  const { status } = line;
  const results: unknown[] = [];
  const failures: SentFailure[] = [];
  const start = performance.now();
  let at = 0;
  let look = 1;
  line.note(run, lo, lo + 1);
  if (work.traced) startRecording();
  for (; at < items.length && Atomics.load(status, STATUS.stopped) < run; at++) {
    if (at === look) {
      // Looking at the clock takes longer than many an item.
      const spent = performance.now() - start;
      if (spent >= longest) break;
      look = at + Math.max(1, Math.floor((at * Math.min(LOOK, longest - spent)) / (spent + 0.001)));
      line.note(run, lo + at, lo + Math.min(look, items.length));
    }
    status[STATUS.item] = lo + at;
    if (line.exact) line.note(run, lo + at, lo + at + 1);
    try {
      const returned = fn(items[at], lo + at);
      const result = isThenable(returned) ? await waits.forItem(run, lo + at, returned) : returned;
      if (work.sends === "none") continue;
      if (combine) {
        if (results.length > 0) results[0] = combine(results[0], result);
        else results.push(result);
        continue;
      }
      if (typeof result !== "number") checkResult(result, lo + at);
      results.push(result);
    } catch (thrown) {
      failures.push({ index: lo + at, error: sendThrown(thrown) });
      if (work.sends === "each") results.push(undefined);
      if (!work.keepGoing) {
        at++;
        break;
      }
    }
  }
  if (combine && results.length > 0) failCombined(results, lo, failures);
  status[STATUS.item] = -1;
  line.note(run, -1, -1);
  const end = performance.now();
  const times = { ms: end - start, at: origin + start };
  const marked = work.traced ? { spans: stopRecording().spans } : {};
  const message = { type: "results", run, lo, failures, taken: at, ...times, ...marked } as const;
  try {
    line.post({ ...message, results: pack(results) }, work.move ? buffersIn(results) : []);
  } catch {
    // A value that only cloning itself finds out about (a Proxy): once more, one by one.
    const values = results.map((result, i) => sendable(result, lo + i, failures));
    line.post({ ...message, results: { values } });
  }
}

/** What a chunk was combined to crosses, or its first item is told of. */
function failCombined(results: unknown[], index: number, failures: SentFailure[]): void {
  const error = unsendable("result", results[0], index);
  if (!error) return;
  results.length = 0;
  failures.push({ index, error: sendThrown(error) });
}

/** Works on ranges of a typed array until none is left; results go to shared memory, those that are no numbers by message. */
export async function runTyped(own: RunInWorker, job: TypedJob): Promise<void> {
  const { run, fn, combine, line, work, waits } = own;
  const { status } = line;
  const { input, output, done, control, workers } = job;
  const total = input.length;
  let size = job.chunk ?? 16;
  let slow = false;
  let noted: "range" | "rest" | undefined;
  for (;;) {
    if (Atomics.load(status, STATUS.stopped) >= run) break;
    const left = total - Atomics.load(control, CONTROL.next);
    const wanted = job.chunk ?? Math.max(1, Math.min(size, Math.ceil(left / (2 * workers))));
    const start = Atomics.add(control, CONTROL.next, wanted);
    if (start >= total) break;
    const end = Math.min(total, start + wanted);
    // Of slow ranges each is written down, of quick ones that they are somewhere in the rest.
    const exact = slow || start === end - 1;
    if (exact || noted !== "rest") line.note(run, start, exact ? end : total);
    noted = exact ? "range" : "rest";
    const others: [number, unknown][] = [];
    const combined: unknown[] = [];
    const failures: SentFailure[] = [];
    if (job.traced) startRecording();
    const began = performance.now();
    let counted = start;
    let at = start;
    for (; at < end && Atomics.load(status, STATUS.stopped) < run; at++) {
      status[STATUS.item] = at;
      try {
        const returned = fn(input[at], at);
        if (combine) {
          const result = isThenable(returned) ? await waits.forItem(run, at, returned) : returned;
          if (combined.length > 0) combined[0] = combine(combined[0], result);
          else combined.push(result);
        } else if (typeof returned === "number") {
          output[at] = returned;
          done[at] = DONE.number;
        } else {
          // Slow items: others want to see what is done.
          Atomics.add(control, CONTROL.done, at - counted);
          counted = at;
          const result = isThenable(returned) ? await waits.forItem(run, at, returned) : returned;
          if (work.sends === "each") {
            checkResult(result, at);
            others.push([at, result]);
            done[at] = DONE.other;
          } else done[at] = DONE.number;
        }
      } catch (thrown) {
        failures.push({ index: at, error: sendThrown(thrown) });
        if (!work.keepGoing) break;
      }
    }
    Atomics.add(control, CONTROL.done, at - counted);
    const now = performance.now();
    const ms = now - began;
    slow = ms >= LOOK / 2;
    if (ms < RANGE_TIME) size = Math.min(size * 4, Math.ceil((wanted * RANGE_TIME) / Math.max(ms, 0.01)));
    else size = Math.max(1, Math.floor((wanted * RANGE_TIME) / ms));
    if (combined.length > 0) failCombined(combined, start, failures);
    const part = combined.length > 0 ? { part: { lo: start, hi: at, value: combined[0] } } : {};
    if (others.length > 0 || failures.length > 0 || combined.length > 0)
      line.post({ type: "others", run, others, failures, ...part });
    if (job.traced) {
      const { spans } = stopRecording();
      line.post({ type: "range", run, lo: start, hi: at, ms, at: origin + began, spans });
    }
    if (failures.length > 0 && !work.keepGoing) break;
  }
  status[STATUS.item] = -1;
  line.note(run, -1, -1);
  line.post({ type: "typedDone", run });
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

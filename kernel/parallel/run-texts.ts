import { count, duration } from "../display/words.ts";
import type { ItemFailure } from "./dispatch/results.ts";

/** Why a run stayed in the main thread. `there`: what workers would have taken for the rest, ms. */
export function whySequential(workers: number, there: number): string {
  if (workers === 1)
    return "one worker is no faster than the main thread (--force sends items to it all the same)";
  const about = there > 0 ? ` (about ${duration(there)} for the rest)` : "";
  return `sending them to workers would have been slower${about}; --force sends them all the same`;
}

/** The failed items of a run that kept going. */
export function listFailures(failures: readonly ItemFailure[], total: number): string {
  const shown = failures.slice(0, 10);
  const lines = shown.map(
    ({ index, error, worker }) => `  item ${index}: ${oneLine(error)}${onWorker(worker)}`,
  );
  const more = failures.length > shown.length ? [`  and ${count(failures.length - shown.length)} more`] : [];
  return [
    `${count(failures.length)} of ${count(total)} items failed; their places in the result are empty:`,
    ...lines,
    ...more,
  ].join("\n");
}

/** ` on worker 2`; nothing of the main thread. */
export const onWorker = (worker: number | undefined): string =>
  worker === undefined ? "" : ` on worker ${worker}`;

/** A change in place that stays in a worker. */
export function changeWarning(name: string, by: string, place: string): string {
  const what = by === "=" ? "is written to" : by === "delete" ? "loses a property" : `is changed by ${by}`;
  return `${name} ${what} (${place}): each worker changes a copy of its own, and ${name} here may stay as it is. Return the values instead.\n`;
}

/** An error and its place in a cell, on one line. */
function oneLine(error: unknown): string {
  const place = error instanceof Error ? /cell-\d+\.\w+:\d+/.exec(error.stack ?? "")?.[0] : undefined;
  return `${String(error).split("\n", 1)[0]}${place ? ` (${place})` : ""}`;
}

/** The item's own error, with the item's index and worker on it where it can hold them. */
export function withIndex({ index, error, worker }: ItemFailure): unknown {
  if (error instanceof Error && Object.isExtensible(error) && !("itemIndex" in error))
    Object.assign(error, { itemIndex: index, ...(worker === undefined ? {} : { worker }) });
  return error;
}

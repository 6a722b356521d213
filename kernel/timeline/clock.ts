import { performance } from "node:perf_hooks";

/** What turns this thread's `performance.now` into the system's monotonic clock, in ms: both read the same counter. */
export const origin = offset();

/**
 * Milliseconds on the system's monotonic clock, that of `process.hrtime`: the same in all threads and processes of the
 * machine. On Linux it is also that of Rust's `Instant` and of Python's `time.monotonic`.
 */
export const now = (): number => performance.now() + origin;

/** `process.hrtime` is slower to read than `performance.now`, so it is read here alone. */
function offset(): number {
  const readings = Array.from({ length: 8 }, () => {
    const before = performance.now();
    const theirs = Number(process.hrtime.bigint()) / 1e6;
    return { before, theirs, after: performance.now() };
  });
  return -clockOffset(readings);
}

/** Another clock as it was read between two looks at this one; all in ms. */
export interface Reading {
  readonly before: number;
  readonly theirs: number;
  readonly after: number;
}

/**
 * What is to be added to another clock's times to have them on this one: 0 where all readings agree that both are one clock,
 * else the middle of what the readings leave possible, which is off by half the quickest round trip at most.
 */
export function clockOffset(readings: readonly Reading[]): number {
  const low = Math.max(...readings.map(({ before, theirs }) => before - theirs));
  const high = Math.min(...readings.map(({ after, theirs }) => after - theirs));
  return low <= 0 && high >= 0 ? 0 : (low + high) / 2;
}

import { startCalls, stopCalls } from "../rust/addon.ts";
import { clockOffset, now, type Reading } from "./clock.ts";
import type { Lane, Span } from "./spans.ts";

/** How often its clock is read beside ours. */
const READINGS = 30;

/** Calls of Rust functions, which nobody has to mark: those of this thread, and those that `.async` runs elsewhere. */
export const rustCalls = {
  start: startCalls,

  /** Ends that; a lane each, on the clock of `now`. Calls with less than 0.1 ms between them are one span. */
  stop(): { lanes: Lane[]; dropped: number } {
    const told = stopCalls();
    if (!told || told.calls.length === 0) return { lanes: [], dropped: 0 };
    const readings: Reading[] = [];
    for (let i = 0; i < READINGS; i++) {
      const before = now();
      const theirs = (stopCalls()?.now ?? 0) / 1e6;
      readings.push({ before, theirs, after: now() });
    }
    const offset = clockOffset(readings);
    const spans = (wanted: boolean): Span[] =>
      told.calls
        .filter(([, , , , elsewhere]) => elsewhere === wanted)
        .map(([name, , start, end]) => ({
          name,
          kind: "work",
          start: start / 1e6 + offset,
          end: end / 1e6 + offset,
        }));
    return {
      lanes: [
        { name: "main thread", group: "Rust", spans: spans(false) },
        { name: ".async", group: "Rust", spans: spans(true) },
      ],
      dropped: told.lost,
    };
  },
};

import type { Phase, Trace } from "./tracer.ts";

/** Where the time of a run's workers went. */
export interface Account {
  /** Shares of workers × wall. */
  readonly shares: Readonly<Record<Phase, number>>;
  /** Work over workers × wall. */
  readonly utilisation: number;
  /** Work over wall: how much faster than the same work one item after the other. */
  readonly speedup: number;
  /** The serial part after Karp and Flatt; undefined for one worker. */
  readonly serial: number | undefined;
}

/** Adds up a trace. */
export function account({ lanes, wall, workers }: Trace): Account {
  const sums: Record<Phase, number> = { work: 0, spawn: 0, "set-up": 0, transfer: 0, idle: 0, imbalance: 0 };
  const isPhase = (kind: string): kind is Phase => Object.hasOwn(sums, kind);
  let inMain = 0;
  for (const { name, spans } of lanes)
    for (const { kind, start, end } of spans) {
      if (name === "main thread") inMain += end - start;
      else if (isPhase(kind)) sums[kind] += end - start;
    }
  const all = workers * wall;
  // A worker that was never started was idle all the time.
  const known = Object.values(sums).reduce((a, b) => a + b, 0);
  sums.idle += Math.max(0, all - known);
  // With the keys of `sums`.
  const shares = Object.fromEntries(
    Object.entries(sums).map(([kind, ms]) => [kind, ms / all]),
  ) as Account["shares"];
  const speedup = (sums.work + inMain) / wall;
  return {
    shares,
    utilisation: shares.work,
    speedup,
    serial: workers > 1 ? karpFlatt(speedup, workers) : undefined,
  };
}

/**
 * The serial part that a speed-up on several workers tells, by A. Karp and H. Flatt, "Measuring parallel processor
 * performance" (1990): (1/s − 1/n) / (1 − 1/n).
 */
export const karpFlatt = (speedup: number, workers: number): number =>
  (1 / speedup - 1 / workers) / (1 - 1 / workers);

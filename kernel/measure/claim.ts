import type { Interval } from "./statistics.ts";

/** What disturbed the whole run. */
export interface Disturbance {
  /** Share of the processor that others used, 0 to 1; `undefined` where the machine does not tell. */
  readonly foreign: number | undefined;
  /** By how much the control's times rose (1.1) or fell (0.9) from the first third of the run to the last. */
  readonly drift: number;
}

/** Above these the disturbance itself bounds what may be claimed. */
export const limits = { foreign: 0.1, drift: 1.1 } as const;

/**
 * A difference is claimed only where its interval excludes 1 and is disjoint from the interval of the first side
 * against itself. Simulated with 10 % disturbed rounds this is false in under 10 of 1,000 runs.
 */
export function claimed(difference: Interval | null, control: Interval | null): boolean {
  return (
    difference !== null && control !== null && disjoint(difference, [1, 1]) && disjoint(difference, control)
  );
}

/** Whether a difference is larger than what the disturbance alone could make of two equal sides. */
export function outweighs(difference: Interval, disturbance: Disturbance): boolean {
  const { load, drift } = possibleEffects(disturbance);
  const factor = Math.max(load, drift);
  return factor === 1 || disjoint(difference, [1 / factor, factor]);
}

/**
 * The factors that the disturbance could put between two equal sides; 1 below the limits. Others that use a share s of
 * the processor can slow a side down to 1/(1 − s) of its time.
 */
export function possibleEffects({ foreign, drift }: Disturbance): { load: number; drift: number } {
  const moved = Math.max(drift, 1 / drift);
  return {
    load: foreign !== undefined && foreign > limits.foreign ? 1 / (1 - Math.min(foreign, 0.99)) : 1,
    drift: moved > limits.drift ? moved : 1,
  };
}

function disjoint(a: Interval, b: Interval): boolean {
  return a[0] > b[1] || a[1] < b[0];
}

import type { Random } from "./random.ts";

/** Lower and upper end. */
export type Interval = readonly [low: number, high: number];

export interface Estimate {
  readonly value: number;
  /** 95 %; null with fewer values than `fewestForInterval`. */
  readonly interval: Interval | null;
  /** How many values it rests on. */
  readonly count: number;
}

/** One value per round; `undefined` where the side sat the round out. */
export type Samples = readonly (number | undefined)[];

/**
 * Fewer values than this give no 95 % interval of a median: the smallest and the largest of n values hold the true
 * median between them with probability 1 − 2^(1−n), which passes 95 % at n = 6.
 */
export const fewestForInterval = 6;

const resamples = 4000;

/** The quantile by linear interpolation between order statistics (Hyndman and Fan's type 7). NaN without values. */
export function quantile(values: Iterable<number>, p: number): number {
  return quantileSorted(Float64Array.from(values).sort(), p);
}

/** The median with its 95 % percentile-bootstrap interval. */
export function median(values: readonly number[], random: Random): Estimate {
  const sorted = Float64Array.from(values).sort();
  const interval = sorted.length < fewestForInterval ? null : bootstrapMedian(sorted, random);
  return { value: quantileSorted(sorted, 0.5), interval, count: sorted.length };
}

/**
 * The median of a/b over the rounds in which both were measured, with its 95 % interval: of the logarithms, so that
 * a/b and b/a are the same statement.
 */
export function medianRatio(a: Samples, b: Samples, random: Random): Estimate {
  const logs: number[] = [];
  for (let round = 0; round < a.length; round++) {
    const x = a[round];
    const y = b[round];
    if (x !== undefined && y !== undefined) logs.push(Math.log(x / y));
  }
  const { value, interval, count } = median(logs, random);
  return {
    value: Math.exp(value),
    interval: interval && [Math.exp(interval[0]), Math.exp(interval[1])],
    count,
  };
}

/** Half of a ratio's interval on the logarithmic scale: 0.01 is about ±1 %. Infinite without an interval. */
export function halfWidth(interval: Interval | null): number {
  return interval ? (Math.log(interval[1]) - Math.log(interval[0])) / 2 : Infinity;
}

/**
 * By what factor times moved while they were taken: the median of the last third over that of the first. 1 with
 * fewer than six values.
 */
export function drift(samples: Samples): number {
  const values = samples.filter((value) => value !== undefined);
  const third = Math.floor(values.length / 3);
  if (third < 2) return 1;
  return quantile(values.slice(-third), 0.5) / quantile(values.slice(0, third), 0.5);
}

function quantileSorted(sorted: Float64Array, p: number): number {
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (place - below);
}

/** Resamples ranks instead of values: the sorted values never move, so a resample is n draws and a walk. */
function bootstrapMedian(sorted: Float64Array, random: Random): Interval {
  const n = sorted.length;
  const times = new Uint32Array(n);
  const medians = new Float64Array(resamples);
  const lower = (n - 1) >> 1;
  const upper = n >> 1;
  for (let resample = 0; resample < resamples; resample++) {
    times.fill(0);
    for (let draw = 0; draw < n; draw++) {
      const rank = Math.floor(random() * n);
      times[rank] = (times[rank] ?? 0) + 1;
    }
    medians[resample] = (nth(sorted, times, lower) + nth(sorted, times, upper)) / 2;
  }
  medians.sort();
  return [quantileSorted(medians, 0.025), quantileSorted(medians, 0.975)];
}

/** The value at 0-based place `place` of the resample that holds `sorted[rank]` `times[rank]` times. */
function nth(sorted: Float64Array, times: Uint32Array, place: number): number {
  let seen = 0;
  for (let rank = 0; rank < sorted.length; rank++) {
    seen += times[rank] ?? 0;
    if (seen > place) return sorted[rank] ?? Number.NaN;
  }
  return Number.NaN;
}

import { studentQuantile } from "./student.ts";

/** What one run took. */
export interface Timing {
  readonly workers: number;
  readonly ms: number;
}

/** Amdahl's law fitted to runs with several numbers of workers. */
export interface Fit {
  /** The parallel part, with the ends of its 95 % interval. */
  readonly parallel: number;
  readonly interval: readonly [number, number];
  /** What one worker takes by the law, ms. */
  readonly one: number;
}

/** As many numbers of workers as a fit needs: two parameters, and something left to tell how well they fit. */
export const FEWEST_COUNTS = 3;

/**
 * Fits T(n) = serial + parallel / n by least squares, a line in 1/n; undefined for fewer than three different numbers
 * of workers. The interval is that of the line's slope and height together (delta method, Student's t).
 */
export function fitAmdahl(timings: readonly Timing[]): Fit | undefined {
  if (new Set(timings.map(({ workers }) => workers)).size < FEWEST_COUNTS) return undefined;
  const n = timings.length;
  const x = timings.map(({ workers }) => 1 / workers);
  const y = timings.map(({ ms }) => ms);
  const [meanX, meanY] = [sum(x) / n, sum(y) / n];
  const sxx = sum(x.map((one) => (one - meanX) ** 2));
  const sxy = sum(x.map((one, i) => (one - meanX) * ((y[i] ?? 0) - meanY)));
  const slope = sxy / sxx;
  const height = meanY - slope * meanX;
  const one = slope + height;
  const parallel = slope / one;
  const residual = sum(x.map((at, i) => ((y[i] ?? 0) - height - slope * at) ** 2)) / (n - 2);
  // p = b / (a + b): dp/da = −b / (a + b)², dp/db = a / (a + b)².
  const varB = residual / sxx;
  const varA = residual * (1 / n + meanX ** 2 / sxx);
  const covariance = (-residual * meanX) / sxx;
  const [da, db] = [-slope / one ** 2, height / one ** 2];
  const error = Math.sqrt(Math.max(0, da ** 2 * varA + db ** 2 * varB + 2 * da * db * covariance));
  const reach = studentQuantile(n - 2) * error;
  return { parallel: clamp(parallel), interval: [clamp(parallel - reach), clamp(parallel + reach)], one };
}

/** The speed-up that the law gives for so many workers, with the interval of the fit. */
export function project(
  { parallel, interval }: Fit,
  workers: number,
): [value: number, low: number, high: number] {
  const at = (p: number) => 1 / (1 - p + p / workers);
  return [at(parallel), at(interval[0]), at(interval[1])];
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share));
const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

import { seeded, shuffle } from "./random.ts";
import type { Runner } from "./rounds.ts";
import { callsFor } from "./schedule.ts";
import { type Estimate, median } from "./statistics.ts";

/** Pairs of samples, and the length of each in seconds: enough to see a tenth of a short call's time. */
const pairs = 10;
const length = 0.015;

/**
 * What one call costs beyond the work, in seconds: by this runtime's clock, less by the work's own; paired in random
 * order, so that the machine's moods fall on both. Of long calls it takes one each, and fewer pairs.
 */
export async function callOverhead(from: Runner, native: Runner, signal: AbortSignal): Promise<Estimate> {
  const random = seeded(1);
  const calls = await callsOf(native);
  const differences: number[] = [];
  let spent = 0;
  while (differences.length < pairs && spent < 1 && !signal.aborted) {
    const seconds = new Map<Runner, number>();
    for (const runner of shuffle([from, native], random)) {
      const sample = await runner.sample(calls);
      seconds.set(runner, sample.seconds / calls);
      spent += sample.seconds;
    }
    differences.push((seconds.get(from) ?? 0) - (seconds.get(native) ?? 0));
  }
  return median(differences, random);
}

/** Calls in a sample of that length, found by doubling; the doubling warms up too. */
async function callsOf(runner: Runner): Promise<number> {
  for (let calls = 1; ; calls *= 2) {
    const { seconds } = await runner.sample(calls);
    if (seconds >= length / 2) return Math.max(1, Math.round((calls * length) / seconds));
    if (calls >= 2 ** 30) return callsFor(seconds / calls);
  }
}

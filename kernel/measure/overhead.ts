import { seeded, shuffle } from "./random.ts";
import type { Runner } from "./rounds.ts";
import { type Estimate, median } from "./statistics.ts";

/** Pairs of samples, and the length of each in seconds: enough to see a tenth of a short call's time. */
const pairs = 10;
const length = 0.015;
/** Seconds for all of it, unless a single pair takes longer. */
const limit = 1;

/**
 * What one call costs beyond the work, in seconds: by this runtime's clock, less by the work's own; paired in random
 * order, so that the machine's moods fall on both. Of long calls it takes one each, and fewer pairs.
 */
export async function callOverhead(from: Runner, native: Runner, signal: AbortSignal): Promise<Estimate> {
  const random = seeded(1);
  const calls = new Map<Runner, number>();
  for (const runner of [from, native]) calls.set(runner, await callsOf(runner));
  const differences: number[] = [];
  let spent = 0;
  while (differences.length < pairs && spent < limit && !signal.aborted) {
    const perCall = new Map<Runner, number>();
    for (const runner of shuffle([from, native], random)) {
      const many = calls.get(runner) ?? 1;
      const { seconds } = await runner.sample(many);
      perCall.set(runner, seconds / many);
      spent += seconds;
    }
    differences.push((perCall.get(from) ?? 0) - (perCall.get(native) ?? 0));
  }
  return median(differences, random);
}

/** Calls in a sample of that length, found by doubling, which warms up too. */
async function callsOf(runner: Runner): Promise<number> {
  for (let calls = 1; ; calls *= 2) {
    const { seconds } = await runner.sample(calls);
    if (seconds >= length / 2 || calls >= 2 ** 30) return Math.max(1, Math.round((calls * length) / seconds));
  }
}

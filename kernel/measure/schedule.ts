/**
 * How many of `rounds` each side takes part in, so that all of it fits into `budget` seconds. Each side is allotted the
 * same time; what a quick one leaves over goes to the slow ones. At least 1 each.
 *
 * @param costs seconds of one sample of each side
 */
export function allot(costs: readonly number[], rounds: number, budget: number): number[] {
  const counts = costs.map(() => 0);
  const quickFirst = costs.map((_, side) => side).sort((a, b) => (costs[a] ?? 0) - (costs[b] ?? 0));
  let left = budget;
  quickFirst.forEach((side, place) => {
    const share = left / (quickFirst.length - place);
    const cost = costs[side] ?? 0;
    const count = Math.max(1, Math.min(rounds, Math.floor(share / cost)));
    counts[side] = count;
    left = Math.max(0, left - count * cost);
  });
  return counts;
}

/**
 * Whether a side that takes part in `count` of every `rounds` rounds takes part in this one (from 0). The rounds of a
 * slow side are spread over the run and lie within those of any quicker side, so that each pair of sides meets as
 * often as the slower of the two is measured.
 */
export function takesPart(round: number, count: number, rounds: number): boolean {
  return rank(round % rounds, rounds) < count;
}

/** The place of `round` when 0 … rounds − 1 are visited evenly spread: in the order of their bit-reversed indices. */
function rank(round: number, rounds: number): number {
  const bits = Math.ceil(Math.log2(rounds));
  const key = reverse(round, bits);
  let smaller = 0;
  for (let other = 0; other < rounds; other++) if (reverse(other, bits) < key) smaller++;
  return smaller;
}

function reverse(value: number, bits: number): number {
  let reversed = 0;
  for (let bit = 0; bit < bits; bit++) if (value & (1 << bit)) reversed |= 1 << (bits - 1 - bit);
  return reversed;
}

/** Seconds that a sample should last: long against the clock and the scheduler, short against the drift of a run. */
export const sampleLength = { least: 0.05, aim: 0.07, most: 0.1 } as const;

/** Calls for a sample of the length that is aimed at. */
export function callsFor(secondsPerCall: number): number {
  return Math.max(1, Math.min(2 ** 31 - 1, Math.round(sampleLength.aim / secondsPerCall)));
}

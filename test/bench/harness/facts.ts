import { seeded } from "../../../kernel/measure/random.ts";
import type { BenchResult } from "../../../kernel/measure/result.ts";
import { median as estimate } from "../../../kernel/measure/statistics.ts";
import { type Standing, standing } from "./compare.ts";

/** A figure that was measured by itself, and what it has to be. */
export interface Fact {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly atMost?: number;
  /** The 95 % interval of a median; absent for a single figure. */
  readonly interval?: readonly [number, number];
}

/** The median of samples as a fact. */
export function factOf(what: string, samples: readonly number[], unit: string, atMost?: number): Fact {
  const { value, interval } = estimate(samples, seeded(1));
  return { what, value, unit, ...(atMost !== undefined && { atMost }), ...(interval && { interval }) };
}

/** By how much the calls of one side take longer than those of another in the same rounds, in ns. Undefined where one was not run. */
export function beyond(
  what: string,
  { sides }: BenchResult,
  of: string,
  to: string,
  atMost: number,
): Fact | undefined {
  const [own, other] = [of, to].map((wanted) => sides.find(({ name }) => name === wanted)?.rounds);
  if (!own || !other) return undefined;
  const pairs = own.flatMap((one, round) => {
    const beside = other[round];
    return one === null || beside === null || beside === undefined ? [] : [(one - beside) * 1e9];
  });
  return factOf(what, pairs, "ns", atMost);
}

/** Whether it keeps its bound: by its whole interval where it has one. */
export function factStanding({ value, atMost, interval = [value, value] }: Fact): Standing | undefined {
  return atMost === undefined ? undefined : standing({ what: "", of: "", to: "", atMost }, interval);
}

/** `12.3 ms (12.1–12.6)` */
export function factText({ value, unit, interval }: Fact): string {
  const digits = (one: number) => Number(one.toPrecision(3));
  const range = interval ? ` (${interval.map(digits).join("–")})` : "";
  return `${digits(value)} ${unit}${range}`;
}

/** Prints a figure, with whether it keeps its bound. */
export function printFact(fact: Fact): void {
  const { what, unit, atMost } = fact;
  if (atMost === undefined) console.log(`   ${what}: ${factText(fact)}`);
  else
    console.log(
      `   ${factStanding(fact)?.toUpperCase()}  ${what}, at most ${atMost} ${unit}: ${factText(fact)}`,
    );
}

/** The middle of samples. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

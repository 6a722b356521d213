/** A figure that was measured by itself, and what it has to be. */
export interface Fact {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly atMost?: number;
}

/** Prints a figure, with whether it keeps its bound. */
export function printFact({ what, value, unit, atMost }: Fact): void {
  const shown = `${Number(value.toPrecision(3))} ${unit}`;
  if (atMost === undefined) console.log(`   ${what}: ${shown}`);
  else console.log(`   ${value <= atMost ? "MET" : "MISSED"}  ${what}, at most ${atMost} ${unit}: ${shown}`);
}

/** The middle of samples. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

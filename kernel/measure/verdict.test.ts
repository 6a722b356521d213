import { describe, expect, it } from "vitest";
import { seeded } from "./random.ts";
import type { BenchResult } from "./result.ts";
import { emptyRounds } from "./rounds.ts";
import { SimulatedMachine } from "./simulate.ts";
import { type RunFacts, summarise } from "./summary.ts";

interface Case {
  /** Seconds per call and rounds of each side. */
  readonly sides: Record<string, readonly [seconds: number, rounds: number]>;
  readonly spread?: number;
  readonly foreign?: number;
  /** Factor from the first round's times to the last's. */
  readonly drift?: number;
  readonly facts?: Partial<RunFacts>;
}

/** The result of a run whose rounds are made up. */
function found({ sides, spread = 0.01, foreign = 0, drift = 1, facts = {} }: Case): BenchResult {
  const machine = new SimulatedMachine(seeded(1), { spread, disturbed: 0 });
  const names = Object.keys(sides);
  const rounds = emptyRounds(names.length);
  const values = Object.values(sides);
  rounds.completed = Math.max(...values.map(([, count]) => count));
  for (const [index, track] of rounds.tracks.entries()) {
    const [seconds, count] = values[index] ?? values[0] ?? [1, 0];
    for (let round = 0; round < count; round++) {
      track.perCall[round] = machine.disturbed(seconds) * drift ** (round / count);
      track.calls++;
    }
  }
  return summarise(rounds, {
    sides: names.map((name) => ({ name, loop: "typescript" })),
    notRun: [],
    difference: null,
    ended: "precision",
    conditions: {
      budget: 20,
      precision: 0.01,
      tolerance: "4 ULP",
      foreign,
      cores: 2,
      processor: "CPU",
      seed: 1,
    },
    versions: {},
    ...facts,
  });
}

describe("the verdict", () => {
  it.each<[string, Case, RegExp]>([
    [
      "names the fastest and by how much",
      { sides: { ts: [2, 30], rust: [1, 30], python: [40, 30] } },
      /^rust is 2\.0\d times as fast as ts here \([\d.–]+\) and \d\d\.\d times as fast as python here \([\d.–]+\); the control moved by \d\.\d %\.$/,
    ],
    [
      "writes a small gain in percent",
      { sides: { a: [1.04, 30], b: [1, 30] }, spread: 0.002 },
      /^b is [34]\.\d % faster than a here \([\d.–]+ %\); /,
    ],
    [
      "claims nothing between equals",
      { sides: { a: [1, 30], b: [1, 30] } },
      /^No difference can be claimed between a and b; the control moved by \d\.\d %\.$/,
    ],
    [
      "claims what it can where two share the top",
      { sides: { a: [1, 30], b: [1, 30], c: [2, 30] } },
      /^[ab] is \S+ times as fast as c here \S+; between [ab] and [ab] no difference can be claimed; /,
    ],
    [
      "blames the load where that could be all of it",
      { sides: { a: [1.3, 30], b: [1, 30] }, foreign: 0.46 },
      /^Too noisy: others used 46 % of the processor; nothing can be said of a and b; /,
    ],
    [
      "blames a drift where that could be all of it",
      { sides: { a: [1.3, 30], b: [1, 30] }, drift: 2 },
      /^Too noisy: the same code became \d+ % slower; nothing can be said of a and b; /,
    ],
    [
      "blames both where both were there",
      { sides: { a: [1.3, 30], b: [1, 30] }, drift: 2, foreign: 0.46 },
      /^Too noisy: [^;]* and [^;]*; nothing can be said of a and b; /,
    ],
    [
      "says how often a slow side was measured",
      { sides: { a: [1, 30], slow: [9, 8] } },
      /^a is \d\.\d+ times as fast as slow here \S+; .*; of 30 rounds the budget allowed slow only 8\.$/,
    ],
    [
      "leaves out a side with too few rounds for an interval",
      { sides: { a: [1, 30], b: [2, 30], slow: [9, 4] } },
      /^a is \S+ times as fast as b here \S+; .*; of 30 rounds the budget allowed slow only 4, too few for an interval: raise --budget\.$/,
    ],
    [
      "leaves out all of them",
      { sides: { a: [1, 3], b: [2, 3] } },
      /^No difference can be claimed between a and b from 3 rounds, too few for an interval: raise --budget\.$/,
    ],
    [
      "of one side is its time",
      { sides: { a: [1, 30] } },
      /^a takes \S+ s a call \(\S+ s\); there is nothing/,
    ],
    [
      "is none where results differ",
      {
        sides: { a: [1, 30], b: [2, 30] },
        facts: { difference: { left: "a", right: "b", path: "", leftValue: "1", rightValue: "2" } },
      },
      /^No verdict: the results differ, where a gives 1 and b 2\.$/,
    ],
  ])("%s", (_, made, sentence) => {
    expect(found(made).verdict).toMatch(sentence);
  });

  it("has notes on what limits it", () => {
    const sides = { a: [1, 30], b: [9, 30] } as const;
    expect(found({ sides }).notes).toEqual([]);
    expect(found({ sides, foreign: 0.3 }).notes).toEqual(["Others used 30 % of the processor meanwhile."]);
    const notRun = [{ name: "python", why: "no Python" }];
    expect(found({ sides, facts: { ended: "interrupt", notRun } }).notes).toEqual([
      "Interrupted after 30 rounds.",
      "Not run: python.",
    ]);
  });

  it("does not claim what it does not say", () => {
    expect(found({ sides: { a: [1.3, 30], b: [1, 30] }, foreign: 0.46 }).ratios[0]?.claimed).toBe(false);
    expect(found({ sides: { a: [1.3, 30], b: [1, 30] }, foreign: 0.05 }).ratios[0]?.claimed).toBe(true);
  });
});

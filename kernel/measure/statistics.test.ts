import { describe, expect, it } from "vitest";
import { claimed, outweighs, possibleEffects } from "./claim.ts";
import { normal, seeded, shuffle } from "./random.ts";
import { SimulatedMachine } from "./simulate.ts";
import { drift, halfWidth, median, medianRatio, quantile } from "./statistics.ts";

describe("random numbers", () => {
  it("are the same for a seed, and others for another", () => {
    const draw = (seed: number) => Array.from({ length: 4 }, seeded(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it("spread evenly over [0, 1)", () => {
    const random = seeded(5);
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const bin = Math.floor(random() * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    // Chi-squared with 9 degrees of freedom exceeds 27.9 in one of a thousand.
    const chi = bins.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    expect(chi).toBeLessThan(27.9);
  });

  it("are normal where asked to be", () => {
    const random = seeded(6);
    const values = Array.from({ length: 50_000 }, () => normal(random));
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
  });

  it("put each item at each place equally often", () => {
    const random = seeded(7);
    const first = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = shuffle(["a", "b", "c"], random).join("");
      first.set(order, (first.get(order) ?? 0) + 1);
    }
    expect(first.size).toBe(6);
    for (const n of first.values()) expect(Math.abs(n - 1000)).toBeLessThan(150);
  });
});

describe("quantiles", () => {
  // R: quantile(c(3, 1, 4, 1, 5, 9, 2, 6), p), which is type 7.
  it.each([
    [0, 1],
    [0.1, 1],
    [0.25, 1.75],
    [0.5, 3.5],
    [0.9, 6.9],
    [1, 9],
  ])("at %d is %d", (p, expected) => {
    expect(quantile([3, 1, 4, 1, 5, 9, 2, 6], p)).toBeCloseTo(expected, 12);
  });

  it("of nothing is not a number", () => expect(quantile([], 0.5)).toBeNaN());
});

describe("the median's interval", () => {
  it("is not given from fewer than six values", () => {
    expect(median([1, 2, 3, 4, 5], seeded(1))).toEqual({ value: 3, interval: null, count: 5 });
    expect(median([1, 2, 3, 4, 5, 6], seeded(1)).interval).toEqual([1.5, 5.5]);
  });

  it("agrees with the exact bootstrap distribution", () => {
    // The median of a resample of 1…n, n odd, is at most k when a binomial(n, k/n) reaches (n + 1) / 2. For n = 21 that
    // has probability 0.018 at k = 6 and 0.056 at k = 7; by symmetry the interval is [7, 15].
    const values = Array.from({ length: 21 }, (_, i) => i + 1);
    expect(median(values, seeded(2))).toEqual({ value: 11, interval: [7, 15], count: 21 });
  });

  it("holds the true median in 19 of 20 runs", () => {
    const random = seeded(3);
    let held = 0;
    for (let run = 0; run < 500; run++) {
      const values = Array.from({ length: 31 }, () => normal(random));
      const [low, high] = median(values, random).interval ?? [0, 0];
      if (low <= 0 && high >= 0) held++;
    }
    expect(held / 500).toBeGreaterThan(0.92);
  });

  it("of ratios reads the same in both directions", () => {
    const random = seeded(4);
    const a = Array.from({ length: 31 }, () => 2 + random());
    const b = Array.from({ length: 31 }, () => 1 + random());
    const [there, back] = [medianRatio(a, b, seeded(8)), medianRatio(b, a, seeded(8))];
    expect(there.value * back.value).toBeCloseTo(1, 12);
    expect(halfWidth(there.interval)).toBeCloseTo(halfWidth(back.interval), 1);
  });

  it("of ratios takes only the rounds that both sides were in", () => {
    const a = [1, 2, undefined, 4, 5, 6, 7, 8, undefined];
    const b = [2, 4, 6, undefined, 10, 12, 14, 16, undefined];
    expect(medianRatio(a, b, seeded(1))).toEqual({ value: 0.5, interval: [0.5, 0.5], count: 6 });
  });
});

describe("drift", () => {
  it("is the last third over the first", () => {
    expect(drift([1, 1, undefined, 1, 1.2, 1.2, 1.2, 1.3, 1.3, 1.3])).toBeCloseTo(1.3, 12);
    expect(drift([1, 2, 3])).toBe(1);
  });
});

describe("the claim", () => {
  it.each<[string, [number, number], [number, number], boolean]>([
    ["needs an interval without 1", [0.99, 1.05], [0.999, 1.001], false],
    ["needs disjoint intervals", [1.01, 1.05], [0.98, 1.02], false],
    ["is made where both hold", [1.03, 1.05], [0.98, 1.02], true],
    ["is made for what is quicker", [0.3, 0.5], [0.98, 1.02], true],
  ])("%s", (_, difference, control, made) => expect(claimed(difference, control)).toBe(made));

  it("is not made without intervals", () => {
    expect(claimed(null, [1, 1])).toBe(false);
    expect(claimed([2, 3], null)).toBe(false);
  });

  it("must be larger than what a disturbance above the limits could make", () => {
    expect(possibleEffects({ foreign: 0.05, drift: 1.05 })).toEqual({ load: 1, drift: 1 });
    expect(possibleEffects({ foreign: 0.5, drift: 0.8 })).toEqual({ load: 2, drift: 1.25 });
    expect(outweighs([1.5, 1.9], { foreign: 0.5, drift: 1 })).toBe(false);
    expect(outweighs([2.1, 2.9], { foreign: 0.5, drift: 1 })).toBe(true);
    expect(outweighs([0.4, 0.49], { foreign: 0.5, drift: 1 })).toBe(true);
    expect(outweighs([1.05, 1.06], { foreign: undefined, drift: 1 })).toBe(true);
  });
});

describe("simulated, 30 rounds with 10 % of the samples disturbed", () => {
  /** Share of runs in which a difference was claimed, between sides that differ by `effect`. */
  function claims(runs: number, effect: number, spread: number, seed: number): number {
    const random = seeded(seed);
    const machine = new SimulatedMachine(random, { spread, disturbed: 0.1 });
    const track = (value: number) => Array.from({ length: 30 }, () => machine.disturbed(value));
    let made = 0;
    for (let run = 0; run < runs; run++) {
      const [first, control, other] = [track(1), track(1), track(1 + effect)];
      const difference = medianRatio(other, first, random).interval;
      if (claimed(difference, medianRatio(control, first, random).interval)) made++;
    }
    return made / runs;
  }

  it("claims a difference between equal sides in less than 1 of 100 runs", () => {
    expect(claims(1000, 0, 0.02, 11)).toBeLessThan(0.01);
  });

  it("finds a true 3 % in 9 of 10 runs at the noise of a quiet machine", () => {
    expect(claims(200, 0.03, 0.01, 12)).toBeGreaterThan(0.9);
  });
});

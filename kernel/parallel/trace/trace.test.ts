import { describe, expect, test } from "vitest";
import { account, karpFlatt } from "./account.ts";
import { fitAmdahl, project } from "./amdahl.ts";
import { traceReport } from "./report.ts";
import type { Trace } from "./tracer.ts";

/** Two workers in 100 ms: one works 90 of them, the other 50 and then waits. */
const trace: Trace = {
  wall: 100,
  workers: 2,
  dropped: 0,
  events: [{ at: 60, name: "worker ended at item 3", lane: "worker 2" }],
  lanes: [
    {
      name: "worker 1",
      spans: [
        { kind: "spawn", start: 0, end: 10 },
        { kind: "work", start: 10, end: 100, lo: 0, hi: 9 },
      ],
    },
    {
      name: "worker 2",
      spans: [
        { kind: "spawn", start: 0, end: 10 },
        { kind: "work", start: 10, end: 60, lo: 9, hi: 10 },
        { kind: "imbalance", start: 60, end: 100 },
      ],
    },
  ],
};

test("all of the workers' time is accounted for", () => {
  const { shares, utilisation, speedup, serial } = account(trace);
  expect(utilisation).toBeCloseTo(0.7, 12);
  expect(speedup).toBeCloseTo(1.4, 12);
  expect(shares.spawn).toBeCloseTo(0.1, 12);
  expect(shares.imbalance).toBeCloseTo(0.2, 12);
  expect(Object.values(shares).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  expect(serial).toBeCloseTo(karpFlatt(1.4, 2), 12);
});

test("Karp and Flatt's serial part is Amdahl's where nothing else is lost", () => {
  // 1 / (0.1 + 0.9 / 8)
  expect(karpFlatt(1 / (0.1 + 0.9 / 8), 8)).toBeCloseTo(0.1, 12);
  expect(karpFlatt(4, 4)).toBeCloseTo(0, 12);
});

describe("Amdahl's fit", () => {
  const law = (parallel: number, workers: number) => 1000 * (1 - parallel + parallel / workers);

  test("finds the parallel part of exact times, and projects it", () => {
    const fit = fitAmdahl([1, 2, 4].map((workers) => ({ workers, ms: law(0.9, workers) })));
    expect(fit?.parallel).toBeCloseTo(0.9, 9);
    expect(fit?.interval[0]).toBeCloseTo(0.9, 6);
    expect(fit?.one).toBeCloseTo(1000, 6);
    expect(fit && project(fit, 1024)[0]).toBeCloseTo(1 / (0.1 + 0.9 / 1024), 6);
  });

  test("has an interval that covers what was put in, of times with noise", () => {
    // Off by about 1 % up and down.
    const noise = [1.01, 0.99, 1.008, 0.993, 1.005, 0.994];
    const timings = [1, 1, 2, 2, 4, 4].map((workers, i) => ({
      workers,
      ms: law(0.8, workers) * (noise[i] ?? 1),
    }));
    const [low, high] = fitAmdahl(timings)?.interval ?? [1, 0];
    expect(low).toBeLessThan(0.8);
    expect(high).toBeGreaterThan(0.8);
    expect(high - low).toBeLessThan(0.1);
  });

  test("needs three numbers of workers", () => {
    expect(fitAmdahl([1, 2, 2].map((workers) => ({ workers, ms: law(0.9, workers) })))).toBeUndefined();
  });
});

test("the report says what was lost to what, and how many more runs a fit needs", () => {
  const { gantt, speedup } = traceReport(trace, [{ workers: 2, ms: 100 }], 2);
  expect(gantt.title).toBe("2 workers worked 70 % of 100 ms: 1.40 × as much as one thread in that time");
  expect(gantt.notes?.[0]).toBe(
    "The rest of the workers' time: 20 % imbalance (waiting for the last one), 10 % spawn (starting them).",
  );
  expect(gantt.notes?.[1]).toContain("traced so far: 1");
  expect(speedup).toBeUndefined();
  const fitted = traceReport(
    trace,
    [1, 2, 4].map((workers) => ({ workers, ms: 100 / workers })),
    2,
  );
  expect(fitted.speedup?.title).toContain("100 % of the work parallel");
  expect(fitted.speedup?.notes?.[0]).toContain("1024 workers");
});

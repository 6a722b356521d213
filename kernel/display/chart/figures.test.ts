import { describe, expect, it } from "vitest";
import { busyShare, kindsOf, rowsOf } from "./gantt.ts";
import { binsOf } from "./histogram.ts";
import { percentilesOf } from "./latency.ts";
import { amdahl } from "./speedup.ts";
import { traceOf } from "./trace.ts";
import { unitOf } from "./units.ts";

describe("figures", () => {
  it("bins hold every value once", () => {
    const values = Array.from({ length: 1000 }, (_, index) => index ** 2);
    for (const scale of ["linear", "log"] as const) {
      const [bins = []] = binsOf({
        type: "histogram",
        title: "",
        value: { label: "", scale },
        series: [{ name: "", values }],
      });
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(scale === "log" ? 999 : 1000);
    }
  });

  it("percentiles are those of the samples, unless they are given", () => {
    const latency = Array.from({ length: 1001 }, (_, index) => index);
    expect(percentilesOf({ name: "", at: latency, latency })).toEqual({
      p50: 500,
      p90: 900,
      p99: 990,
      "p99.9": 999,
      max: 1000,
    });
    expect(percentilesOf({ name: "", at: [], latency: [], percentiles: { p50: 1 } })).toEqual({ p50: 1 });
  });

  it("a lane's share counts overlapping spans once", () => {
    const spans = [
      { start: 0, end: 2 },
      { start: 1, end: 3 },
      { start: 5, end: 6 },
      { start: 0, end: 10, kind: "wait" },
    ];
    expect(busyShare(spans, "work", [0, 10])).toBe(0.4);
    expect(kindsOf({ type: "gantt", title: "", lanes: [{ name: "", spans: spans.toReversed() }] })).toEqual([
      "work",
      "wait",
    ]);
  });

  it("spans at the same time stand in rows of their own", () => {
    const [a, b, c] = [
      { start: 0, end: 3 },
      { start: 1, end: 2 },
      { start: 3, end: 4 },
    ];
    expect(rowsOf([c, b, a])).toEqual([[a, c], [b]]);
    expect(rowsOf([])).toEqual([]);
    expect(rowsOf(Array.from({ length: 100 }, () => a))).toHaveLength(8);
  });

  it("values that are all one stand in one bin around it", () => {
    const series = [{ name: "", values: [3, 3, 3] }];
    const [[bin, ...others] = []] = binsOf({ type: "histogram", title: "", value: { label: "" }, series });
    expect(others).toEqual([]);
    expect(bin?.count).toBe(3);
    expect((bin?.from ?? 0) + (bin?.to ?? 0)).toBeCloseTo(6);
  });

  it("Amdahl's law", () => {
    expect(amdahl(0.5, 2)).toBeCloseTo(4 / 3);
    expect(amdahl(1, 8)).toBe(8);
    expect(amdahl(0.5, 1e9)).toBeCloseTo(2);
  });

  it("a trace has a thread for each lane, in microseconds", () => {
    const trace = JSON.parse(
      traceOf({ type: "gantt", title: "t", lanes: [{ name: "w", spans: [{ start: 1, end: 1.5 }] }] }),
    );
    expect(trace.traceEvents).toContainEqual({
      ph: "X",
      pid: 1,
      tid: 1,
      name: "work",
      cat: "work",
      ts: 1e6,
      dur: 5e5,
    });
    expect(trace.traceEvents).toContainEqual({
      ph: "M",
      pid: 1,
      tid: 1,
      ts: 0,
      name: "thread_name",
      args: { name: "w" },
    });
  });

  it.each([
    ["B", 1024, "1 KB"],
    ["B", 1.5 * 1024 ** 3, "1.50 GB"],
    ["%", 0.125, "12.5 %"],
    ["s", 0.0021, "2.10 ms"],
    ["min", 12, "12 min"],
    [undefined, 12345, "12,345"],
  ])("in %s, %d is %s", (unit, value, text) => expect(unitOf(unit).text(value)).toBe(text));
});

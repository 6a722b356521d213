import { describe, expect, it } from "vitest";
import { drawChart } from "./draw.ts";
import { examples } from "./examples.ts";
import { durationEstimate, estimate, tickDuration, tickNumber } from "./format.ts";
import { extentOf, makeScale } from "./scale.ts";
import type { ChartSpec } from "./spec.ts";
import { toText } from "./svg.ts";
import { unitOf } from "./units.ts";

describe("ticks and intervals", () => {
  it.each([
    [1.0000005, [1, 1.0000005, 1.000001], "1.0000005"],
    [2.5, [0, 2.5, 5], "2.5"],
    [3e12, [0, 1e12, 2e12, 3e12], "3×10¹²"],
    [1e-7, [1e-7, 1e-3], "10⁻⁷"],
    [-2e9, [-2e9, 0], "−2×10⁹"],
    [0, [0, 0], "0"],
    [5, [], "5"],
  ])("%d among %j is %s", (value, among, text) => expect(tickNumber(value, among)).toBe(text));

  it("ticks of durations that differ by little are told apart", () => {
    const ticks = [1, 1.0000005, 1.000001];
    expect(new Set(ticks.map((tick) => tickDuration(tick, ticks))).size).toBe(3);
  });

  it("the ends of a narrow interval are told apart, and nothing is nothing", () => {
    expect(durationEstimate(1, [0.9999, 1.0001])).toEqual({ value: "1.0000 s", range: "0.9999–1.0001 s" });
    expect(estimate(0, [0, 0])).toEqual({ value: "0", range: "0–0" });
    expect(unitOf("%").estimate(0.5, [0.4, 0.6])).toEqual({ value: "50.0 %", range: "40.0–60.0 %" });
    expect(unitOf("B").estimate(2048, [1024, 4096])).toEqual({ value: "2 KB", range: "1 KB–4 KB" });
  });

  it("workers and counts are whole", () => {
    const drawn = drawChart({
      type: "speedup",
      title: "",
      series: [{ name: "", workers: [1], speedup: [1] }],
    });
    expect(drawn.x?.ticks).toEqual([0, 1, 2]);
  });
});

describe("axes", () => {
  it("start at zero where that costs little", () => {
    expect(extentOf([2, 10], { label: "" }).domain[0]).toBe(0);
    expect(extentOf([1000, 1001], { label: "" }).domain[0]).toBeGreaterThan(999);
  });

  it("of bytes have powers of two", () => {
    const scale = makeScale({ domain: [1000, 300_000], log: true }, [0, 400], 74, {
      label: "",
      unit: "B",
      scale: "log",
    });
    expect(scale.ticks).toEqual([1024, 4096, 16384, 65536, 262144]);
  });

  it("give the value under a pixel", () => {
    const scale = makeScale({ domain: [1, 100], log: true }, [0, 200], 74, { label: "" });
    expect(scale.value(100)).toBeCloseTo(10);
  });

  it("a view shows its part", () => {
    const whole = drawChart(examples.gantt as ChartSpec, 600);
    const part = drawChart(examples.gantt as ChartSpec, 600, { x: [0.01, 0.02] });
    expect(part.x?.domain).toEqual([0.01, 0.02]);
    expect(toText(part.drawing).length).toBeLessThan(toText(whole.drawing).length);
  });
});

import { describe, expect, it } from "vitest";
import { boxes } from "./boxes.ts";
import { chartBundle } from "./bundle.ts";
import { drawChart } from "./draw.ts";
import { examples } from "./examples.ts";
import { durationEstimate, estimate, tickDuration, tickNumber } from "./format.ts";
import { busyShare, kindsOf, rowsOf } from "./gantt.ts";
import { binsOf } from "./histogram.ts";
import { percentilesOf } from "./latency.ts";
import { extentOf, makeScale } from "./scale.ts";
import { type ChartSpec, chartMime, readChart } from "./spec.ts";
import { amdahl } from "./speedup.ts";
import { toText } from "./svg.ts";
import { chartCsv, chartTable } from "./table.ts";
import { traceOf } from "./trace.ts";
import { unitOf } from "./units.ts";

const long = "a name that goes on and on for no good reason at all, with words";

/** Data that is at the edge of what makes sense, by its name. */
const edges: Record<string, ChartSpec> = {
  "lines without series": { type: "lines", title: "t", x: { label: "x" }, y: { label: "y" }, series: [] },
  "one point": {
    type: "lines",
    title: "t",
    x: { label: "x" },
    y: { label: "y" },
    series: [{ name: "a", x: [5], y: [5] }],
  },
  "gaps and negative numbers on a logarithmic axis": {
    type: "lines",
    title: "t",
    x: { label: "x", scale: "log" },
    y: { label: "y", scale: "log" },
    series: [{ name: "a", x: [-1, 0, 1, 10, 100], y: [1, 1, null, -5, 1e9] }],
  },
  "tiny differences": {
    type: "lines",
    title: "t",
    x: { label: "x" },
    y: { label: "y", unit: "s" },
    series: [{ name: "a", x: [1, 2, 3], y: [1, 1.000001, 1.000002] }],
  },
  "long names": {
    type: "lines",
    title: long.repeat(3),
    x: { label: long, unit: "widgets" },
    y: { label: long, unit: "widgets" },
    series: Array.from({ length: 9 }, (_, index) => ({
      name: `${long} ${index}`,
      x: [1, 2],
      y: [index, index * 1e6],
    })),
  },
  "an empty histogram": {
    type: "histogram",
    title: "t",
    value: { label: "v" },
    series: [{ name: "a", values: [] }],
  },
  "equal values": {
    type: "histogram",
    title: "t",
    value: { label: "v" },
    series: [{ name: "a", values: [3, 3, 3] }],
  },
  "no requests": { type: "latency", title: "t", series: [{ name: "a", at: [], latency: [] }] },
  "no lanes": { type: "gantt", title: "t", lanes: [] },
  "fifty lanes": {
    type: "gantt",
    title: "t",
    lanes: Array.from({ length: 50 }, (_, index) => ({
      name: `${long} ${index}`,
      spans: [{ start: index, end: index + 1 }],
    })),
  },
  "spans that end before they start": {
    type: "gantt",
    title: "t",
    lanes: [
      {
        name: "a",
        spans: [
          { start: 3, end: 1 },
          { start: 2, end: 2 },
        ],
      },
    ],
  },
  "the ends of what numbers can be": {
    type: "lines",
    title: "t",
    x: { label: "x", scale: "log" },
    y: { label: "y", unit: "B" },
    series: [{ name: "a", x: [1e-100, 1, 1e100], y: [-1e100, 0, 1e100] }],
  },
  "bars of any size": {
    type: "bars",
    title: "t",
    value: { label: "v", unit: "%" },
    rows: [
      { label: "a", value: 1e-100, interval: [-1, 0] },
      { label: "b", value: 1e100, interval: [1e100, 0] },
      { label: "", value: 0, interval: [0, 0] },
    ],
  },
  "a histogram over all numbers": {
    type: "histogram",
    title: "t",
    value: { label: "v", unit: "×" },
    series: [{ name: "a", values: [-1e100, 0, 1e100] }],
  },
  "latencies of nothing and less": {
    type: "latency",
    title: "t",
    series: [{ name: "a", at: [0, 0, 0], latency: [0, -1, 1e-100], pauses: [{ at: 9, duration: 0 }] }],
  },
  "a centre beyond the values": {
    type: "heat",
    title: "t",
    x: { label: "x", values: ["a"] },
    y: { label: "y", values: ["b", "c"] },
    value: { label: "v", scale: "log" },
    center: 0,
    cells: [[-1], [0, 5]],
  },
  "one worker": { type: "speedup", title: "t", series: [{ name: "a", workers: [1], speedup: [1] }] },
  "a wide heat map": {
    type: "heat",
    title: "t",
    x: { label: long, values: Array.from({ length: 40 }, (_, index) => `column ${index}`) },
    y: { label: long, values: [long, "b"] },
    value: { label: "v" },
    cells: [Array.from({ length: 40 }, (_, index) => index), []],
  },
  "no cells": {
    type: "heat",
    title: "t",
    x: { label: "x", values: [] },
    y: { label: "y", values: [] },
    value: { label: "v" },
    cells: [],
  },
};

describe.each(Object.entries({ ...examples, ...edges }))("the chart of %s", (name, spec) => {
  it.each([320, 400, 600, 900])("has no text over another or over its edge, %d pixels wide", (width) => {
    const { drawing } = drawChart(spec, width);
    const found = boxes(drawing, { anchor: "start", bold: false, size: 12 });
    for (const box of found) {
      const height = Number(drawing.attributes.height);
      expect([box.left >= -0.5, box.right <= width + 0.5, box.bottom <= height], box.text).toEqual([
        true,
        true,
        true,
      ]);
    }
    for (const [index, a] of found.entries()) {
      for (const b of found.slice(index + 1)) {
        const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
        expect(apart, `${a.text} | ${b.text}`).toBe(true);
      }
    }
  });

  it("has no number that is none", () => {
    expect(toText(drawChart(spec).drawing)).not.toMatch(/NaN|Infinity|undefined/);
    expect(Object.keys(chartBundle(spec))).toEqual([chartMime, "image/svg+xml", "text/plain"]);
  });

  it("is what its own check takes, also after JSON", () => {
    expect(readChart(JSON.parse(JSON.stringify(spec)))).toEqual({ ok: true, spec });
    expect(name).not.toBe("");
  });
});

describe.each(Object.entries(examples))("the picture of %s in the documentation", (name, spec) => {
  it("is what is drawn", () =>
    expect(`${toText(drawChart(spec).drawing)}\n`).toMatchFileSnapshot(`../../../docs/charts/${name}.svg`));

  it("tells screen readers its numbers", () => {
    const text = toText(drawChart(spec).drawing);
    expect(text).toMatch(/^<svg [^>]*role="img" aria-label="[^"]+"/);
    expect(/<desc>([^<]*)<\/desc>/.exec(text)?.[1]).toMatch(/\d/);
    expect(text).not.toMatch(/<script|javascript:|href=/);
  });

  it("has a table and a CSV of all its figures", () => {
    const { columns, rows } = chartTable(spec);
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows) expect(row).toHaveLength(columns.length);
    expect(chartCsv(spec).split("\r\n")).toHaveLength(rows.length + 2);
  });
});

describe("a chart's check", () => {
  it.each([
    [null, /type|Object/i],
    [{ type: "pie", title: "t" }, /type/],
    [
      {
        type: "lines",
        title: "t",
        x: { label: "x" },
        y: { label: "y" },
        series: [{ name: "a", x: [1], y: [] }],
      },
      /one length/,
    ],
    [{ type: "bars", title: "t", value: { label: "v" }, rows: [{ label: "a", value: -1 }] }, /rows\.0/],
    [
      { type: "latency", title: "t", series: [{ name: "a", at: [Number.NaN], latency: [1] }] },
      /series\.0\.at/,
    ],
    [
      { type: "latency", title: "t", series: [{ name: "a", at: [1e300], latency: [1] }] },
      /series\.0\.at\.0: .*1e100/,
    ],
  ])("says where %j is wrong", (data, why) => {
    const read = readChart(data);
    expect(read.ok ? "ok" : read.why).toMatch(why);
  });
});

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

it.each(Object.entries(edges).filter(([name]) => /^(no|an empty) /.test(name)))(
  "a chart of %s says that it has no values",
  (_, spec) => expect(toText(drawChart(spec).drawing)).toContain("There are no values to draw."),
);

it("Amdahl's curve stays inside its axes", () => {
  const series = [{ name: "a", workers: [1, 2, 64], speedup: [1, 1.1, 1.2], parallel: 0.999 }];
  const { drawing } = drawChart({ type: "speedup", title: "t", series });
  const heights = [...toText(drawing).matchAll(/L[\d.]+ ([\d.-]+)/g)].map(([, y]) => Number(y));
  expect(Math.min(...heights)).toBeGreaterThan(40);
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

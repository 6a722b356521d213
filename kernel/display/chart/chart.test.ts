import { describe, expect, it } from "vitest";
import { boxes } from "./boxes.ts";
import { chartBundle } from "./bundle.ts";
import { drawChart } from "./draw.ts";
import { examples } from "./examples.ts";
import { type ChartSpec, chartMime, readChart } from "./spec.ts";
import { toText } from "./svg.ts";
import { chartCsv, chartTable } from "./table.ts";

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

import { performance } from "node:perf_hooks";
import { chartBundle } from "../../../kernel/display/chart/bundle.ts";
import type { ChartSpec } from "../../../kernel/display/chart/spec.ts";
import { quantile } from "../../../kernel/measure/statistics.ts";

const xs = Array.from({ length: 1000 }, (_, index) => index + 1);
const roots = xs.map(Math.sqrt);

/** A chart of each type with a thousand marks. */
const thousand: Readonly<Record<string, ChartSpec>> = {
  bars: {
    type: "bars",
    title: "t",
    value: { label: "v", unit: "s" },
    rows: xs.map((x) => ({ label: `side ${x}`, value: x / 1000, interval: [x / 1100, x / 900] })),
  },
  lines: {
    type: "lines",
    title: "t",
    x: { label: "x" },
    y: { label: "y", unit: "s" },
    series: [{ name: "a", x: xs, y: roots, low: roots.map((y) => y * 0.9), high: roots.map((y) => y * 1.1) }],
  },
  scatter: {
    type: "scatter",
    title: "t",
    x: { label: "x" },
    y: { label: "y", unit: "s" },
    series: [0, 500].map((from) => ({
      name: `${from}`,
      x: xs.slice(from, from + 500),
      y: roots.slice(from, from + 500),
    })),
  },
  histogram: {
    type: "histogram",
    title: "t",
    bins: 200,
    value: { label: "v" },
    series: [1, 2, 3, 4, 5].map((factor) => ({ name: `${factor}`, values: xs.map((x) => x * factor) })),
  },
  latency: { type: "latency", title: "t", series: [{ name: "a", at: xs, latency: xs.map((x) => x * 1e-6) }] },
  speedup: {
    type: "speedup",
    title: "t",
    series: [{ name: "a", workers: xs, speedup: roots, parallel: 0.9 }],
  },
  gantt: {
    type: "gantt",
    title: "t",
    lanes: Array.from({ length: 10 }, (_, lane) => ({
      name: `worker ${lane}`,
      spans: xs
        .slice(0, 100)
        .map((x) => ({ start: x, end: x + 0.9, label: String(x), kind: x % 2 ? "work" : "wait" })),
    })),
  },
  heat: {
    type: "heat",
    title: "t",
    x: { label: "x", values: xs.slice(0, 50).map(String) },
    y: { label: "y", values: xs.slice(0, 20).map(String) },
    value: { label: "v" },
    cells: xs.slice(0, 20).map((y) => xs.slice(0, 50).map((x) => x * y)),
  },
};

/** Seconds that the kernel needs for a chart of a thousand marks, all of its output: median of 30, by type. */
export function chartTimes(): Record<string, number> {
  const times = Object.entries(thousand).map(([name, spec]): [string, number] => {
    for (let warm = 0; warm < 10; warm++) chartBundle(spec);
    const taken = Array.from({ length: 30 }, () => {
      const start = performance.now();
      chartBundle(spec);
      return (performance.now() - start) / 1000;
    });
    return [name, quantile(taken, 0.5)];
  });
  return Object.fromEntries(times);
}

import type { ChartSpec } from "./spec.ts";

/** Pseudo-random numbers that are the same on every machine (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = numbers(7);
const sizes = [1, 4, 16, 64, 256].map((one) => one * 1024);

/** One chart of each type, for the documentation, the golden files and the screenshots. Invented numbers. */
export const examples: Readonly<Record<string, ChartSpec>> = {
  bars: {
    type: "bars",
    title: "Rust is 3.2 times as fast as TypeScript here (3.1–3.3).",
    value: { label: "Time of one call: median with its 95 % interval, less is better", unit: "s" },
    rows: [
      { label: "rust", value: 0.0031, interval: [0.003, 0.0033] },
      { label: "typescript", value: 0.0099, interval: [0.0097, 0.0104], note: "× 3.2 (3.1–3.3)" },
      { label: "python", value: 0.127, interval: [0.121, 0.139], note: "× 41 (39–43)" },
      { label: "numba", missing: "not run: numba is not installed; %pip install numba" },
    ],
    footer: ["30 interleaved rounds; control 1.002 (0.994–1.009)."],
  },
  lines: {
    type: "lines",
    title: "What it costs to hand an array to a worker",
    x: { label: "Size of the array", unit: "B", scale: "log" },
    y: { label: "Time", unit: "s", scale: "log" },
    series: [
      {
        name: "clone",
        x: sizes,
        y: [2.1e-5, 3.4e-5, 9.8e-5, 4.1e-4, 1.7e-3],
        low: [1.9e-5, 3.1e-5, 9.1e-5, 3.8e-4, 1.5e-3],
        high: [2.6e-5, 3.9e-5, 1.1e-4, 4.6e-4, 2.1e-3],
      },
      { name: "transfer", x: sizes, y: [1.8e-5, 1.9e-5, 2.2e-5, 3.1e-5, 6.4e-5] },
      { name: "shared memory", x: sizes, y: [6.1e-6, 6.0e-6, 6.3e-6, 6.2e-6, 6.2e-6] },
      { name: "1 GB/s", x: [1024, 262144], y: [1024 / 1e9, 262144 / 1e9], reference: true },
    ],
  },
  scatter: {
    type: "scatter",
    title: "Arrival delay over departure delay",
    x: { label: "Departure delay", unit: "min" },
    y: { label: "Arrival delay", unit: "min" },
    series: ["EWR", "JFK", "LGA"].map((name, index) => {
      const x = Array.from({ length: 60 }, () => Math.round(random() ** 3 * 120) - 5);
      return { name, x, y: x.map((one) => Math.round(one + 200 + (random() - 0.6) * 40 + index * 5) - 200) };
    }),
  },
  histogram: {
    type: "histogram",
    title: "Without a lock increments get lost",
    value: { label: "Lost of 1,000,000 increments" },
    series: [
      {
        name: "plain",
        values: Array.from({ length: 200 }, () =>
          Math.round(180_000 + (random() + random() + random()) * 120_000),
        ),
      },
      {
        name: "two at once",
        values: Array.from({ length: 200 }, () => Math.round(120_000 + (random() + random()) * 110_000)),
      },
    ],
  },
  latency: {
    type: "latency",
    title: "A collected service shows spikes, Rust stays flat",
    series: [
      {
        name: "Go",
        at: Array.from({ length: 900 }, (_, index) => index / 90),
        latency: Array.from(
          { length: 900 },
          (_, index) => 4e-6 * (1 + random()) * (index % 180 < 3 ? 400 * random() + 20 : 1),
        ),
        pauses: [0, 2, 4, 6, 8].map((at) => ({ at, duration: 0.0008 })),
      },
      {
        name: "Rust",
        at: Array.from({ length: 900 }, (_, index) => index / 90),
        latency: Array.from({ length: 900 }, () => 1.4e-6 * (1 + random() ** 6 * 3)),
      },
    ],
  },
  speedup: {
    type: "speedup",
    title: "Half of the work is sequential: no more than twice as fast, however many workers",
    cores: 4,
    series: [
      {
        name: "half parallel",
        workers: [1, 2, 3, 4, 6, 8],
        speedup: [1, 1.31, 1.47, 1.57, 1.55, 1.52],
        low: [0.98, 1.28, 1.43, 1.52, 1.48, 1.44],
        high: [1.02, 1.34, 1.51, 1.62, 1.61, 1.6],
        parallel: 0.49,
      },
      {
        name: "nearly all",
        workers: [1, 2, 3, 4, 6, 8],
        speedup: [1, 1.93, 2.8, 3.6, 3.7, 3.72],
        parallel: 0.965,
      },
    ],
  },
  gantt: {
    type: "gantt",
    title: "Four workers, 1.9 times as fast as one",
    lanes: ["worker 1", "worker 2", "worker 3", "worker 4"].map((name, lane) => {
      let now = 0.004 + lane * 0.003;
      const spans = [{ start: 0, end: now, kind: "start", label: "" }];
      for (let chunk = 0; chunk < 5; chunk++) {
        spans.push({ start: now, end: now + 0.0012, kind: "transfer", label: "" });
        const end = now + 0.0012 + 0.008 + random() * 0.012;
        spans.push({ start: now + 0.0012, end, kind: "work", label: String(chunk * 4 + lane) });
        now = end;
      }
      spans.push({ start: now, end: 0.098, kind: "idle", label: "" });
      return { name, spans };
    }),
  },
  flame: {
    type: "flame",
    title: "parse takes 58 % of the time",
    value: { label: "Time", unit: "s" },
    frames: [
      { label: "cell 4", place: "cell-4.ts:6", kind: "cells", start: 0, end: 0.412, depth: 0 },
      { label: "readAll", place: "cell-2.ts:3", kind: "cells", start: 0, end: 0.331, depth: 1 },
      { label: "parse", place: "cell-2.ts:14", kind: "cells", start: 0, end: 0.239, depth: 2 },
      { label: "split", kind: "JavaScript's own", start: 0, end: 0.071, depth: 3 },
      { label: "readFileSync", place: "node:fs", kind: "Node", start: 0.239, end: 0.322, depth: 2 },
      { label: "open", place: "node:fs", kind: "Node", start: 0.239, end: 0.247, depth: 3 },
      { label: "total", place: "cell-4.ts:2", kind: "cells", start: 0.331, end: 0.378, depth: 1 },
      { label: "sum", place: "statistics 5.2.0", kind: "packages", start: 0.331, end: 0.362, depth: 2 },
      { label: "collected garbage", kind: "garbage collector", start: 0.378, end: 0.41, depth: 1 },
    ],
  },
  heat: {
    type: "heat",
    title: "Parallel pays from 1,000 items, or from fib(20)",
    x: { label: "Items", values: ["5", "50", "1,000", "100,000"] },
    y: { label: "Work", values: ["fib(5)", "fib(15)", "fib(20)", "fib(33)"] },
    value: { label: "Speed-up over one thread", unit: "×", scale: "log" },
    center: 1,
    cells: [
      [0.02, 0.1, 0.5, 0.9],
      [0.1, 0.6, 1.2, 1.7],
      [0.7, 1.1, 1.8, 1.9],
      [1.6, 1.9, 1.95, null],
    ],
  },
};

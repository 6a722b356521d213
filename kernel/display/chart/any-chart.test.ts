import fc from "fast-check";
import { expect, it } from "vitest";
import { chartBundle } from "./bundle.ts";
import { readChart } from "./spec.ts";
import { chartCsv } from "./table.ts";
import { traceOf } from "./trace.ts";

const number = fc.oneof(
  fc.constantFrom(0, 1, -1, 1e100, -1e100, 1e-100, 0.1 + 0.2),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((value) => value === 0 || Math.abs(value) > 1e-99),
);
const positive = number.map(Math.abs);
const text = fc.oneof(fc.constantFrom("", "x", "<b>&\"'", "\u0000\ud800", "一二三".repeat(30)), fc.string());
const axis = fc.record({
  label: text,
  unit: fc.constantFrom("s", "B", "%", "×", "", "widgets"),
  scale: fc.constantFrom("linear", "log"),
});
const words = { title: text, notes: fc.array(text), footer: fc.array(text) };
const list = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 20 });
/** Rows of numbers as columns: all of one length. */
const columns = (names: readonly string[], of: fc.Arbitrary<number>) =>
  list(fc.tuple(...names.map(() => of))).map((rows) =>
    Object.fromEntries(names.map((name, index) => [name, rows.map((row) => row[index] ?? 0)])),
  );
const series = (names: readonly string[], of: fc.Arbitrary<number>) =>
  list(fc.tuple(text, columns(names, of)).map(([name, data]) => ({ name, ...data })));

/** Charts of each type, of data that nobody would choose. */
const specs: Record<string, fc.Arbitrary<object>> = {
  bars: fc.record({
    ...words,
    value: axis,
    rows: list(
      fc.oneof(
        fc.record({
          label: text,
          value: positive,
          interval: fc.option(fc.tuple(number, number)),
          note: text,
        }),
        fc.record({ label: text, missing: text }),
      ),
    ),
  }),
  lines: fc.record({ ...words, x: axis, y: axis, series: series(["x", "y", "low", "high"], number) }),
  scatter: fc.record({ ...words, x: axis, y: axis, series: series(["x", "y"], number) }),
  histogram: fc.record({ ...words, value: axis, series: series(["values"], number) }),
  latency: fc.record({ ...words, series: series(["at", "latency"], number) }),
  speedup: fc.record({
    ...words,
    cores: positive.map((value) => value + 1),
    series: series(
      ["workers", "speedup"],
      positive.map((value) => value + 1),
    ),
  }),
  gantt: fc.record({
    ...words,
    lanes: list(
      fc.record({
        name: text,
        spans: list(fc.record({ start: number, end: number, label: text, kind: text })),
      }),
    ),
  }),
  flame: fc.record({
    ...words,
    value: axis,
    frames: list(
      fc.record({ label: text, place: text, kind: text, start: number, end: number, depth: fc.nat(10_000) }),
    ),
  }),
  heat: fc.record({
    ...words,
    x: fc.record({ label: text, values: list(text) }),
    y: fc.record({ label: text, values: list(text) }),
    value: axis,
    center: number,
    cells: list(list(fc.option(number))),
  }),
};

it.each(Object.entries(specs))(
  "any chart of the type %s is drawn, and all its numbers are numbers",
  (type, spec) => {
    fc.assert(
      fc.property(spec, (data) => {
        const read = readChart({ ...data, type });
        if (!read.ok) throw new Error(read.why);
        const picture = String(chartBundle(read.spec)["image/svg+xml"]);
        // Attributes and paths; texts may be anything.
        for (const [tag] of picture.matchAll(/<(rect|path|circle|text|svg)\b[^>]*>/g)) {
          expect(tag.replace(/aria-label="[^"]*"/, "")).not.toMatch(/NaN|Infinity|undefined/);
        }
        chartCsv(read.spec);
        if (read.spec.type === "gantt") JSON.parse(traceOf(read.spec));
      }),
      { numRuns: 100 },
    );
  },
);

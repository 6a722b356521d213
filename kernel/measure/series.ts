import { chartBundle } from "../display/chart/bundle.ts";
import type { SpecOf } from "../display/chart/spec.ts";
import { fail } from "../errors.ts";
import type { MimeBundle } from "../wire/message.ts";
import type { Point } from "./engine.ts";
import type { BenchResult } from "./result.ts";

/** What `%%bench --for` found: a result for each value. */
export interface BenchSeries {
  readonly kind: "bench-series";
  readonly parameter: string;
  readonly points: readonly { readonly value: number | string; readonly result: BenchResult }[];
}

/** Reads `n in 10,20,30`: numbers where all are, else texts. */
export function readParameter(text: string): { parameter: string; values: (number | string)[] } {
  const [, parameter, list = ""] = /^\s*([A-Za-z_$][\w$]*)\s+in\s+(.+?)\s*$/.exec(text) ?? [];
  const texts = list.split(",").map((one) => one.trim().replaceAll("_", ""));
  if (!parameter || texts.some((one) => one === "")) throw fail("benchValues", text);
  const numbers = texts.map(Number);
  return { parameter, values: numbers.every(Number.isFinite) ? numbers : texts };
}

/** One finished value, in a line. */
export function pointLine({ parameter, value }: Point, { verdict }: BenchResult): MimeBundle {
  return { "text/plain": `${parameter} = ${value}: ${verdict}` };
}

/** Beyond this ratio of the ends an axis is logarithmic. */
const linearUpTo = 50;

/** The curves: time over the parameter, a line for each side with its intervals. */
export function seriesBundle({ parameter, points }: BenchSeries): MimeBundle {
  const names = [...new Set(points.flatMap(({ result }) => result.sides.map(({ name }) => name)))];
  const at = points.map(({ value }, index) => (typeof value === "number" ? value : index + 1));
  const times = points.flatMap(({ result }) => result.sides.map(({ time }) => time.value));
  const last = points.at(-1);
  const spec: SpecOf<"lines"> = {
    type: "lines",
    title: last ? `At ${parameter} = ${last.value}: ${last.result.verdict}` : "Nothing was measured.",
    x: { label: parameter, scale: wide(at) ? "log" : "linear" },
    y: {
      label: "Time of one call: median with its 95 % interval",
      unit: "s",
      scale: wide(times) ? "log" : "linear",
    },
    series: names.map((name) => {
      const found = points.map(({ result }) => result.sides.find((side) => side.name === name)?.time);
      return {
        name,
        x: at,
        y: found.map((time) => time?.value ?? null),
        low: found.map((time) => time?.interval?.[0] ?? null),
        high: found.map((time) => time?.interval?.[1] ?? null),
      };
    }),
    notes: missing(points),
    footer: points.slice(0, -1).map(({ value, result }) => `${parameter} = ${value}: ${result.verdict}`),
  };
  return chartBundle(spec);
}

function wide(values: readonly number[]): boolean {
  return values.every((value) => value > 0) && Math.max(...values) > linearUpTo * Math.min(...values);
}

function missing(points: BenchSeries["points"]): string[] {
  const names = new Set(
    points.flatMap(({ result }) => result.notRun.map(({ name, why }) => `${name} was not run: ${why}`)),
  );
  return [...names];
}

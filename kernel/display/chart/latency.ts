import { extent, quantile, quantileSorted } from "d3-array";
import { duration } from "./format.ts";
import type { Layer } from "./layers.ts";
import type { Plane } from "./plane.ts";
import { extentOf } from "./scale.ts";
import type { SpecOf } from "./spec.ts";

type Spec = SpecOf<"latency">;
type Series = Spec["series"][number];

const time = { label: "Time", unit: "s" };
const latencyAxis = { label: "Latency", unit: "s", scale: "log" } as const;

/** Each request's latency over time on a logarithmic axis, the collector's pauses at the foot. */
export function latencyPlane({ title, notes = [], footer = [], series }: Spec): Plane {
  const layers = series.flatMap((one, index): Layer[] => {
    const points = one.at.map((at, place) => [at, one.latency[place] ?? Number.NaN] as const);
    const { pauses = [] } = one;
    const feet = pauses.map(({ at, duration: long }) => ({
      x: at,
      tip: `${one.name}: the collector paused it for ${duration(long)} at ${duration(at)}`,
    }));
    const tips = one.at.map(
      (at, place) => `${one.name}: ${duration(one.latency[place] ?? 0)} at ${duration(at)}`,
    );
    const dots: Layer = { kind: "dots", series: index, points, tips, pale: true };
    return feet.length > 0 ? [dots, { kind: "feet", series: index, at: feet }] : [dots];
  });
  // Where the percentiles are given, the samples are a choice, and theirs would be others.
  const lines = series.flatMap((one, index) =>
    one.percentiles
      ? []
      : runningPercentiles(one).map((points): Layer => ({ kind: "line", series: index, points })),
  );
  const paused = series.some(({ pauses = [] }) => pauses.length > 0);
  const said = [
    ...(lines.length > 0 ? ["Lines: p50 and p99 as they went"] : []),
    ...(paused ? ["Ticks at the foot: pauses of the collector"] : []),
  ];
  const y = extentOf(
    series.flatMap(({ latency }) => latency),
    latencyAxis,
  );
  const [least, most] = y.domain;
  return {
    title,
    notes,
    subtitle: said.join(". "),
    footer,
    x: {
      ...extentOf(
        series.flatMap(({ at }) => at),
        time,
      ),
      spec: time,
    },
    y: {
      ...y,
      // The ticks at the foot have room of their own.
      domain: paused ? [least * (least / most) ** 0.06, most] : y.domain,
      spec: latencyAxis,
    },
    layers: [...layers, ...lines],
    legend: series.map((one, index) => {
      const found = percentilesOf(one);
      const shown = ["p50", "p99", "p99.9", "max"].filter((name) => name in found);
      return {
        series: index,
        name: one.name,
        text: shown.map((name) => `${name} ${duration(found[name] ?? 0)}`).join(", "),
      };
    }),
  };
}

/** A percentile needs so many samples to be one; and so many places make a line. */
const leastSamples = 50;
const mostWindows = 40;

/** How p50 and p99 went: of windows of time of one length, at the middle of each. */
function runningPercentiles({ at, latency }: Series): (readonly [number, number])[][] {
  const count = Math.min(mostWindows, Math.floor(at.length / leastSamples));
  const [from = 0, to = 0] = extent(at);
  if (count < 3 || from === to) return [];
  const windows = Array.from({ length: count }, (): number[] => []);
  at.forEach((one, place) => {
    const index = Math.min(count - 1, Math.floor(((one - from) / (to - from)) * count));
    windows[index]?.push(latency[place] ?? Number.NaN);
  });
  const middle = (index: number) => from + ((index + 0.5) / count) * (to - from);
  return [0.5, 0.99].map((share) =>
    windows.map((values, index) => [middle(index), quantile(values, share) ?? Number.NaN] as const),
  );
}

const quantiles = { p50: 0.5, p90: 0.9, p99: 0.99, "p99.9": 0.999, max: 1 };

/** The percentiles of a series in seconds: as given, else those of its samples. */
export function percentilesOf({ latency, percentiles }: Series): Readonly<Record<string, number>> {
  if (percentiles) return percentiles;
  if (latency.length === 0) return {};
  const sorted = latency.toSorted((a, b) => a - b);
  return Object.fromEntries(
    Object.entries(quantiles).map(([name, share]) => [name, quantileSorted(sorted, share) ?? 0]),
  );
}

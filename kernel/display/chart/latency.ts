import { quantileSorted } from "d3-array";
import { duration } from "./format.ts";
import type { Layer, Plane } from "./plane.ts";
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
    const dots: Layer = { kind: "dots", series: index, points, tips };
    return feet.length > 0 ? [dots, { kind: "feet", series: index, at: feet }] : [dots];
  });
  return {
    title,
    notes,
    subtitle: series.some(({ pauses = [] }) => pauses.length > 0)
      ? "Ticks at the foot: pauses of the collector"
      : "",
    footer,
    x: {
      ...extentOf(
        series.flatMap(({ at }) => at),
        time,
      ),
      spec: time,
    },
    y: {
      ...extentOf(
        series.flatMap(({ latency }) => latency),
        latencyAxis,
      ),
      spec: latencyAxis,
    },
    layers,
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

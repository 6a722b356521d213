import { bin, quantile } from "d3-array";
import type { Plane } from "./plane.ts";
import { extentOf } from "./scale.ts";
import type { SpecOf } from "./spec.ts";
import { unitOf } from "./units.ts";

type Spec = SpecOf<"histogram">;

/** How often which values occur: bins of one width, on a logarithmic axis of one ratio, the same for all series. */
export function histogramPlane(spec: Spec): Plane {
  const { title, notes = [], footer = [], value, series } = spec;
  const unit = unitOf(value.unit);
  const all = binsOf(spec);
  const most = Math.max(1, ...all.flatMap((bins) => bins.map(({ count }) => count)));
  const countAxis = { label: "How often", whole: true };
  const edges = all.flatMap((bins) => bins.flatMap(({ from, to }) => [from, to]));
  return {
    title,
    notes,
    subtitle: "",
    footer,
    x: { ...extentOf(edges, value), spec: value },
    y: { ...extentOf([0, most], countAxis, true), spec: countAxis },
    layers: all.map((bins, index) => ({
      kind: "bars",
      series: index,
      bars: bins.map(({ from, to, count }) => ({
        from,
        to,
        value: count,
        tip: `${series[index]?.name}: ${count} from ${unit.text(from)} to ${unit.text(to)}`,
      })),
    })),
    legend: series.map(({ name, values }, index) => ({
      series: index,
      name,
      text:
        values.length === 0
          ? "no values"
          : `median ${unit.text(quantile(values, 0.5) ?? 0)}, ${values.length} values`,
    })),
  };
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const binned = new WeakMap<Spec, Bin[][]>();

/** The bins of each series; the picture and the table ask for the same. */
export function binsOf(spec: Spec): Bin[][] {
  const bins = binned.get(spec) ?? makeBins(spec);
  binned.set(spec, bins);
  return bins;
}

function makeBins({ series, bins: wanted, value: { scale } }: Spec): Bin[][] {
  const log = scale === "log";
  const back = log ? (value: number) => 10 ** value : (value: number) => value;
  const placed = series.map(({ values }) =>
    log ? values.filter((value) => value > 0).map(Math.log10) : values,
  );
  const all = placed.flat();
  if (all.length === 0) return series.map(() => []);
  const [first = 0, last = 0] = ends(all);
  // One value alone stands in the middle of one bin.
  const around = first === last ? Math.abs(first) / 20 || 0.5 : 0;
  const [least, most] = [first - around, last + around];
  // The square root of their number, as spreadsheets do; few values need few bins to have a shape.
  const count =
    around > 0 ? 1 : (wanted ?? Math.max(5, Math.min(60, Math.ceil(Math.sqrt(all.length / series.length)))));
  const width = (most - least) / count;
  const thresholds = Array.from({ length: count - 1 }, (_, index) => least + (index + 1) * width);
  const make = bin()
    .domain([least, least + count * width])
    .thresholds(thresholds);
  return placed.map((values) =>
    make(values).map((one) => ({
      from: back(one.x0 ?? least),
      to: back(one.x1 ?? most),
      count: one.length,
    })),
  );
}

/** Of many values those that can be its ends: spreading all of them as arguments would overflow the stack. */
function ends(values: readonly number[]): number[] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

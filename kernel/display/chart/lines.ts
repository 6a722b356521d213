import type { Layer } from "./layers.ts";
import type { Plane } from "./plane.ts";
import { extentOf } from "./scale.ts";
import type { SpecOf } from "./spec.ts";
import { unitOf } from "./units.ts";

type Spec = SpecOf<"lines"> | SpecOf<"scatter">;
type Series = Spec["series"][number];

/** A chart of points, joined by lines or not. */
export function linesPlane(spec: Spec): Plane {
  const { title, notes = [], footer = [], x, y, series } = spec;
  const all = series.flatMap((one) => [one.y, one.low ?? [], one.high ?? []]).flat();
  const layers = series.flatMap((one, index) => layersOf(one, index, spec));
  return {
    title,
    notes,
    subtitle: "",
    footer,
    x: {
      ...extentOf(
        series.flatMap((one) => one.x),
        x,
      ),
      spec: x,
    },
    y: { ...extentOf(present(all), y), spec: y },
    layers,
    legend: series.map((one, index) => ({
      series: index,
      name: one.name,
      text: one.reference ? "" : spec.type === "lines" ? lastText(one, spec) : `${one.x.length} points`,
      ...(one.reference && { reference: "model" as const }),
    })),
  };
}

/** Beyond so many points a line has no marks of its own. */
const mostMarked = 60;

function layersOf(one: Series, index: number, spec: Spec): Layer[] {
  const points = one.x.map((x, place) => [x, one.y[place] ?? Number.NaN] as const);
  const layers: Layer[] = [];
  if (one.low && one.high) {
    const { low, high } = one;
    const intervals = one.x.map(
      (x, place) => [x, low[place] ?? Number.NaN, high[place] ?? Number.NaN] as const,
    );
    layers.push({ kind: "intervals", series: index, points: intervals });
  }
  const tips = () => one.x.map((_, place) => tipOf(one, place, spec));
  if (spec.type === "scatter" && !one.reference) {
    layers.push({ kind: "dots", series: index, points, tips: tips() });
  } else {
    const marked = !one.reference && points.length <= mostMarked;
    layers.push({
      kind: "line",
      series: index,
      points,
      ...(one.reference && { reference: "model" as const }),
      ...(marked && { tips: tips() }),
    });
  }
  return layers;
}

function tipOf(one: Series, place: number, { x, y }: Spec): string {
  const [low, high, value] = [one.low?.[place], one.high?.[place], one.y[place]];
  if (value === null || value === undefined) return "";
  const unit = unitOf(y.unit);
  const range =
    typeof low === "number" && typeof high === "number" ? ` (${unit.text(low)}–${unit.text(high)})` : "";
  return `${one.name}: ${unit.text(value)}${range} at ${x.label} ${unitOf(x.unit).text(one.x[place] ?? 0)}`;
}

/** What the line ends at. */
function lastText(one: Series, { x, y }: Spec): string {
  const last = one.y.findLastIndex((value) => value !== null);
  const value = one.y[last];
  if (value === null || value === undefined || one.x.length > mostMarked) return "";
  return `${unitOf(y.unit).text(value)} at ${unitOf(x.unit).text(one.x[last] ?? 0)}`;
}

function present(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

import { significant } from "./format.ts";
import type { Layer } from "./layers.ts";
import type { Plane } from "./plane.ts";
import { extentOf } from "./scale.ts";
import type { SpecOf } from "./spec.ts";

type Spec = SpecOf<"speedup">;
type Series = Spec["series"][number];

const workersAxis = { label: "Workers", whole: true };
const speedupAxis = { label: "Speed-up over one worker", unit: "×" };

/** Speed-up over workers, with the ideal (as many times as workers) and what Amdahl's law gives for the fitted part. */
export function speedupPlane({ title, notes = [], footer = [], series, cores }: Spec): Plane {
  const most = Math.max(2, ...series.flatMap(({ workers }) => workers));
  const reached = Math.max(1, ...series.flatMap(({ speedup, high = [] }) => [...speedup, ...high]));
  // The ideal is shown as far as it helps to see the measured.
  const laws = series.flatMap(({ parallel }) => (parallel === undefined ? [] : [amdahl(parallel, most)]));
  const top = Math.min(most, Math.max(reached * 1.6, ...laws));
  const ideal: Layer = {
    kind: "line",
    series: series.length,
    reference: "ideal",
    points: [
      [1, 1],
      [top, top],
    ],
  };
  const layers = series.flatMap((one, index) => layersOf(one, index, most));
  if (cores !== undefined && cores > 1 && cores < most) {
    layers.push({ kind: "rule", axis: "x", at: cores, text: `${cores} cores` });
  }
  return {
    title,
    notes,
    subtitle: "",
    footer,
    x: { ...extentOf([0, most], workersAxis, true), spec: workersAxis },
    y: { ...extentOf([0, top, reached, ...laws], speedupAxis, true), spec: speedupAxis },
    layers: [ideal, ...layers],
    legend: [
      ...series.map((one, index) => ({ series: index, name: one.name, text: bestText(one) })),
      { series: series.length, name: "ideal", text: "", reference: "ideal" },
      ...(laws.length > 0
        ? [{ series: series.length, name: "Amdahl's law", text: "", reference: "model" } as const]
        : []),
    ],
  };
}

function layersOf(one: Series, index: number, most: number): Layer[] {
  const { workers, speedup, low, high, parallel } = one;
  const layers: Layer[] = [];
  if (parallel !== undefined) {
    const steps = Array.from({ length: 60 }, (_, step) => 1 + ((most - 1) * step) / 59);
    layers.push({
      kind: "line",
      series: index,
      reference: "model",
      points: steps.map((at) => [at, amdahl(parallel, at)] as const),
    });
  }
  if (low && high) {
    const points = workers.map(
      (at, place) => [at, low[place] ?? Number.NaN, high[place] ?? Number.NaN] as const,
    );
    layers.push({ kind: "intervals", series: index, points });
  }
  const tips = workers.map(
    (at, place) => `${one.name}: × ${significant(speedup[place] ?? 0)} with ${at} workers`,
  );
  const points = workers.map((at, place) => [at, speedup[place] ?? Number.NaN] as const);
  layers.push({ kind: "line", series: index, points, tips });
  return layers;
}

/** Amdahl's law: the speed-up of work of which the part `parallel` runs on `workers` at once. */
export function amdahl(parallel: number, workers: number): number {
  return 1 / (1 - parallel + parallel / workers);
}

function bestText({ workers, speedup, parallel }: Series): string {
  const best = speedup.reduce((found, value, place) => (value > (speedup[found] ?? 0) ? place : found), 0);
  const reached = speedup[best];
  if (reached === undefined) return "";
  const fit = parallel === undefined ? "" : `, ${significant(parallel * 100)} % parallel`;
  return `× ${significant(reached)} at ${workers[best]}${fit}`;
}

import { type BarChart, barChart } from "./bars.ts";
import { drawGantt } from "./gantt.ts";
import { drawHeat } from "./heat.ts";
import { histogramPlane } from "./histogram.ts";
import { latencyPlane } from "./latency.ts";
import { linesPlane } from "./lines.ts";
import { drawPlane, type Placed, type View } from "./plane.ts";
import type { Scale } from "./scale.ts";
import type { ChartSpec, SpecOf } from "./spec.ts";
import { speedupPlane } from "./speedup.ts";
import type { SvgElement } from "./svg.ts";
import { unitOf } from "./units.ts";

/** A drawn chart, with its x axis where a part of it can be looked at closely. */
export interface Drawn {
  readonly drawing: SvgElement;
  readonly x?: Scale;
}

/** Draws any chart, `width` pixels wide; `view` shows a part of its x axis where it has one that can be zoomed. */
export function drawChart(spec: ChartSpec, width = 600, view?: View): Drawn {
  switch (spec.type) {
    case "bars":
      return { drawing: barChart(barsOf(spec), width) };
    case "heat":
      return { drawing: drawHeat(spec, width) };
    case "gantt":
      return drawGantt(spec, width, view);
    default:
      return placed(spec, width, view);
  }
}

function placed(
  spec: Exclude<ChartSpec, { type: "bars" | "heat" | "gantt" }>,
  width: number,
  view?: View,
): Placed {
  switch (spec.type) {
    case "lines":
    case "scatter":
      return drawPlane(linesPlane(spec), width, view);
    case "histogram":
      return drawPlane(histogramPlane(spec), width, view);
    case "latency":
      return drawPlane(latencyPlane(spec), width, view);
    case "speedup":
      return drawPlane(speedupPlane(spec), width, view);
  }
}

/** Nobody compares more bars than this in a picture; the table has them all. */
const mostBars = 200;

/** Bars as the drawing takes them, with their numbers written. */
export function barsOf({ title, notes = [], footer = [], value, rows }: SpecOf<"bars">): BarChart {
  const unit = unitOf(value.unit);
  const left = rows.length - mostBars;
  return {
    title,
    notes,
    footer: left > 0 ? [...footer, `${left} more rows are in the table.`] : footer,
    subtitle: value.label,
    tick: unit.tick,
    rows: rows.slice(0, mostBars).map((row) => {
      if ("missing" in row) return row;
      const { label, value: number, interval = null, note = "" } = row;
      const text = unit.text(number);
      const range = interval ? `(${unit.text(interval[0])}–${unit.text(interval[1])})` : "";
      const hover = [`${label}: ${text}`, range, note].filter((part) => part !== "").join(" ");
      return { label, value: number, interval, text, range, note, hover, best: false };
    }),
  };
}

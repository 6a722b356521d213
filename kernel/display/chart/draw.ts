import { type BarChart, barChart } from "./bars.ts";
import { drawFlame } from "./flame.ts";
import { footing, frame, heading, margin } from "./frame.ts";
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
  if (isEmpty(spec)) return { drawing: drawEmpty(spec, width) };
  switch (spec.type) {
    case "bars":
      return { drawing: barChart(barsOf(spec), width) };
    case "heat":
      return { drawing: drawHeat(spec, width) };
    case "gantt":
      return drawGantt(spec, width, view);
    case "flame":
      return drawFlame(spec, width, view);
    default:
      return placed(spec, width, view);
  }
}

/** Whether there is nothing to draw. */
function isEmpty(spec: ChartSpec): boolean {
  switch (spec.type) {
    case "bars":
      return spec.rows.length === 0;
    case "heat":
      return spec.cells.every((row) => row.every((value) => value === null));
    case "gantt":
      return spec.lanes.every(({ spans }) => spans.length === 0);
    case "flame":
      return spec.frames.every(({ start, end }) => end <= start);
    case "histogram":
      return spec.series.every(({ values }) => values.length === 0);
    case "latency":
      return spec.series.every(({ at }) => at.length === 0);
    case "speedup":
      return spec.series.every(({ workers }) => workers.length === 0);
    default:
      return spec.series.every(({ y }) => y.every((value) => value === null));
  }
}

/** The words around a chart that has no values, and that it has none. */
function drawEmpty({ title, notes = [], footer = [] }: ChartSpec, width: number): SvgElement {
  const words = { title, notes, subtitle: "There are no values to draw.", footer };
  const content: SvgElement[] = [];
  const y = footing(content, words, heading(content, words, width), width);
  const height = Math.ceil(y + margin);
  return frame(title, [...notes, words.subtitle, ...footer], { width, height, content });
}

function placed(
  spec: Exclude<ChartSpec, { type: "bars" | "heat" | "gantt" | "flame" }>,
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
      const said = interval ? unit.estimate(number, interval) : { value: unit.text(number), range: "" };
      const text = said.value;
      const range = said.range && `(${said.range})`;
      const hover = [`${label}: ${text}`, range, note].filter((part) => part !== "").join(" ");
      return { label, value: number, interval, text, range, note, hover, best: false };
    }),
  };
}

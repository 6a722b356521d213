import { type Axis, valueAxis } from "./axis.ts";
import { footing, frame, gap, heading, lineHeight, margin, round } from "./frame.ts";
import { element, type SvgElement } from "./svg.ts";
import { textWidth, wrap } from "./text-size.ts";
import { filled, fontSize, stroked } from "./theme.ts";

/** Horizontal bars with intervals. */
export interface BarChart {
  /** What the chart shows, as a sentence; broken into lines. */
  readonly title: string;
  /** What limits what the title says, a sentence each. */
  readonly notes: readonly string[];
  /** What the bars are the length of. */
  readonly subtitle: string;
  readonly rows: readonly BarRow[];
  /** Small print below. */
  readonly footer: readonly string[];
  /** A value of the axis with its unit; `among` are the others on the axis. */
  tick(value: number, among: readonly number[]): string;
}

export type BarRow = Bar | MissingBar;

export interface Bar {
  readonly label: string;
  /** Positive. */
  readonly value: number;
  readonly interval: readonly [low: number, high: number] | null;
  /** The value with its unit. */
  readonly text: string;
  /** The interval with its unit; empty without one. */
  readonly range: string;
  /** A second line, in few words. */
  readonly note: string;
  /** What to say on hovering. */
  readonly hover: string;
  /** Stands out by its colour. */
  readonly best: boolean;
}

/** A row without a bar. */
export interface MissingBar {
  readonly label: string;
  readonly missing: string;
}

const barHeight = 18;

/**
 * Draws the chart; rows carry `data-row` with their index.
 *
 * @param width of the drawing in pixels, 280 or more
 */
export function barChart(chart: BarChart, width = 600): SvgElement {
  const columns = layOut(chart, width);
  const bars = chart.rows.filter((row) => "value" in row);
  const values = bars.flatMap((bar) => [bar.value, ...(bar.interval ?? [])]);
  const axis = valueAxis(values, [columns.plot, columns.plotEnd], 76);
  const subtitle = `${chart.subtitle}${axis.logarithmic ? " (logarithmic axis)" : ""}`;

  const out: SvgElement[] = [];
  let y = heading(out, { ...chart, subtitle }, width) + gap;

  const rows: SvgElement[] = [];
  const grid = new Grid(axis);
  chart.rows.forEach((row, index) => {
    const labelLines = wrap(row.label, columns.labelWidth, fontSize.text);
    const missing = "missing" in row ? wrap(row.missing, width - margin - columns.plot, fontSize.small) : [];
    const lines = Math.max(labelLines.length, missing.length);
    const below = columns.below && "value" in row ? textsBelow(row, width - margin - columns.plot) : [];
    const height = Math.max(40, lines * lineHeight.small + 12) + below.length * lineHeight.small;
    const middle = y + (height - below.length * lineHeight.small) / 2;
    const parts = [labelOf(labelLines, columns.plot - gap, middle)];
    if ("value" in row) {
      const texts = columns.below
        ? block(
            below,
            columns.plot,
            middle + barHeight + (below.length * lineHeight.small) / 2 - 4,
            filled("text"),
          )
        : textsBeside(row, textStart(row, axis), middle);
      parts.unshift(element("title", {}, row.hover), ...drawBar(row, axis, middle), ...texts);
      const from = textStart(row, axis);
      if (columns.below) grid.add(y, middle + barHeight / 2 + 4 - y, { from: width, to: width });
      else grid.add(y, height, { from, to: from + beside(row) });
    } else {
      parts.push(...block(missing, columns.plot, middle, filled("muted")));
      grid.add(y, height, { from: columns.plot, to: width });
    }
    rows.push(element("g", { "data-row": index }, ...parts));
    y += height;
  });
  if (bars.length > 0) {
    out.push(grid.draw(), ...tickLabels(chart, axis, { y: y + lineHeight.text, right: width - margin }));
    y += lineHeight.text + 6;
  }
  out.push(...rows);
  y = footing(out, chart, y + gap / 2, width);
  const said = chart.rows.map((row) => ("value" in row ? row.hover : `${row.label}: ${row.missing}`));
  return frame(chart.title, [...chart.notes, `${chart.subtitle}.`, ...said, ...chart.footer], {
    width,
    height: Math.ceil(y + margin),
    content: out,
  });
}

interface Columns {
  readonly labelWidth: number;
  /** Pixels at which bars start, and where the longest ends. */
  readonly plot: number;
  readonly plotEnd: number;
  /** The texts stand below the bars: beside them there is no room. */
  readonly below: boolean;
}

const leastPlot = 90;
const leastLabel = 70;

/** Texts beside the bars take what they need, labels up to a third and what leaves room for bars; the bars have the rest. */
function layOut(chart: BarChart, width: number): Columns {
  const labels = Math.max(0, ...chart.rows.map((row) => textWidth(row.label, fontSize.text)));
  const texts = Math.max(0, ...chart.rows.map((row) => ("value" in row ? beside(row) : 0)));
  const left = width - 2 * margin - 2 * gap - texts - leastPlot;
  const labelWidth = Math.min(labels, width * 0.3, Math.max(leastLabel, left));
  const plot = margin + labelWidth + gap;
  const plotEnd = width - margin - gap - texts;
  const below = plotEnd < plot + leastPlot;
  return { labelWidth, plot, plotEnd: below ? width - margin - gap : plotEnd, below };
}

/** What stands below a bar, in lines of a width. */
function textsBelow({ text, range, note }: Bar, width: number): string[] {
  const first = wrap(range ? `${text} ${range}` : text, width, fontSize.small);
  return note ? [...first, ...wrap(note, width, fontSize.small)] : first;
}

/** Pixels that the text beside a bar needs. */
function beside({ text, range, note }: Bar): number {
  const first = textWidth(text, fontSize.text, true) + (range ? textWidth(` ${range}`, fontSize.small) : 0);
  return Math.max(first, textWidth(note, fontSize.small));
}

function drawBar(bar: Bar, axis: Axis, middle: number): SvgElement[] {
  const { start } = axis;
  const end = axis.at(bar.value);
  const parts = [
    element("rect", {
      x: start,
      y: middle - barHeight / 2,
      width: Math.max(1, end - start),
      height: barHeight,
      rx: 2,
      ...filled(bar.best ? "best" : "mark"),
    }),
  ];
  if (bar.interval) {
    const [low, high] = bar.interval.map((value) => axis.at(value)) as [number, number];
    const cap = barHeight / 4;
    const left = `M${round(low)} ${round(middle - cap)}v${2 * cap}m0 ${-cap}`;
    // A light edge, so that the line stands out from the bar it lies on.
    const edge = { fill: "none", stroke: "#fff", "stroke-width": 3.5, "stroke-opacity": 0.75 };
    parts.push(element("path", { d: `${left}H${round(Math.max(low, end))}`, ...edge }));
    const path = `${left}H${round(high)}m0 ${-cap}v${2 * cap}`;
    parts.push(element("path", { d: path, fill: "none", ...stroked("line", 1.5) }));
  }
  return parts;
}

/** What stands beside a bar, from `x`. */
function textsBeside(bar: Bar, x: number, middle: number): SvgElement[] {
  const parts: SvgElement[] = [];
  const bold = { "font-weight": 600, ...filled("text") };
  const range = { "font-size": fontSize.small, "font-weight": 400, ...filled("muted") };
  const first = element("text", { x, y: bar.note ? middle - 3 : middle + 4, ...bold }, bar.text);
  parts.push(
    bar.range
      ? { ...first, children: [...first.children, element("tspan", range, `\u00a0${bar.range}`)] }
      : first,
  );
  if (bar.note) {
    parts.push(
      element("text", { x, y: middle + 12, "font-size": fontSize.small, ...filled("muted") }, bar.note),
    );
  }
  return parts;
}

/** Where the text beside a bar starts. */
function textStart({ value, interval }: Bar, axis: Axis): number {
  return axis.at(Math.max(value, interval?.[1] ?? 0)) + gap;
}

/** The vertical lines of the ticks, left out where a row has text. */
class Grid {
  readonly #pixels: readonly number[];
  #path = "";

  constructor(axis: Axis) {
    this.#pixels = axis.ticks.map((tick) => axis.at(tick));
  }

  add(y: number, height: number, text: { from: number; to: number }): void {
    for (const x of this.#pixels) {
      const free = x < text.from - 2 || x > text.to + 2;
      if (free) this.#path += `M${round(x)} ${round(y)}v${height}`;
    }
  }

  draw(): SvgElement {
    return element("path", { d: this.#path, fill: "none", ...stroked("grid"), "stroke-opacity": 0.35 });
  }
}

function tickLabels(chart: BarChart, axis: Axis, { y, right }: { y: number; right: number }): SvgElement[] {
  let used = Number.NEGATIVE_INFINITY;
  return axis.ticks.flatMap((tick) => {
    const text = chart.tick(tick, axis.ticks);
    const half = textWidth(text, fontSize.small) / 2;
    const x = Math.max(margin + half, Math.min(axis.at(tick), right - half));
    if (x - half < used + 6) return [];
    used = x + half;
    const place = { x, y, "text-anchor": "middle", "font-size": fontSize.small };
    return [element("text", { ...place, ...filled("muted") }, text)];
  });
}

/** A row's label, right-aligned at `x`, its lines centred at `middle`. */
function labelOf(lines: readonly string[], x: number, middle: number): SvgElement {
  return element("g", { "text-anchor": "end" }, ...block(lines, x, middle, filled("text"), fontSize.text));
}

function block(
  lines: readonly string[],
  x: number,
  middle: number,
  fill: ReturnType<typeof filled>,
  size: number = fontSize.small,
): SvgElement[] {
  const first = middle + 4 - ((lines.length - 1) * lineHeight.small) / 2;
  return lines.map((line, index) =>
    element("text", { x, y: first + index * lineHeight.small, "font-size": size, ...fill }, line),
  );
}

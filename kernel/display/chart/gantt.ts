import { duration } from "./format.ts";
import { footing, frame, gap, heading, margin, paragraph, round } from "./frame.ts";
import { kindsLegend } from "./legend.ts";
import type { Placed, View } from "./plane.ts";
import { makeScale, type Scale } from "./scale.ts";
import type { SpecOf } from "./spec.ts";
import { element, type SvgElement } from "./svg.ts";
import { fitted, textWidth } from "./text-size.ts";
import { filled, fontSize, type Role, stroked } from "./theme.ts";

type Spec = SpecOf<"gantt">;
type Span = Spec["lanes"][number]["spans"][number];

const laneHeight = 24;
const time = { label: "Time", unit: "s" };

/** Kinds of time by their looks, which differ in shape and not in colour alone: full, framed, half as high, a line. */
const looks = ["full", "framed", "half", "line"] as const;
const roles: readonly Role[] = ["series0", "muted", "series1", "muted", "series2", "series4"];

/** Draws the lanes. */
export function drawGantt(spec: Spec, width: number, view?: View): Placed {
  const { title, notes = [], footer = [] } = spec;
  const words = { title, notes, footer, subtitle: "" };
  const kinds = kindsOf(spec);
  const out: SvgElement[] = [];
  let y = heading(out, words, width);
  const sample = (kind: number, x: number, base: number) => block(kind, x, x + 18, base - 4);
  y = kindsLegend(out, kinds, sample, y + 4, width) + gap;

  const names = spec.lanes.map(({ name }) => fitted(name, width * 0.25, fontSize.text));
  const left = margin + Math.max(20, ...names.map((name) => textWidth(name, fontSize.text))) + gap;
  const busy = spec.lanes.map(({ spans }) => busyShare(spans, kinds[0] ?? "", extent(spec)));
  // A lane of one other kind has no share to tell.
  const others = spec.lanes.map(({ spans }) => new Set(spans.map(({ kind = "work" }) => kind)));
  const shares = busy.map((share, index) => {
    const own = [...(others[index] ?? [])];
    return own.length === 1 && own[0] !== kinds[0] ? "" : `${Math.round(share * 100)} %`;
  });
  const right = width - margin - Math.max(...shares.map((text) => textWidth(text, fontSize.small)), 0) - gap;
  const x = makeScale({ domain: view?.x ?? extent(spec), log: false }, [left, right], 70, time);

  const lanes = spec.lanes.map(({ spans }) => rowsOf(spans));
  const base = y + lanes.reduce((sum, rows) => sum + Math.max(1, rows.length), 0) * laneHeight + 4;
  const grid = x.ticks.map((tick) => `M${round(x.at(tick))} ${round(y)}V${round(base)}`).join("");
  out.push(element("path", { d: grid, fill: "none", ...stroked("grid"), "stroke-opacity": 0.3 }));
  lanes.forEach((rows, index) => {
    const height = Math.max(1, rows.length) * laneHeight;
    const middle = y + height / 2;
    const label = { x: left - gap, y: middle + 4, "text-anchor": "end", ...filled("text") };
    out.push(element("text", label, names[index] ?? ""));
    rows.forEach((spans, row) => {
      out.push(...drawSpans(spans, kinds, x, y + (row + 0.5) * laneHeight));
    });
    y += height;
    const share = {
      x: width - margin,
      y: middle + 4,
      "text-anchor": "end",
      "font-size": fontSize.small,
      ...filled("muted"),
    };
    out.push(element("text", share, shares[index] ?? ""));
  });
  const muted = { "font-size": fontSize.small, ...filled("muted") };
  for (const tick of x.ticks) {
    const text = x.unit.tick(tick, x.ticks);
    const at = Math.min(x.at(tick), width - margin - textWidth(text, fontSize.small) / 2);
    out.push(element("text", { x: at, y: base + 14, "text-anchor": "middle", ...muted }, text));
  }
  const below = `Time from the start; at the right each lane's share of ${kinds[0] ?? "work"}`;
  const end = paragraph(out, below, { y: base + 19, width: width - 2 * margin, size: "small", muted: true });
  const height = Math.ceil(footing(out, words, end, width) + margin);
  const said = spec.lanes.map(
    ({ name, spans }, index) =>
      `${name}: ${spans.length} spans${shares[index] ? `, ${shares[index]} ${kinds[0] ?? ""}` : ""}.`,
  );
  return {
    drawing: frame(spec.title, [...words.notes, ...said, ...words.footer], { width, height, content: out }),
    x,
  };
}

/** From the first start to the last end. */
function extent({ lanes }: Spec): [number, number] {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { spans } of lanes) {
    for (const { start, end } of spans) {
      if (start < first) first = start;
      if (end > last) last = end;
    }
  }
  return first < last ? [first, last] : [0, 1];
}

/** In the order in which they first occur; the first is what lanes are there for. */
export function kindsOf({ lanes }: Spec): string[] {
  const kinds = new Set<string>();
  for (const { spans } of lanes) for (const { kind = "work" } of spans) kinds.add(kind);
  return [...kinds].sort((a, b) => Number(b === "work") - Number(a === "work"));
}

/** The share of the whole time in which spans of a kind ran; overlapping ones count once. */
export function busyShare(
  spans: readonly Span[],
  wanted: string,
  [from, to]: readonly [number, number],
): number {
  const sorted = spans.filter(({ kind = "work" }) => kind === wanted).sort((a, b) => a.start - b.start);
  let [sum, reached] = [0, Number.NEGATIVE_INFINITY];
  for (const { start, end } of sorted) {
    if (end <= reached) continue;
    sum += end - Math.max(start, reached);
    reached = end;
  }
  return sum / (to - from);
}

/** Beyond so many spans at once the rest lie on each other. */
const mostRows = 8;

/** Spans that overlap stand in rows of their own, each in the first that is free. */
export function rowsOf(spans: readonly Span[]): Span[][] {
  const rows: Span[][] = [];
  const ends: number[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    // Times that follow each other may differ in their last digit.
    const slack = (span.end - span.start) * 1e-6;
    const free = ends.findIndex((end) => end <= span.start + slack);
    const row = free === -1 ? Math.min(rows.length, mostRows - 1) : free;
    if (rows[row]) rows[row].push(span);
    else rows[row] = [span];
    ends[row] = Math.max(span.end, ends[row] ?? span.end);
  }
  return rows;
}

function drawSpans(spans: readonly Span[], kinds: readonly string[], x: Scale, middle: number): SvgElement[] {
  const [low, high] = x.domain;
  return spans
    .filter(({ start, end }) => end >= low && start <= high)
    .map(({ start, end, label = "", kind = "work" }) => {
      const [a, b] = [x.at(Math.max(start, low)), x.at(Math.min(end, high))];
      const rect = block(kinds.indexOf(kind), a, b, middle);
      const tip = `${label || kind}: ${duration(end - start)}, from ${duration(start)} to ${duration(end)}`;
      const children: SvgElement[] = [element("title", {}, tip), rect];
      if (label && kinds.indexOf(kind) % looks.length === 0 && textWidth(label, fontSize.small) < b - a - 6) {
        const place = {
          x: (a + b) / 2,
          y: middle + 4,
          "text-anchor": "middle",
          "font-size": fontSize.small,
          ...filled("onMark"),
        };
        children.push(element("text", place, label));
      }
      return element("g", {}, ...children);
    });
}

function block(kind: number, a: number, b: number, middle: number): SvgElement {
  const role = roles[kind % roles.length] ?? "mark";
  const width = Math.max(0.75, b - a - 0.5);
  switch (looks[kind % looks.length]) {
    case "framed":
      return element("rect", { x: a, y: middle - 7, width, height: 14, fill: "none", ...stroked(role) });
    case "half":
      return element("rect", { x: a, y: middle - 1, width, height: 8, ...filled(role) });
    case "line":
      return element("rect", { x: a, y: middle - 1.5, width, height: 3, ...filled(role) });
    default:
      return element("rect", { x: a, y: middle - 8, width, height: 16, rx: 1.5, ...filled(role) });
  }
}

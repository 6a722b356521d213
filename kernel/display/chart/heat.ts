import { footing, frame, gap, heading, margin } from "./frame.ts";
import type { SpecOf } from "./spec.ts";
import { element, type SvgElement } from "./svg.ts";
import { fitted, textWidth } from "./text-size.ts";
import { filled, fontSize, stroked } from "./theme.ts";
import { unitOf } from "./units.ts";

type Spec = SpecOf<"heat">;

const cellHeight = 28;

/** Draws a cell for each pair: its depth of colour tells its size, its number says it. */
export function drawHeat(spec: Spec, width: number): SvgElement {
  const { title, notes = [], footer = [] } = spec;
  const words = { title, notes, footer, subtitle: legendText(spec) };
  const out: SvgElement[] = [];
  let y = heading(out, words, width) + gap;
  const unit = unitOf(spec.value.unit);
  const rows = spec.y.values.map((name) => fitted(name, width * 0.25, fontSize.text));
  const left =
    margin +
    Math.max(
      textWidth(fitted(spec.y.label, width * 0.25, fontSize.small), fontSize.small),
      ...rows.map((name) => textWidth(name, fontSize.text)),
      20,
    ) +
    gap;
  const cell = (width - margin - left) / Math.max(1, spec.x.values.length);
  const muted = { "font-size": fontSize.small, ...filled("muted") };

  const middle = (left + width - margin) / 2;
  out.push(
    element(
      "text",
      { x: middle, y: y + 9, "text-anchor": "middle", ...muted },
      fitted(spec.x.label, width - left, fontSize.small),
    ),
  );
  y += 16;
  // Where not all names fit, every nth stands.
  const widest = Math.max(0, ...spec.x.values.map((name) => textWidth(name, fontSize.small)));
  const step = Math.max(1, Math.ceil((Math.min(widest, cell * 4) + 6) / cell));
  spec.x.values.forEach((name, index) => {
    if (index % step !== 0) return;
    const text = fitted(name, cell * step - 2, fontSize.small);
    // Where some are left out, each starts at its own cell and runs over those of the others.
    const place =
      step > 1 ? { x: left + index * cell + 2 } : { x: left + (index + 0.5) * cell, "text-anchor": "middle" };
    out.push(element("text", { ...place, y: y + 10, ...muted }, text));
  });
  out.push(
    element(
      "text",
      { x: left - gap, y: y + 10, "text-anchor": "end", ...muted },
      fitted(spec.y.label, width * 0.25, fontSize.small),
    ),
  );
  y += 16;
  const depth = depthOf(spec);
  spec.y.values.forEach((name, row) => {
    const label = { x: left - gap, y: y + cellHeight / 2 + 4, "text-anchor": "end", ...filled("text") };
    out.push(element("text", label, rows[row] ?? ""));
    const cells: SvgElement[] = [];
    spec.x.values.forEach((column, index) => {
      const value = spec.cells[row]?.[index] ?? null;
      const x = left + index * cell;
      const text = value === null ? "–" : unit.text(value);
      const tip = `${name}, ${column}: ${value === null ? "not measured" : text}`;
      cells.push(drawCell({ x, y, width: cell - 2, text, tip }, value === null ? undefined : depth(value)));
    });
    out.push(element("g", numberStyle, ...cells));
    y += cellHeight;
  });
  const height = Math.ceil(footing(out, words, y + gap, width) + margin);
  return frame(spec.title, [...words.notes, `${words.subtitle}.`, ...said(spec), ...words.footer], {
    width,
    height,
    content: out,
  });
}

interface Depth {
  readonly role: "series0" | "series1";
  /** 0 to 1. */
  readonly share: number;
}

const numberStyle = { "text-anchor": "middle", "font-size": fontSize.small, "font-weight": 600 };

function drawCell(
  { x, y, width, text, tip }: { x: number; y: number; width: number; text: string; tip: string },
  depth: Depth | undefined,
): SvgElement {
  const children = [element("title", {}, tip)];
  const height = cellHeight - 2;
  if (depth) {
    const { fill, class: role } = fills[depth.role];
    const box = {
      x: x + 1,
      y: y + 1,
      width,
      height,
      rx: 2,
      fill,
      class: role,
      "fill-opacity": opacityOf(depth),
    };
    children.push(element("rect", box));
    if (depth.role === "series1") {
      children.push(element("rect", { x: x + 1, y: y + 1, width, height, rx: 2, ...edge }));
    }
  }
  if (textWidth(text, fontSize.small) <= width - 2) {
    const { fill, class: role } = fills[depth && isDeep(depth) ? "onMark" : "text"];
    const place = { x: x + 1 + width / 2, y: y + cellHeight / 2 + 4, fill, class: role };
    children.push(element("text", place, text));
  }
  return element("g", {}, ...children);
}

const fills = {
  series0: filled("series0"),
  series1: filled("series1"),
  onMark: filled("onMark"),
  text: filled("text"),
};

/** Of cells below the centre, which are so told without colour too. */
const edge = { fill: "none", ...stroked("series1"), "stroke-dasharray": "3 2" };

/** White stands out on deep cells, the text's own colour on light ones; between the two there is nothing. */
const isDeep = ({ share }: Depth) => share > 0.5;
const opacityOf = (depth: Depth) => (isDeep(depth) ? 0.7 + 0.3 * depth.share : 0.06 + 0.5 * depth.share);

/** How deep a value's colour is: by its place between the ends, or its distance from the centre. */
function depthOf({ cells, value: { scale }, center }: Spec): (value: number) => Depth {
  const place =
    scale === "log"
      ? (value: number) => Math.log(Math.max(value, Number.MIN_VALUE))
      : (value: number) => value;
  const all = cells
    .flat()
    .filter((value) => value !== null)
    .map(place);
  if (center !== undefined) {
    const middle = place(center);
    const most = Math.max(...all.map((value) => Math.abs(value - middle)), Number.MIN_VALUE);
    return (value) => ({
      role: value >= center ? "series0" : "series1",
      share: Math.abs(place(value) - middle) / most,
    });
  }
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return (value) => ({
    role: "series0",
    share: most > least ? (place(value) - least) / (most - least) : 0.5,
  });
}

function legendText({ value, center }: Spec): string {
  const unit = unitOf(value.unit);
  if (center === undefined) return `${value.label}; the deeper the more`;
  return `${value.label}; the deeper the further from ${unit.text(center)}, blue above it, orange with a dashed edge below`;
}

function said({ x, y, cells, value }: Spec): string[] {
  const unit = unitOf(value.unit);
  return y.values.map((name, row) => {
    const all = x.values.map((column, index) => {
      const one = cells[row]?.[index] ?? null;
      return `${column} ${one === null ? "not measured" : unit.text(one)}`;
    });
    return `${name}: ${all.join(", ")}.`;
  });
}

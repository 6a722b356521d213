import { footing, frame, gap, heading, margin, paragraph, round } from "./frame.ts";
import { kindsLegend } from "./legend.ts";
import type { Placed, View } from "./plane.ts";
import { makeScale } from "./scale.ts";
import type { SpecOf } from "./spec.ts";
import { element, type SvgElement } from "./svg.ts";
import { fitted, textWidth } from "./text-size.ts";
import { filled, fontSize, type Role } from "./theme.ts";
import { type Unit, unitOf } from "./units.ts";

type Spec = SpecOf<"flame">;
type Frame = Spec["frames"][number];

const rowHeight = 19;
/** Rows beyond these are not drawn; a table and a profiler have them. */
const mostRows = 40;
/** What is narrower is not drawn, in pixels. */
const leastWidth = 0.5;

const roles: readonly Role[] = ["series0", "series1", "series2", "series4", "series3", "series5"];

/** Draws callers above what they called, each as wide as the share that it took. */
export function drawFlame(spec: Spec, width: number, view?: View): Placed {
  const { title, notes = [], value } = spec;
  const unit = unitOf(value.unit);
  const total = totalOf(spec);
  const deepest = spec.frames.reduce((most, { depth }) => Math.max(most, depth), 0);
  const hidden = deepest + 1 - mostRows;
  const more = hidden > 0 ? [`${hidden} deeper levels of calls are not drawn.`] : [];
  const footer = [...more, ...(spec.footer ?? [])];
  const words = { title, notes, footer, subtitle: "" };
  const out: SvgElement[] = [];
  const kinds = kindsOf(spec.frames);
  let y = heading(out, words, width) + 4;
  if (kinds.length > 1) y = kindsLegend(out, kinds, sample, y, width);
  y += gap;
  const x = makeScale({ domain: view?.x ?? [0, total], log: false }, [margin, width - margin], 80, value);
  const rows = Math.min(mostRows, deepest + 1);
  const drawn = spec.frames.filter(
    ({ depth, start, end }) => depth < rows && end > x.domain[0] && start < x.domain[1],
  );
  for (const one of drawn) {
    const [a, b] = [Math.max(margin, x.at(one.start)), Math.min(width - margin, x.at(one.end))];
    if (b - a < leastWidth) continue;
    const role = roleAt(Math.max(0, kinds.indexOf(one.kind ?? "")));
    out.push(drawFrame(one, role, { a, b, y: y + one.depth * rowHeight }, tipOf(one, total, unit)));
  }
  y += rows * rowHeight;
  const muted = { "font-size": fontSize.small, ...filled("muted") };
  for (const tick of x.ticks) {
    const text = x.unit.tick(tick, x.ticks);
    const half = textWidth(text, fontSize.small) / 2;
    const at = Math.min(Math.max(x.at(tick), margin + half), width - margin - half);
    out.push(element("text", { x: round(at), y: y + 14, "text-anchor": "middle", ...muted }, text));
  }
  const below = `${value.label}; what is called stands below its caller`;
  y = paragraph(out, below, { y: y + 19, width: width - 2 * margin, size: "small", muted: true });
  const height = Math.ceil(footing(out, words, y, width) + margin);
  const said = spec.frames
    .filter(({ depth }) => depth < 3)
    .toSorted((one, other) => other.end - other.start - (one.end - one.start))
    .slice(0, 10)
    .map((one) => `${tipOf(one, total, unit)}.`);
  return {
    drawing: frame(title, [...notes, ...said, ...footer], { width, height, content: out }),
    x,
  };
}

/** From the left of all to the right of all. */
export const totalOf = ({ frames }: Spec): number =>
  frames.reduce((most, { end }) => Math.max(most, end), 0) || 1;

/** In the order in which they first occur. */
const kindsOf = (frames: readonly Frame[]): string[] => [
  ...new Set(frames.flatMap(({ kind }) => (kind === undefined ? [] : [kind]))),
];

function tipOf({ label, place, start, end }: Frame, total: number, unit: Unit): string {
  const where = place === undefined ? "" : ` (${place})`;
  return `${label}${where}: ${unit.text(end - start)}, ${((100 * (end - start)) / total).toFixed(1)} %`;
}

function drawFrame(
  { label, place }: Frame,
  role: Role,
  { a, b, y }: { a: number; b: number; y: number },
  tip: string,
): SvgElement {
  const width = Math.max(leastWidth, b - a - 0.5);
  const box = { x: round(a), y, width: round(width), height: rowHeight - 1, rx: 1.5, ...filled(role) };
  const children = [element("title", {}, tip), element("rect", box)];
  const text = nameThatFits(label, place, b - a - 8);
  if (text !== "") {
    const at = { x: round(a + 4), y: y + 13, "font-size": fontSize.small, ...filled("onMark") };
    children.push(element("text", at, text));
  }
  return element("g", {}, ...children);
}

/** The name with its place, without, or cut; nothing where hardly a letter fits. */
function nameThatFits(label: string, place: string | undefined, room: number): string {
  if (room < 14) return "";
  const whole = place === undefined ? label : `${label}  ${place}`;
  if (textWidth(whole, fontSize.small) <= room) return whole;
  const text = fitted(label, room, fontSize.small);
  return text === "…" ? "" : text;
}

function sample(index: number, x: number, y: number): SvgElement {
  return element("rect", { x, y: y - 9, width: 18, height: 10, rx: 1.5, ...filled(roleAt(index)) });
}

const roleAt = (kind: number): Role => roles[kind % roles.length] ?? "mark";

import { footing, frame, gap, heading, lineHeight, margin, round, type Words } from "./frame.ts";
import { type Area, drawLayer, type Layer } from "./layers.ts";
import { type LegendEntry, seriesLegend } from "./legend.ts";
import { type Extent, makeScale, type Scale, type ScaledAxis } from "./scale.ts";
import { element, type SvgElement } from "./svg.ts";
import { fitted, textWidth } from "./text-size.ts";
import { filled, fontSize, stroked } from "./theme.ts";

/** A drawing with two axes. */
export interface Plane extends Words {
  readonly x: PlaneAxis;
  readonly y: PlaneAxis;
  readonly layers: readonly Layer[];
  readonly legend: readonly LegendEntry[];
}

export interface PlaneAxis extends Extent {
  readonly spec: ScaledAxis;
}

/** Part of an axis that is looked at closely, in values. */
export interface View {
  readonly x: readonly [number, number];
}

/** The pixels of a plane's axes: for those who turn a place of the pointer into values. */
export interface Placed {
  readonly drawing: SvgElement;
  readonly x: Scale;
}

const plotHeight = 230;

/** Draws a plane; `view` shows a part of its x axis. */
export function drawPlane(plane: Plane, width: number, view?: View): Placed {
  const out: SvgElement[] = [];
  let top = heading(out, plane, width);
  top = seriesLegend(out, plane.legend, top + 4, width) + gap;

  const y = makeScale(plane.y, [top + plotHeight, top + lineHeight.small], 34, plane.y.spec);
  const yTexts = y.ticks.map((tick) => fitted(y.unit.tick(tick, y.ticks), width * 0.3, fontSize.small));
  const left = margin + Math.max(...yTexts.map((text) => textWidth(text, fontSize.small)), 12) + 6;
  const right = width - margin - 10;
  const xExtent = view ? { ...plane.x, domain: view.x } : plane.x;
  const x = makeScale(xExtent, [left, right], 74, plane.x.spec);

  const muted = { "font-size": fontSize.small, ...filled("muted") };
  out.push(
    element(
      "text",
      { x: margin, y: top + 2, ...muted },
      fitted(axisLabel(plane.y), width - 2 * margin, fontSize.small),
    ),
  );
  const grid = y.ticks.map((tick) => `M${round(left)} ${round(y.at(tick))}H${round(right)}`).join("");
  out.push(element("path", { d: grid, fill: "none", ...stroked("grid"), "stroke-opacity": 0.3 }));
  const base = top + plotHeight;
  out.push(
    element("path", {
      d: `M${round(left)} ${round(base)}H${round(right)}`,
      fill: "none",
      ...stroked("grid"),
    }),
  );
  y.ticks.forEach((tick, index) => {
    const place = { x: left - 6, y: y.at(tick) + 4, "text-anchor": "end" };
    out.push(element("text", { ...place, ...muted }, yTexts[index] ?? ""));
  });
  let used = Number.NEGATIVE_INFINITY;
  for (const tick of x.ticks) {
    const text = x.unit.tick(tick, x.ticks);
    const half = textWidth(text, fontSize.small) / 2;
    const at = Math.min(Math.max(x.at(tick), margin + half), width - margin - half);
    out.push(
      element("path", { d: `M${round(x.at(tick))} ${round(base)}v4`, fill: "none", ...stroked("grid") }),
    );
    // Ticks of a logarithmic axis can stand close together.
    if (at - half < used + 6) continue;
    used = at + half;
    out.push(element("text", { x: at, y: base + 16, "text-anchor": "middle", ...muted }, text));
  }
  out.push(
    element(
      "text",
      { x: (left + right) / 2, y: base + 32, "text-anchor": "middle", ...muted },
      fitted(axisLabel(plane.x), right - left, fontSize.small),
    ),
  );
  const area: Area = { x, y, left, right, top: top + lineHeight.small, base };
  for (const layer of plane.layers) out.push(...drawLayer(layer, area));
  const end = footing(out, plane, base + 32 + gap, width);
  const height = Math.ceil(end + margin);
  return {
    drawing: frame(
      plane.title,
      [
        ...plane.notes,
        ...(plane.subtitle ? [`${plane.subtitle}.`] : []),
        ...described(plane),
        ...plane.footer,
      ],
      {
        width,
        height,
        content: out,
      },
    ),
    x,
  };
}

const axisLabel = ({ spec, log }: PlaneAxis) => `${spec.label}${log ? " (logarithmic)" : ""}`;

function described({ legend, x, y }: Plane): string[] {
  return [
    `${axisLabel(y)} over ${axisLabel(x)}.`,
    ...legend.map(({ name, text }) => `${name}${text && `: ${text}`}.`),
  ];
}

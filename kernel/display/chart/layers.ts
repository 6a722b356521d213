import { round } from "./frame.ts";
import type { Scale } from "./scale.ts";
import { lineStyle, markAt, type Reference, roleOf } from "./series-style.ts";
import { element, type SvgElement } from "./svg.ts";
import { textWidth } from "./text-size.ts";
import { filled, fontSize, stroked } from "./theme.ts";

/** What is drawn, from back to front. */
export type Layer =
  | {
      kind: "line";
      series: number;
      points: readonly (readonly [x: number, y: number])[];
      /** Drawn without marks. */
      reference?: Reference;
      /** Texts on hovering, by point; marks are drawn where they are given. */
      tips?: readonly string[];
    }
  | {
      kind: "dots";
      series: number;
      /** Behind a line of the same colour. */
      pale?: boolean;
      points: readonly (readonly [x: number, y: number])[];
      tips?: readonly string[];
    }
  /** Intervals: as an area behind a line of many points, else as whiskers. */
  | {
      kind: "intervals";
      series: number;
      points: readonly (readonly [x: number, low: number, high: number])[];
    }
  | {
      kind: "bars";
      series: number;
      bars: readonly { from: number; to: number; value: number; tip: string }[];
    }
  | { kind: "rule"; axis: "x" | "y"; at: number; text: string }
  /** Ticks at the foot of the plane. */
  | { kind: "feet"; series: number; at: readonly { x: number; tip: string }[] };

/** Where a plane's layers are drawn, in pixels. */
export interface Area {
  readonly x: Scale;
  readonly y: Scale;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly base: number;
}

/** Draws a layer. */
export function drawLayer(layer: Layer, area: Area): SvgElement[] {
  switch (layer.kind) {
    case "line":
      return drawLine(layer, area);
    case "dots":
      return drawDots(layer, area);
    case "intervals":
      return drawIntervals(layer, area);
    case "bars":
      return drawBars(layer, area);
    case "rule":
      return drawRule(layer, area);
    case "feet":
      return layer.at
        .filter(({ x }) => inside(area, x))
        .map(({ x, tip }) =>
          element(
            "path",
            {
              d: `M${round(area.x.at(x))} ${round(area.base)}v-9`,
              fill: "none",
              ...stroked(roleOf(layer.series), 2.5),
            },
            element("title", {}, tip),
          ),
        );
  }
}

const inside = ({ x }: Area, value: number) => value >= x.domain[0] && value <= x.domain[1];
const drawable = ({ x, y }: Area, [a, b]: readonly [number, number]) =>
  Number.isFinite(a) && Number.isFinite(b) && (!x.log || a > 0) && (!y.log || b > 0);

function drawLine(
  { series, points, reference, tips }: Extract<Layer, { kind: "line" }>,
  area: Area,
): SvgElement[] {
  let d = "";
  let pen = false;
  for (const point of visible(points, area)) {
    // A gap in the data is a gap in the line.
    const ok = drawable(area, point);
    if (ok) d += `${pen ? "L" : "M"}${round(area.x.at(point[0]))} ${round(area.y.at(point[1]))}`;
    pen = ok;
  }
  const line = element("path", { d, ...lineStyle(series, reference) });
  return tips ? [line, ...drawDots({ kind: "dots", series, points, tips }, area)] : [line];
}

/** The points in view, with the nearest on either side: the line goes on to the edge. */
function visible(
  points: readonly (readonly [number, number])[],
  area: Area,
): readonly (readonly [number, number])[] {
  const first = points.findIndex(([x]) => inside(area, x));
  if (first === -1) return [];
  const last = points.findLastIndex(([x]) => inside(area, x));
  const kept = points.slice(first, last + 1);
  const edge = (
    from: readonly [number, number] | undefined,
    to: readonly [number, number] | undefined,
    x: number,
  ) => {
    if (!from || !to || !drawable(area, from) || !drawable(area, to)) return [];
    const share = (area.x.at(x) - area.x.at(from[0])) / (area.x.at(to[0]) - area.x.at(from[0]));
    const pixel = area.y.at(from[1]) + share * (area.y.at(to[1]) - area.y.at(from[1]));
    return [[x, area.y.value(pixel)] as const];
  };
  const [low, high] = area.x.domain;
  return [
    ...edge(points[first - 1], points[first], low),
    ...kept,
    ...edge(points[last], points[last + 1], high),
  ];
}

/** More marks than this say nothing alone: they are drawn as one shape, without texts. */
const mostMarks = 500;

function drawDots(
  { series, points, pale, tips }: Extract<Layer, { kind: "dots" }>,
  area: Area,
): SvgElement[] {
  const shown = points
    .map((point, index) => ({ point, tip: tips?.[index] }))
    .filter(({ point }) => drawable(area, point) && inside(area, point[0]));
  if (shown.length > mostMarks) {
    const seen = new Set<string>();
    let d = "";
    for (const { point } of shown) {
      const at = `${Math.round(area.x.at(point[0]))} ${Math.round(area.y.at(point[1]))}`;
      if (!seen.has(at)) d += `M${at}h0`;
      seen.add(at);
    }
    return [
      element("path", {
        d,
        fill: "none",
        // Round and small, or square and larger: told apart without colour too.
        ...stroked(roleOf(series), series % 2 === 0 ? 3 : 3.5),
        "stroke-linecap": series % 2 === 0 ? "round" : "square",
        "stroke-opacity": pale ? 0.4 : 0.7,
      }),
    ];
  }
  return shown.map(({ point, tip }) => {
    const mark = markAt(series, area.x.at(point[0]), area.y.at(point[1]));
    return tip ? { ...mark, children: [element("title", {}, tip)] } : mark;
  });
}

function drawIntervals({ series, points }: Extract<Layer, { kind: "intervals" }>, area: Area): SvgElement[] {
  const { x, y } = area;
  const kept = points.filter(
    ([at, low, high]) => inside(area, at) && drawable(area, [at, low]) && drawable(area, [at, high]),
  );
  if (kept.length > 12) {
    const there = kept.map(([at, , high]) => `${round(x.at(at))} ${round(y.at(high))}`);
    const back = kept.toReversed().map(([at, low]) => `${round(x.at(at))} ${round(y.at(low))}`);
    return [
      element("path", {
        d: `M${[...there, ...back].join("L")}z`,
        ...filled(roleOf(series)),
        "fill-opacity": 0.18,
      }),
    ];
  }
  const d = kept
    .map(([at, low, high]) => {
      const [px, from, to] = [round(x.at(at)), round(y.at(low)), round(y.at(high))];
      return `M${px - 4} ${from}h8m-4 0V${to}m-4 0h8`;
    })
    .join("");
  return [element("path", { d, fill: "none", ...stroked(roleOf(series), 1.25) })];
}

function drawBars({ series, bars }: Extract<Layer, { kind: "bars" }>, area: Area): SvgElement[] {
  // The outline has the series' dashes, so that series over each other are told apart without colour too.
  let outline = "";
  const shown = bars
    .filter(({ from, to, value }) => value > 0 && inside(area, (from + to) / 2))
    .map(({ from, to, value, tip }) => {
      const [a, b] = [area.x.at(from), area.x.at(to)];
      const top = area.y.at(value);
      outline += `M${round(a)} ${round(area.base)}V${round(top)}H${round(b)}V${round(area.base)}`;
      return element(
        "rect",
        {
          x: a,
          y: top,
          width: Math.max(1, b - a),
          height: Math.max(0.5, area.base - top),
          ...filled(roleOf(series)),
          "fill-opacity": 0.4,
        },
        element("title", {}, tip),
      );
    });
  return shown.length > 0 ? [...shown, element("path", { d: outline, ...lineStyle(series) })] : [];
}

function drawRule({ axis, at, text }: Extract<Layer, { kind: "rule" }>, area: Area): SvgElement[] {
  const dash = { fill: "none", ...stroked("line", 1.25), "stroke-dasharray": "4 3" };
  const label = { "font-size": fontSize.small, ...filled("text") };
  if (axis === "y") {
    if (at < area.y.domain[0] || at > area.y.domain[1]) return [];
    const y = area.y.at(at);
    return [
      element("path", { d: `M${round(area.left)} ${round(y)}H${round(area.right)}`, ...dash }),
      element("text", { x: area.right, y: y - 4, "text-anchor": "end", ...label }, text),
    ];
  }
  if (!inside(area, at)) return [];
  const x = area.x.at(at);
  const after = x + 6 + textWidth(text, fontSize.small) < area.right;
  return [
    element("path", { d: `M${round(x)} ${round(area.top)}V${round(area.base)}`, ...dash }),
    element(
      "text",
      { x: x + (after ? 5 : -5), y: area.top + 8, "text-anchor": after ? "start" : "end", ...label },
      text,
    ),
  ];
}

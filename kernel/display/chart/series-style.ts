import { round } from "./frame.ts";
import { element, type SvgElement } from "./svg.ts";
import { filled, type Role, stroked } from "./theme.ts";

/** How series are told apart: by colour, by shape and by dashes, so that grey print and any eye tells them too. */
const roles: readonly Role[] = ["series0", "series1", "series2", "series3", "series4", "series5"];
const dashes: readonly (string | undefined)[] = [undefined, "7 3", "2 3", "9 3 2 3", "12 4", "4 2 1 2"];

export const roleOf = (index: number): Role => roles[index % roles.length] ?? "mark";

/** A line that nothing was measured for: what would be best (dashed), or what a model says (dotted). */
export type Reference = "ideal" | "model";

const referenceDashes = { ideal: "8 4", model: "1.5 3" } as const;

/** Attributes of a series' line. */
export function lineStyle(index: number, reference?: Reference): Record<string, string | number> {
  // The seventh series has the colour and the mark of the first, and the next dashes.
  const dash = reference
    ? referenceDashes[reference]
    : dashes[(index + Math.floor(index / dashes.length)) % dashes.length];
  return {
    fill: "none",
    ...stroked(reference ? "muted" : roleOf(index), reference ? 1.5 : 1.75),
    ...(dash && { "stroke-dasharray": dash }),
    "stroke-linejoin": "round",
  };
}

/** A series' mark at a place. */
export function markAt(index: number, x: number, y: number, size = 3.5): SvgElement {
  const fill = filled(roleOf(index));
  const path = (d: string) => element("path", { d: `M${round(x)} ${round(y)}${d}`, ...fill });
  switch (index % 6) {
    case 0:
      return element("circle", { cx: x, cy: y, r: size, ...fill });
    case 1:
      return path(`m${-size} ${-size}h${2 * size}v${2 * size}h${-2 * size}z`);
    case 2:
      return path(`m0 ${round(-size * 1.25)}l${round(size * 1.2)} ${size * 2}h${round(-size * 2.4)}z`);
    case 3:
      return path(
        `m0 ${round(-size * 1.4)}l${round(size * 1.2)} ${round(size * 1.4)} ${round(-size * 1.2)} ${round(size * 1.4)} ${round(-size * 1.2)} ${round(-size * 1.4)}z`,
      );
    case 4:
      return element("path", {
        d: `M${round(x - size)} ${round(y - size)}l${2 * size} ${2 * size}m0 ${-2 * size}l${-2 * size} ${2 * size}`,
        fill: "none",
        ...stroked(roleOf(index), 2),
      });
    default:
      return element("circle", { cx: x, cy: y, r: size, fill: "none", ...stroked(roleOf(index), 1.75) });
  }
}

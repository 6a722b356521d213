import { lineHeight, margin, round } from "./frame.ts";
import { lineStyle, markAt, type Reference } from "./series-style.ts";
import { element, type SvgElement } from "./svg.ts";
import { fitted, textWidth, wrap } from "./text-size.ts";
import { filled, fontSize } from "./theme.ts";

export interface LegendEntry {
  readonly series: number;
  readonly name: string;
  /** Its most telling number, with the unit. */
  readonly text: string;
  readonly reference?: Reference;
}

/** Adds the series' names with their marks, in as many lines as they need; returns the y below. */
export function seriesLegend(
  out: SvgElement[],
  entries: readonly LegendEntry[],
  top: number,
  width: number,
): number {
  if (entries.length === 0) return top;
  let [x, y] = [margin, top + 11];
  for (const { series, name, text, reference } of entries) {
    const room = width - 2 * margin - 30;
    const shown = fitted(name, room * 0.6, fontSize.small);
    // A text too long for the name's line goes on below it.
    const beside = room - textWidth(` ${shown}`, fontSize.small);
    const fits = textWidth(text, fontSize.small, true) <= beside;
    // Some viewers drop a usual space between the two.
    const rest = fits && text ? `\u00a0${text}` : "";
    const below = fits ? [] : wrap(text, room, fontSize.small, true);
    const needed =
      below.length > 0
        ? room + 30
        : 30 + textWidth(shown, fontSize.small) + textWidth(rest, fontSize.small, true);
    if (x > margin && x + needed > width - margin) [x, y] = [margin, y + lineHeight.text];
    out.push(element("path", { d: `M${x} ${round(y - 4)}h22`, ...lineStyle(series, reference) }));
    if (!reference) out.push(markAt(series, x + 11, y - 4));
    const label = element("text", { x: x + 28, y, "font-size": fontSize.small, ...filled("text") }, shown);
    const bold = { "font-weight": 600, ...filled("text") };
    out.push(rest ? { ...label, children: [...label.children, element("tspan", bold, rest)] } : label);
    for (const line of below) {
      y += lineHeight.small;
      out.push(element("text", { x: x + 28, y, "font-size": fontSize.small, ...bold }, line));
    }
    x += needed + 18;
  }
  return y + 6;
}

/**
 * Adds kinds of spans, each beside a sample of 18 pixels, in as many lines as they need; returns the y below. `sample` gives the one
 * that starts at `x` beside a text with its base line at `y`.
 */
export function kindsLegend(
  out: SvgElement[],
  kinds: readonly string[],
  sample: (index: number, x: number, y: number) => SvgElement,
  top: number,
  width: number,
): number {
  let [x, y] = [margin, top + 11];
  kinds.forEach((kind, index) => {
    const needed = 28 + textWidth(kind, fontSize.small);
    if (x > margin && x + needed > width - margin) [x, y] = [margin, y + lineHeight.text];
    out.push(sample(index, x, y));
    out.push(element("text", { x: x + 24, y, "font-size": fontSize.small, ...filled("text") }, kind));
    x += needed + 16;
  });
  return y + 6;
}

import { element, type SvgElement } from "./svg.ts";
import { wrap } from "./text-size.ts";
import { filled, fontFamily, fontSize, themeStyle } from "./theme.ts";

/** Pixels around and between the parts of every chart. */
export const margin = 8;
export const gap = 8;
export const lineHeight = { title: 19, text: 16, small: 15 } as const;

/** What stands around every chart's drawing. */
export interface Words {
  /** What the chart shows, as a sentence; broken into lines. */
  readonly title: string;
  /** What limits what the title says, a sentence each. */
  readonly notes: readonly string[];
  /** What is drawn, with its unit. */
  readonly subtitle: string;
  /** Small print below. */
  readonly footer: readonly string[];
}

/** The whole drawing, with its title and what screen readers say of it. */
export function frame(
  title: string,
  described: readonly string[],
  { width, height, content }: { width: number; height: number; content: readonly SvgElement[] },
): SvgElement {
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": title,
      "font-family": fontFamily,
      "font-size": fontSize.text,
      style: "max-width:100%;height:auto",
    },
    element("title", {}, title),
    element("desc", {}, described.join(" ")),
    themeStyle(),
    ...content,
  );
}

/** Adds title, notes and subtitle; returns the y below them. */
export function heading(out: SvgElement[], words: Words, width: number): number {
  const inner = width - 2 * margin;
  let y = paragraph(out, words.title, { y: margin, width: inner, size: "title", bold: true });
  y = paragraph(out, words.notes.join(" "), { y, width: inner, size: "text" });
  return paragraph(out, words.subtitle, { y, width: inner, size: "text", muted: true });
}

/** Adds the small print; returns the y below it. */
export function footing(out: SvgElement[], words: Words, y: number, width: number): number {
  return words.footer.reduce(
    (at, line) => paragraph(out, line, { y: at, width: width - 2 * margin, size: "small", muted: true }),
    y,
  );
}

export interface Paragraph {
  readonly y: number;
  readonly width: number;
  readonly size: keyof typeof fontSize;
  readonly bold?: boolean;
  readonly muted?: boolean;
}

/** Adds a text in as many lines as it needs; returns the y below it. */
export function paragraph(
  out: SvgElement[],
  text: string,
  { y, width, size, bold, muted }: Paragraph,
): number {
  if (text === "") return y;
  const height = lineHeight[size];
  const lines = wrap(text, width, fontSize[size], bold);
  lines.forEach((line, index) => {
    const weight = bold ? { "font-weight": 600 } : {};
    const place = { x: margin, y: y + (index + 0.75) * height, "font-size": fontSize[size] };
    out.push(element("text", { ...place, ...weight, ...filled(muted ? "muted" : "text") }, line));
  });
  return y + lines.length * height;
}

/** To hundredths of a pixel. */
export const round = (value: number) => Math.round(value * 100) / 100;

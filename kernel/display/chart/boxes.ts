import type { SvgElement } from "./svg.ts";
import { textWidth } from "./text-size.ts";

/** For tests: what stands where in a drawing. */
export interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where the texts of a drawing stand, by the sizes that it reckons with. */
export function boxes(node: SvgElement, inherited: { anchor: string; bold: boolean; size: number }): Box[] {
  const { attributes } = node;
  const own = {
    anchor: String(attributes["text-anchor"] ?? inherited.anchor),
    bold: Number(attributes["font-weight"] ?? (inherited.bold ? 600 : 400)) >= 600,
    size: Number(attributes["font-size"] ?? inherited.size),
  };
  if (node.tag !== "text")
    return node.children.flatMap((child) => (typeof child === "string" ? [] : boxes(child, own)));
  const [x, y] = [Number(attributes.x), Number(attributes.y)];
  const width = widthOf(node, own);
  const left = { start: x, middle: x - width / 2, end: x - width }[own.anchor] ?? x;
  return [
    { text: textOf(node), left, right: left + width, top: y - own.size * 0.75, bottom: y + own.size * 0.2 },
  ];
}

function widthOf(node: SvgElement, { size, bold }: { size: number; bold: boolean }): number {
  return node.children.reduce((sum, child) => {
    if (typeof child === "string") return sum + textWidth(child, size, bold);
    return sum + widthOf(child, { size: Number(child.attributes["font-size"] ?? size), bold: false });
  }, 0);
}

function textOf(node: SvgElement): string {
  return node.children.map((child) => (typeof child === "string" ? child : textOf(child))).join("");
}

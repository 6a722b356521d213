import type { SvgElement } from "../../kernel/display/chart/svg.ts";

const svgNamespace = "http://www.w3.org/2000/svg";

/** Makes an HTML element; strings become text, never markup. */
export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The drawing as live elements, without the titles of its rows: their tooltip is ours. */
export function toDom(drawing: SvgElement): SVGElement {
  const made = document.createElementNS(svgNamespace, drawing.tag);
  for (const [name, value] of Object.entries(drawing.attributes)) {
    if (name !== "xmlns") made.setAttribute(name, String(value));
  }
  for (const child of drawing.children) {
    if (typeof child === "string") made.append(child);
    else if (!("data-row" in drawing.attributes && child.tag === "title")) made.append(toDom(child));
  }
  return made;
}

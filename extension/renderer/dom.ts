import { type SvgElement, written } from "../../kernel/display/chart/svg.ts";

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

/** The drawing as live elements. The titles of its marks become `data-tip`: their tooltip is ours. */
export function toDom(drawing: SvgElement): SVGElement {
  return made(drawing, true);
}

function made(drawing: SvgElement, outermost: boolean): SVGElement {
  const element = document.createElementNS(svgNamespace, drawing.tag);
  for (const [name, value] of Object.entries(drawing.attributes)) {
    if (name !== "xmlns" && value !== undefined) element.setAttribute(name, written(value));
  }
  for (const child of drawing.children) {
    if (typeof child === "string") element.append(child);
    else if (!outermost && child.tag === "title") element.setAttribute("data-tip", child.children.join(""));
    else element.append(made(child, false));
  }
  return element;
}

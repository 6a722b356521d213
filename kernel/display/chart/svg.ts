/** An SVG element as data, so that the same drawing becomes text in the kernel and live elements in the renderer. */
export interface SvgElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (SvgElement | string)[];
}

/** Makes an element; coordinates are rounded to hundredths, attributes that are `undefined` are left out. */
export function element(
  tag: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...children: readonly (SvgElement | string)[]
): SvgElement {
  const kept: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) kept[name] = typeof value === "number" ? Math.round(value * 100) / 100 : value;
  }
  return { tag, attributes: kept, children };
}

/** The element as a document of its own. */
export function toText(root: SvgElement): string {
  const parts: string[] = [];
  write(root, parts);
  return parts.join("");
}

function write({ tag, attributes, children }: SvgElement, parts: string[]): void {
  parts.push("<", tag);
  for (const [name, value] of Object.entries(attributes))
    parts.push(" ", name, '="', escapeXml(String(value)), '"');
  if (children.length === 0) {
    parts.push("/>");
    return;
  }
  parts.push(">");
  for (const child of children) {
    if (typeof child === "string") parts.push(escapeXml(child));
    else write(child, parts);
  }
  parts.push("</", tag, ">");
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeXml(text: string): string {
  // Control characters cannot stand in XML at all, not even escaped.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: see above
  const legal = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
  return legal.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

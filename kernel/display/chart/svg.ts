/** An SVG element as data, so that the same drawing becomes text in the kernel and live elements in the renderer. */
export interface SvgElement {
  readonly tag: string;
  readonly attributes: Attributes;
  readonly children: readonly (SvgElement | string)[];
}

/** Numbers are written in hundredths; what is `undefined` is left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

export function element(
  tag: string,
  attributes: Attributes = {},
  ...children: readonly (SvgElement | string)[]
): SvgElement {
  return { tag, attributes, children };
}

/** An attribute's value as it is written. */
export function written(value: string | number): string {
  return typeof value === "string" ? value : String(Math.round(value * 100) / 100);
}

/** The element as a document of its own. */
export function toText({ tag, attributes, children }: SvgElement): string {
  let text = `<${tag}`;
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined)
      text += ` ${name}="${typeof value === "string" ? escapeXml(value) : written(value)}"`;
  }
  if (children.length === 0) return `${text}/>`;
  text += ">";
  for (const child of children) text += typeof child === "string" ? escapeXml(child) : toText(child);
  return `${text}</${tag}>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

// Control characters cannot stand in XML at all, not even escaped.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const special = /[&<>"\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const everySpecial = new RegExp(special, "g");

function escapeXml(text: string): string {
  if (!special.test(text)) return text;
  return text.replace(everySpecial, (character) => entities[character] ?? "\ufffd");
}

import type { MimeBundle } from "../../wire/message.ts";

/** A drawing by another library, as a front end draws it: a Vega or Vega-Lite specification, or an element with markup. */
export function drawingOf(value: unknown): MimeBundle | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return vegaOf(value) ?? elementOf(value);
}

const schema = /^https?:\/\/vega\.github\.io\/schema\/(vega|vega-lite)\/v(\d+)[.\d]*\.json$/;

/** By its `$schema`: JupyterLab and VS Code's Jupyter renderers draw these types. */
function vegaOf(value: object): MimeBundle | undefined {
  const named = "$schema" in value && typeof value.$schema === "string" ? schema.exec(value.$schema) : null;
  if (!named) return undefined;
  const [, library = "", version = ""] = named;
  const type = `application/vnd.${library.replace("-", "")}.v${version}+json`;
  return { [type]: JSON.parse(JSON.stringify(value)) };
}

/** Elements of a DOM in Node (linkedom, jsdom), which is what Observable Plot gives there. As text an element is its tag. */
function elementOf(value: object): MimeBundle | undefined {
  const html = "outerHTML" in value ? value.outerHTML : undefined;
  if (typeof html !== "string") return undefined;
  const tag = { "text/plain": /^\s*<[^>]*>/.exec(html)?.[0].trim() ?? "an element" };
  return /^\s*<svg[\s>/]/i.test(html)
    ? { ...tag, "image/svg+xml": standalone(html) }
    : { ...tag, "text/html": html };
}

/** An SVG element as a document of its own, without what would run. Markup of HTML becomes that of XML. */
export function standalone(svg: string): string {
  const quiet = svg
    .replace(/<script\b[^>]*\/>/gi, "")
    .replace(/<script\b[\s\S]*?(<\/script\s*>|$)/gi, "")
    .replace(/([\s/"'])on\w+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "$1")
    .replace(/(href\s*=\s*["']?)\s*javascript:/gi, "$1")
    .replaceAll("&nbsp;", "&#160;");
  return named(
    named(quiet, "xmlns", "http://www.w3.org/2000/svg"),
    "xmlns:xlink",
    "http://www.w3.org/1999/xlink",
  );
}

/** With a namespace that a document needs and an element in a page does not. */
function named(svg: string, attribute: string, namespace: string): string {
  const [start = ""] = /^\s*<svg[^>]*>/i.exec(svg) ?? [];
  const needed = attribute === "xmlns" || svg.includes("xlink:");
  if (!needed || new RegExp(`\\s${attribute}\\s*=`, "i").test(start)) return svg;
  return svg.replace(/<svg/i, `<svg ${attribute}="${namespace}"`);
}

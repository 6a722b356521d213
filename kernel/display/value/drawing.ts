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

/** Elements of a DOM in Node (linkedom, jsdom), which is what Observable Plot gives there. */
function elementOf(value: object): MimeBundle | undefined {
  const html = "outerHTML" in value ? value.outerHTML : undefined;
  if (typeof html !== "string") return undefined;
  return /^\s*<svg[\s>]/i.test(html) ? { "image/svg+xml": standalone(html) } : { "text/html": html };
}

/** An SVG element as a document of its own, without what would run. */
function standalone(svg: string): string {
  const quiet = svg
    .replace(/<script[\s\S]*?<\/script\s*>/gi, "")
    .replace(/\son\w+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "")
    .replace(/(href\s*=\s*["']?)\s*javascript:/gi, "$1");
  return /^\s*<svg[^>]*\sxmlns\s*=/i.test(quiet)
    ? quiet
    : quiet.replace(/<svg/i, '<svg xmlns="http://www.w3.org/2000/svg"');
}

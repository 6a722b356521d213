import { errorText, joined } from "../fields.ts";
import { object } from "../notebook.ts";
import { escaped, printed } from "./escape.ts";
import { type Pictures, renderMarkdown } from "./markdown.ts";
import { pictureType } from "./picture.ts";
import { sanitizeHtml } from "./sanitize.ts";

/** What is chosen from a bundle: pictures first, of which nothing is lost; then what says most. */
const FORMS: readonly (readonly [
  mime: string,
  show: (text: string, bundle: Bundle, pictures: Pictures) => string,
])[] = [
  ["image/svg+xml", (text, bundle) => picture(Buffer.from(isChart(bundle) ? themed(text) : text), bundle)],
  ...["image/png", "image/jpeg", "image/gif", "image/webp"].map(
    (mime) => [mime, (text: string, bundle: Bundle) => picture(Buffer.from(text, "base64"), bundle)] as const,
  ),
  ["text/html", (text) => scrolled(sanitizeHtml(text))],
  ["text/markdown", (text, _bundle, pictures) => `<article>${renderMarkdown(text, pictures)}</article>`],
  ["text/latex", (text) => preformatted(text)],
  ["application/json", (text) => preformatted(text)],
  ["text/plain", (text) => preformatted(text)],
];

type Bundle = Readonly<Record<string, unknown>>;

/** An output as HTML: every text escaped, HTML sanitised, pictures as images, in which no script runs. */
export function renderOutput(output: unknown, pictures: Pictures): string {
  const { output_type: type, name, text, data } = object(output);
  if (type === "stream") {
    const shown = preformatted(joined(text));
    return name === "stderr"
      ? `<div class="output stderr">${shown}</div>`
      : `<div class="output">${shown}</div>`;
  }
  if (type === "error") return `<div class="output error">${preformatted(errorText(object(output)))}</div>`;
  return `<div class="output">${renderBundle(object(data), pictures)}</div>`;
}

function renderBundle(bundle: Bundle, pictures: Pictures): string {
  for (const [mime, show] of FORMS) {
    const value = bundle[mime];
    if (value === undefined) continue;
    const text =
      typeof value === "string" || Array.isArray(value) ? joined(value) : JSON.stringify(value, null, 2);
    const html = show(text, bundle, pictures);
    if (html !== "") return html;
  }
  const kinds = Object.keys(bundle).join(", ");
  return kinds === "" ? "" : `<p class="facts">An output that only a notebook shows: ${escaped(kinds)}</p>`;
}

/** A picture; what says the same as text stands folded below it, for who cannot see it. */
function picture(bytes: Buffer, bundle: Bundle): string {
  const type = pictureType(bytes);
  if (!type) return "";
  const text = bundle["text/plain"] === undefined ? "" : joined(bundle["text/plain"]).trim();
  const source = `data:${type};base64,${bytes.toString("base64")}`;
  const alt = escaped(text.split("\n", 1)[0] || "picture");
  const image = `<img src="${source}" alt="${alt}"${isChart(bundle) ? "" : ' class="paper"'}>`;
  return isChart(bundle) && text !== ""
    ? `${image}<details><summary>As text</summary>${preformatted(text)}</details>`
    : image;
}

/** Charts of ours are drawn for light and for dark; other pictures expect paper. */
const isChart = (bundle: Bundle) =>
  Object.keys(bundle).some((mime) => mime.startsWith("application/vnd.tandem."));

/** The colours that a chart takes from its surroundings, of which an image sees none. */
const THEME = `<style>:root{--vscode-foreground:#1f2328;--vscode-descriptionForeground:#59636e;--vscode-editor-background:#fff}
@media(prefers-color-scheme:dark){:root{--vscode-foreground:#e3e7eb;--vscode-descriptionForeground:#9aa4ae;--vscode-editor-background:#15181c}}</style>`;

const themed = (svg: string) => svg.replace(/^<svg[^>]*>/, (head) => head + THEME);

const preformatted = (text: string) => `<pre>${escaped(printed(text))}</pre>`;

/** Nothing where nothing was left. */
function scrolled(html: string): string {
  return html.trim() === "" ? "" : `<div class="scroll">${html}</div>`;
}

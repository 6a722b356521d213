import { createHash } from "node:crypto";
import type { Notebook } from "../notebook.ts";
import { escaped } from "./escape.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderOutput } from "./output.ts";
import { style } from "./style.ts";

/** What a run has to say of a code cell. */
export interface PageCell {
  /** `[3] ok, 0.25 s`; left out of cells that are not run. */
  readonly head?: { readonly text: string; readonly good: boolean };
  readonly outputs: readonly unknown[];
  /** A text below the outputs, such as a difference to stored ones. */
  readonly note?: string;
}

export interface Page {
  readonly title: string;
  /** Lines below the title. */
  readonly facts: readonly string[];
  readonly notebook: Notebook;
  /** The notebook's folder, absolute: pictures of its Markdown are there. */
  readonly folder: string;
  /** By index of the notebook's cells. */
  readonly cells: ReadonlyMap<number, PageCell>;
}

/** Nothing runs, nothing is loaded, nothing is sent: only this page's own style and pictures inside it. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** A notebook and what its run brought as one HTML file that needs nothing besides itself. */
export function renderPage({ title, facts, notebook, folder, cells }: Page): string {
  const sections = notebook.cells.map(({ index, type, source, attachments }) => {
    if (type === "markdown") {
      return `<article>${renderMarkdown(source, { attachments, folder })}</article>`;
    }
    if (type !== "code") return `<pre class="source">${escaped(source)}</pre>`;
    const { head, outputs, note } = cells.get(index) ?? { outputs: [] };
    if (source.trim() === "" && outputs.length === 0) return "";
    const line = head
      ? `<div class="head"><span class="${head.good ? "good" : "bad"}">${escaped(head.text)}</span></div>`
      : "";
    const shown = outputs
      .map((output) => renderOutput(output, { attachments: undefined, folder }))
      .join("\n");
    const noted = note === undefined ? "" : `<div class="output error"><pre>${escaped(note)}</pre></div>`;
    return `<section>${line}<pre class="source"><code>${escaped(source)}</code></pre>\n${shown}${noted}</section>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
${facts.map((fact) => `<p class="facts">${escaped(fact)}</p>`).join("\n")}
</header>
<main>
${sections.filter((section) => section !== "").join("\n")}
</main>
</body>
</html>
`;
}

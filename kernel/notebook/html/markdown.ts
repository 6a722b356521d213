import { readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import MarkdownIt, { type Token } from "markdown-it";
import { object } from "../notebook.ts";
import { escaped } from "./escape.ts";
import { pictureType } from "./picture.ts";

/** A larger picture is not put into a page. */
const LARGEST = 10_000_000;

/** What a text's pictures may be: files of the cell, and of the notebook's folder. */
export interface Pictures {
  readonly attachments: Readonly<Record<string, unknown>> | undefined;
  /** The notebook's folder, absolute. */
  readonly folder: string;
}

/** Markdown as HTML; HTML inside it is shown as text. Pictures of the notebook's folder are put into the page. */
export function renderMarkdown(text: string, pictures: Pictures): string {
  const markdown = new MarkdownIt({ html: false, linkify: false });
  const validate = markdown.validateLink.bind(markdown);
  markdown.validateLink = (url) => url.startsWith("attachment:") || validate(url);
  const { rules } = markdown.renderer;
  rules.image = (tokens, index) => {
    const token = tokens[index];
    const source = String(token?.attrGet("src") ?? "");
    const shown = escaped(token?.content ?? "");
    const data = dataUrl(decode(source), pictures);
    if (data) return `<img src="${data}" alt="${shown}">`;
    return `<a href="${escaped(source)}" rel="noopener noreferrer">${shown || escaped(source)}</a>`;
  };
  // The policy allows no style attributes.
  const aligned = (token: Token | undefined, tag: string) => {
    const align = /text-align:(right|center)/.exec(String(token?.attrGet("style") ?? ""))?.[1];
    return align ? `<${tag} class="${align}">` : `<${tag}>`;
  };
  rules.td_open = (tokens, index) => aligned(tokens[index], "td");
  rules.th_open = (tokens, index) => aligned(tokens[index], "th");
  rules.table_open = () => '<div class="scroll"><table>';
  rules.table_close = () => "</table></div>";
  return markdown.render(text);
}

/** A picture as a `data:` address; undefined for one that is elsewhere, or none. */
function dataUrl(source: string, { attachments, folder }: Pictures): string | undefined {
  if (/^data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=]*$/.test(source)) return source;
  if (source.startsWith("attachment:")) {
    const bundle = object(attachments?.[source.slice("attachment:".length)]);
    const [base64] = Object.values(bundle);
    return typeof base64 === "string" ? encoded(Buffer.from(base64, "base64")) : undefined;
  }
  if (/^[\w+.-]+:|^\/\//.test(source)) return undefined;
  try {
    const file = realpathSync(join(folder, source));
    // A notebook of somebody else's must not put any file of this machine into a page that is passed on.
    if (relative(realpathSync(folder), file).startsWith("..") || statSync(file).size > LARGEST)
      return undefined;
    return encoded(readFileSync(file));
  } catch {
    return undefined;
  }
}

/** Only what is a picture by its bytes. */
function encoded(bytes: Buffer): string | undefined {
  const type = pictureType(bytes);
  return type && `data:${type};base64,${bytes.toString("base64")}`;
}

function decode(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

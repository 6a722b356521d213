/** MIME bundles of Jupyter's messages as items of VS Code's outputs: the same types, the data as bytes. */
import type { MimeBundle } from "../kernel/wire/message.ts";

/** The same shape as VS Code's `NotebookCellOutputItem`. */
export interface OutputItem {
  readonly mime: string;
  readonly data: Uint8Array;
}

/** The types that VS Code's notebooks give to streams and errors, which Jupyter sends as messages of their own. */
const streamMimes: Readonly<Record<string, string>> = {
  stdout: "application/vnd.code.notebook.stdout",
  stderr: "application/vnd.code.notebook.stderr",
};
const errorMime = "application/vnd.code.notebook.error";

/** Text for a stream: `stderr`, or `stdout` for every other name. */
export function streamItem(name: string, text: string): OutputItem {
  return { mime: streamMimes[name] ?? "application/vnd.code.notebook.stdout", data: encode(text) };
}

/** An error as VS Code draws it: name and message as the head, the stack folded under it. */
export function errorItem(name: string, message: string, stack: string): OutputItem {
  return { mime: errorMime, data: encode(JSON.stringify({ name, message, stack })) };
}

/** The items of a bundle, richest first: types of our own, then what a page can draw, then text. */
export function decodeBundle(bundle: MimeBundle): OutputItem[] {
  return Object.entries(bundle)
    .map(([mime, value]) => ({ mime, data: decode(mime, value) }))
    .sort((a, b) => rank(a.mime) - rank(b.mime));
}

function decode(mime: string, value: unknown): Uint8Array {
  // Jupyter allows text as a list of lines.
  const text =
    Array.isArray(value) && value.every((line) => typeof line === "string") ? value.join("") : value;
  if (isJson(mime)) return encode(JSON.stringify(value));
  if (typeof text !== "string") return encode(JSON.stringify(text) ?? "");
  return isBinary(mime) ? Buffer.from(text, "base64") : encode(text);
}

function isJson(mime: string): boolean {
  return mime === "application/json" || mime.endsWith("+json");
}

/** What Jupyter sends in base64: pictures (SVG is text), sound, film, PDF. */
function isBinary(mime: string): boolean {
  return (/^(image|audio|video)\//.test(mime) && mime !== "image/svg+xml") || mime === "application/pdf";
}

const order = [/^application\/vnd\./, /^text\/html$/, /^image\/svg/, /^image\//, /^text\/markdown$/];

function rank(mime: string): number {
  if (mime === "text/plain") return order.length + 1;
  const found = order.findIndex((pattern) => pattern.test(mime));
  return found === -1 ? order.length : found;
}

function encode(text: string): Uint8Array {
  return Buffer.from(text);
}

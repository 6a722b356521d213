import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fail } from "../../errors.ts";
import type { MimeBundle } from "../../wire/message.ts";
import { standalone } from "./drawing.ts";
import { frameOf } from "./frame.ts";
import { givenBundle } from "./given-bundle.ts";
import { bitmapOf, pictureOf } from "./picture.ts";
import { toPlain } from "./plain.ts";
import type { Shown } from "./shown.ts";
import { recordsToHtml, type TableOptions } from "./table.ts";

/** Where a display goes. */
export interface DisplayPlace {
  /** Names the output: showing something with the same id again replaces it. */
  id?: string | undefined;
  /** Only replaces. */
  update?: boolean | undefined;
}

export interface ImageOptions extends DisplayPlace {
  /** In CSS pixels. Where one is given, the other keeps the proportions. */
  width?: number;
  height?: number;
}

/** What `display` of the notebook's cells hands its outputs to. */
export interface DisplaySink {
  show(shown: Shown, place: DisplayPlace): void;
  showValue(value: unknown, place: DisplayPlace): void;
}

/** The function that cells know as `display`, and its variants for text that says what it is. */
export function displayFunction(sink: DisplaySink): object {
  const text =
    (...types: string[]) =>
    (content: unknown, place: DisplayPlace = {}): void =>
      sink.show({ data: Object.fromEntries(types.map((type) => [type, String(content)])) }, place);
  const display = (value: unknown, { raw = false, ...place }: DisplayPlace & { raw?: boolean } = {}): void =>
    raw ? sink.show({ data: givenBundle(value) }, place) : sink.showValue(value, place);
  return Object.assign(display, {
    html: text("text/html"),
    markdown: text("text/markdown", "text/plain"),
    latex: text("text/latex", "text/plain"),
    svg: (content: unknown, place: DisplayPlace = {}): void =>
      sink.show(
        { data: { "image/svg+xml": standalone(String(content)), "text/plain": "an SVG image" } },
        place,
      ),
    json: (value: unknown, place: DisplayPlace = {}): void =>
      sink.show(
        { data: { ...givenBundle({ "application/json": value }), "text/plain": toPlain(value) } },
        place,
      ),
    image: (source: unknown, options: ImageOptions = {}): void =>
      sink.show(imageOf(source, options), options),
    text: text("text/plain"),
    table: (value: unknown, { rows, columns, ...place }: DisplayPlace & TableOptions = {}): void =>
      sink.show({ data: tableOf(value, { rows, columns }) }, place),
  });
}

function tableOf(value: unknown, options: TableOptions): MimeBundle {
  const plain = { "text/plain": toPlain(value) };
  const frame = frameOf(value, options);
  if (frame) return { ...plain, ...frame };
  const html = isIterable(value) ? recordsToHtml([...value], options) : undefined;
  return html === undefined ? plain : { ...plain, "text/html": html };
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.iterator in value;

/** An image from bytes, or from a file. Throws the catalogue's `badImage`. */
function imageOf(source: unknown, { width, height }: ImageOptions): Shown {
  const bytes = typeof source === "string" || source instanceof URL ? read(source) : source;
  const shown = bytes instanceof Uint8Array ? (bitmapOf(bytes) ?? pictureOf(bytes)) : pictureOf(bytes);
  if (!shown) throw fail("badImage", "The bytes are no PNG, JPEG, GIF, WebP or SVG.");
  if (width === undefined && height === undefined) return shown;
  const [[type, size] = ["image/svg+xml", {}]] = Object.entries(shown.metadata ?? {});
  const { width: w, height: h } = size as { width?: number; height?: number };
  const scale = w && h ? h / w : undefined;
  const asked = {
    width: width ?? (scale && height && Math.round(height / scale)),
    height: height ?? (scale && width && Math.round(width * scale)),
  };
  const known = Object.entries(asked).filter(([, pixels]) => pixels !== undefined);
  return { ...shown, metadata: { [type]: Object.fromEntries(known) } };
}

function read(source: string | URL): Uint8Array {
  const address = String(source);
  if (/^https?:/.test(address)) throw fail("badImage", "It is an address, and display.image loads nothing.");
  return readFileSync(address.startsWith("file:") ? fileURLToPath(address) : address);
}

import type { MimeBundle } from "../../wire/message.ts";
import { ownBundle } from "./displayable.ts";
import { drawingOf } from "./drawing.ts";
import { imageType } from "./image.ts";
import { toPlain } from "./plain.ts";
import { recordsToHtml } from "./table.ts";
import { isTypedArray, summarize } from "./typed-array.ts";

/** A value as a front end shows it: always `text/plain`, and the richer forms it has. */
export function toBundle(value: unknown): MimeBundle {
  const own = ownBundle(value);
  if (own) return { "text/plain": toPlain(value), ...own };
  if (value instanceof Uint8Array) {
    const type = imageType(value);
    if (type) {
      const base64 = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
      return { "text/plain": `${type}, ${value.byteLength} bytes`, [type]: base64 };
    }
  }
  if (isTypedArray(value)) return { "text/plain": summarize(value) };
  const drawing = drawingOf(value);
  // The text of an element would be all of its document.
  if (drawing) return { "text/plain": drawing["text/plain"] ?? toPlain(value), ...drawing };
  const plain = { "text/plain": toPlain(value) };
  const html = Array.isArray(value) ? recordsToHtml(value) : undefined;
  return html ? { ...plain, "text/html": html } : plain;
}

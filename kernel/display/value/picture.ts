import { types } from "node:util";
import { standalone } from "./drawing.ts";
import { imageFacts } from "./image.ts";
import { toPlain } from "./plain.ts";
import type { Shown } from "./shown.ts";

/** Characters of an SVG document; no front end draws more. */
const MOST_TEXT = 5_000_000;

/** Bytes of an image, SVG as bytes or text, and canvases, as what they show; undefined for all else. */
export function pictureOf(value: unknown): Shown | undefined {
  if (typeof value === "string") return svgOf(value, () => toPlain(value));
  const bytes = bytesOf(value);
  if (bytes) return bitmapOf(bytes) ?? svgOf(textOf(bytes), () => `image/svg+xml, ${bytes.byteLength} bytes`);
  const drawn = fromCanvas(value);
  return drawn && bitmapOf(drawn);
}

/** An image's bytes with its size in pixels; undefined where they are no image. */
export function bitmapOf(bytes: Uint8Array): Shown | undefined {
  const facts = imageFacts(bytes);
  if (!facts) return undefined;
  const { type, size } = facts;
  const pixels = size ? `, ${size.width} × ${size.height} pixels` : "";
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return {
    data: { "text/plain": `${type}${pixels}, ${bytes.byteLength} bytes`, [type]: base64 },
    ...(size && { metadata: { [type]: size } }),
  };
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (types.isUint8Array(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return types.isArrayBuffer(value) ? new Uint8Array(value) : undefined;
}

/** The whole text, where its first bytes could be those of SVG. */
function textOf(bytes: Uint8Array): string {
  const text = (part: Uint8Array) =>
    Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString("utf8");
  return /^\ufeff?\s*</.test(text(bytes.subarray(0, 100))) ? text(bytes) : "";
}

/** Text that is one SVG document; `plain`: what terminals show. */
function svgOf(text: string, plain: () => string): Shown | undefined {
  const start =
    /^\ufeff?\s*(?:<\?xml[^>]*\?>\s*|<!--[\s\S]*?-->\s*|<!DOCTYPE svg[^>[]*>\s*)*(?=<svg[\s>])/i.exec(text);
  if (!start || text.length > MOST_TEXT || !/<\/svg>\s*$/i.test(text)) return undefined;
  return { data: { "text/plain": plain(), "image/svg+xml": standalone(text.slice(start[0].length)) } };
}

/** A canvas in Node (`canvas`, `@napi-rs/canvas`, `skia-canvas`) writes itself as PNG. */
function fromCanvas(value: unknown): Uint8Array | undefined {
  if (typeof value !== "object" || value === null || !("getContext" in value && "toBuffer" in value))
    return undefined;
  const { getContext, toBuffer } = value;
  if (typeof getContext !== "function" || typeof toBuffer !== "function") return undefined;
  const bytes: unknown = toBuffer.call(value, "image/png");
  return bytesOf(bytes);
}

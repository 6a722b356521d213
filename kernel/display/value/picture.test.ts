import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { toShown } from "./bundle.ts";

/** Bytes by their hexadecimal digits, in groups. */
const hex = (...groups: string[]) => Buffer.from(groups.join("").replaceAll(" ", ""), "hex");

const png = Buffer.concat([
  hex("89504e470d0a1a0a", "0000000d 49484452", "00000003 00000002", "08 02 00 00 00", "00000000"),
  deflateSync(Buffer.alloc(20)),
]);
// SOI, APP0 with two bytes, a filled-up SOF2 of 5 × 4.
const jpeg = hex("ffd8", "ffe0 0004 0000", "ffff c2 000b 08 0004 0005 01 00 00 00");
const gif = hex("474946383961", "0700 0600", "00 00 00");
const riff = (kind: string, ...rest: string[]) =>
  Buffer.concat([Buffer.from("RIFF\0\0\0\0WEBP"), Buffer.from(kind), hex("00000000", ...rest)]);

describe("images from bytes, with their sizes", () => {
  test.each<[string, Buffer, string, { width: number; height: number } | undefined]>([
    ["PNG", png, "image/png", { width: 3, height: 2 }],
    ["JPEG", jpeg, "image/jpeg", { width: 5, height: 4 }],
    ["GIF", gif, "image/gif", { width: 7, height: 6 }],
    ["WebP, lossy", riff("VP8 ", "000000 9d012a 0900 0800"), "image/webp", { width: 9, height: 8 }],
    ["WebP, lossless", riff("VP8L", "2f 0a400200"), "image/webp", { width: 11, height: 10 }],
    ["WebP, extended", riff("VP8X", "00000000 0c0000 0b0000"), "image/webp", { width: 13, height: 12 }],
    ["a PNG cut short", png.subarray(0, 18), "image/png", undefined],
    ["a JPEG cut short", jpeg.subarray(0, 8), "image/jpeg", undefined],
    ["a JPEG that is broken", hex("ffd8ff e0 0002 0000 0000"), "image/jpeg", undefined],
  ])("%s", (_what, bytes, type, size) => {
    const { data, metadata } = toShown(bytes);
    const pixels = size ? `, ${size.width} × ${size.height} pixels` : "";
    expect(data).toEqual({
      "text/plain": `${type}${pixels}, ${bytes.length} bytes`,
      [type]: bytes.toString("base64"),
    });
    expect(metadata).toEqual(size && { [type]: size });
    // The same bytes as part of a larger buffer, and as an ArrayBuffer.
    const padded = Buffer.concat([Buffer.from("pad"), bytes]);
    expect(toShown(padded.subarray(3)).data[type]).toBe(data[type]);
    expect(toShown(new Uint8Array(bytes).buffer).data[type]).toBe(data[type]);
  });

  test("other bytes are bytes", () => {
    expect(toShown(Buffer.from("hello")).data).toEqual({ "text/plain": "<Buffer 68 65 6c 6c 6f>" });
    expect(toShown(Buffer.from("<p>")).data).toEqual({ "text/plain": "<Buffer 3c 70 3e>" });
    expect(toShown(Buffer.from("RIFF____WAVE")).data["image/webp"]).toBeUndefined();
    expect(Object.keys(toShown(new Uint8Array()).data)).toEqual(["text/plain"]);
  });
});

describe("SVG", () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="2"/></svg>';
  test("as text and as bytes is a picture", () => {
    expect(toShown(svg).data).toEqual({ "text/plain": `'${svg}'`, "image/svg+xml": svg });
    expect(toShown(`<?xml version="1.0"?>\n<!-- a -->${svg}\n`).data["image/svg+xml"]).toBe(`${svg}\n`);
    expect(toShown(Buffer.from(svg)).data).toEqual({
      "text/plain": `image/svg+xml, ${svg.length} bytes`,
      "image/svg+xml": svg,
    });
  });

  test("runs nothing", () => {
    const hostile = '<svg onload="x()"><script>x()</script></svg>';
    expect(toShown(hostile).data["image/svg+xml"]).toBe('<svg xmlns="http://www.w3.org/2000/svg" ></svg>');
  });

  test("text that only speaks of it is text", () => {
    for (const text of ["<svg", "see <svg></svg>", "<svg></svg> is empty", "<svgx></svgx>"])
      expect(Object.keys(toShown(text).data)).toEqual(["text/plain"]);
  });
});

test("a canvas of Node is its PNG", () => {
  const canvas = {
    getContext: () => ({}),
    toBuffer: (type: string) => (type === "image/png" ? png : undefined),
  };
  expect(toShown(canvas)).toMatchObject({ metadata: { "image/png": { width: 3, height: 2 } } });
});

import { expect, it } from "vitest";
import { decodeBundle } from "./mime.ts";

const text = (data: Uint8Array | undefined) => new TextDecoder().decode(data);

it("puts our own type first and plain text last", () => {
  const items = decodeBundle({
    "text/plain": "x",
    "image/svg+xml": "<svg/>",
    "application/vnd.tandem.timing+json": { sides: [] },
    "text/html": "<b>x</b>",
  });
  expect(items.map((item) => item.mime)).toEqual([
    "application/vnd.tandem.timing+json",
    "text/html",
    "image/svg+xml",
    "text/plain",
  ]);
});

it("decodes pictures from base64, and SVG as the text it is", () => {
  const [svg, png] = decodeBundle({ "image/png": "iVBORw==", "image/svg+xml": "<svg/>" });
  expect([...(png?.data ?? [])]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  expect(text(svg?.data)).toBe("<svg/>");
});

it("writes JSON types as JSON, strings and arrays included", () => {
  const data = decodeBundle({ "application/json": ["a", "b"], "application/geo+json": "s" }).map((item) =>
    text(item.data),
  );
  expect(data).toEqual(['["a","b"]', '"s"']);
});

it("joins text that comes as a list of lines", () => {
  expect(text(decodeBundle({ "text/html": ["<p>\n", "</p>"] })[0]?.data)).toBe("<p>\n</p>");
});

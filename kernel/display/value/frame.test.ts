import { tableFromArrays, tableFromJSON, vectorFromArray } from "apache-arrow";
import { expect, test } from "vitest";
import { toBundle } from "./bundle.ts";

test("a table of Apache Arrow is a table, in text, too", () => {
  const table = tableFromArrays({
    id: Int32Array.from({ length: 1000 }, (_, i) => i),
    half: Float64Array.from({ length: 1000 }, (_, i) => i / 2),
    word: Array.from({ length: 1000 }, (_, i) => `<${i}>`),
  });
  const { "text/plain": text, "text/html": html } = toBundle(table) as Record<string, string>;
  expect(html).toContain("first 30 of 1,000 rows, 3 columns");
  expect(html).toContain("&lt;29&gt;");
  expect(html).toMatch(/>id<br><small[^>]*>Int32<.*>half<br><small[^>]*>Float64</);
  const lines = text?.split("\n") ?? [];
  expect(lines.slice(0, 4)).toEqual([
    "   id     half  word",
    "Int32  Float64  Dictionary<Int32, Utf8>?",
    "    0        0  <0>",
    "    1      0.5  <1>",
  ]);
  expect(lines.at(-1)).toBe("first 20 of 1,000 rows, 3 columns");
});

test("structs, dates, nulls and big numbers are shown as what they are", () => {
  const table = tableFromJSON([
    { at: new Date(0), big: 12n, inner: { c: [1, 2] } },
    { at: null, big: 3n, inner: null },
  ]);
  const html = String(toBundle(table)["text/html"]);
  expect(html).toContain(">1970-01-01T00:00:00.000Z<");
  expect(html).toContain(">12</td>");
  expect(html).toMatch(/c[^<]*\[ ?1, ?2 ?\]/);
  expect(html.match(/>null</g)).toHaveLength(2);
});

test("a vector tells its type, length and first values", () => {
  expect(toBundle(vectorFromArray([1, 2, 3]))["text/plain"]).toBe("Vector<Float64>(3) [ 1, 2, 3 ]");
  const long = vectorFromArray(Int32Array.from({ length: 1000 }, (_, i) => i));
  expect(toBundle(long)["text/plain"]).toMatch(/^Vector<Int32>\(1000\) \[[\s\S]* 99\n\] and 900 more$/);
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { toCodePoints, toUtf16 } from "./codepoints.ts";

it("counts an emoji as one code point and two UTF-16 units", () => {
  expect(toUtf16("a😀b", 2)).toBe(3);
  expect(toCodePoints("a😀b", 3)).toBe(2);
});

it("stops at the text's end", () => {
  expect(toUtf16("ab", Number.POSITIVE_INFINITY)).toBe(2);
  expect(toUtf16("ab", -1)).toBe(0);
  expect(toCodePoints("ab", 9)).toBe(2);
});

it("goes both ways for every text and every code point of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(), (text, n) => {
      const count = [...text].length;
      const codePoints = n % (count + 1);
      expect(toCodePoints(text, toUtf16(text, codePoints))).toBe(codePoints);
    }),
  );
});

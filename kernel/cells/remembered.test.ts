import { expect, test } from "vitest";
import { remembered } from "./remembered.ts";

test("what was made for a text is made once, until others have taken its place", () => {
  const made: string[] = [];
  const sizeOf = remembered((text) => {
    made.push(text);
    return text === "none" ? undefined : text.length;
  }, 2);
  expect([sizeOf("a"), sizeOf("none"), sizeOf("none"), sizeOf("a")]).toEqual([1, undefined, undefined, 1]);
  expect(made).toEqual(["a", "none"]);
  // "none" was used longest ago.
  sizeOf("bcd");
  sizeOf("a");
  sizeOf("none");
  expect(made).toEqual(["a", "none", "bcd", "none"]);
});

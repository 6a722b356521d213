import { expect, it } from "vitest";
import { givenBundle } from "./given-bundle.ts";

it("leaves text and JSON as they are, and writes bytes in base64", () => {
  const bundle = {
    "text/html": "<b>",
    "application/json": { a: [1, null] },
    "image/png": new Uint8Array([1, 2, 3]),
  };
  expect(givenBundle(bundle)).toEqual({ ...bundle, "image/png": "AQID" });
});

it("takes of data what JSON keeps", () => {
  const date = new Date(0);
  expect(givenBundle({ "application/json": { date, gone: () => 1 } })).toEqual({
    "application/json": { date: "1970-01-01T00:00:00.000Z" },
  });
});

it("refuses what no message can carry, and says which part", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  for (const data of [circle, 1n, undefined, () => 1]) {
    expect(() => givenBundle({ "application/json": data })).toThrow("application/json");
  }
  for (const value of [null, "text", 3, [1]]) expect(() => givenBundle(value)).toThrow("MIME types");
});

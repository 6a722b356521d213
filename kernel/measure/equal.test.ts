import { describe, expect, it } from "vitest";
import { firstDifference, ulpsApart } from "./equal.ts";

const next = (value: number, ulps: number) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(ulps));
  return view.getFloat64(0);
};

describe("equal results", () => {
  const loop: unknown[] = [1];
  loop.push(loop);
  const otherLoop: unknown[] = [1n];
  otherLoop.push(otherLoop);

  it.each<[string, unknown, unknown]>([
    ["a bigint and a number of the same value", 9227465n, 9227465],
    ["a large float that is an integer, and that integer", 1e20, 100000000000000000000n],
    ["floats 4 ULP apart", 0.1, next(0.1, 4)],
    ["floats on both sides of zero, 2 ULP apart", 5e-324, -5e-324],
    ["zeros of both signs", 0, -0],
    ["NaN and NaN", Number.NaN, Number.NaN],
    ["nothing and nothing", undefined, null],
    ["texts", "añb", "añb"],
    ["a typed array and a list", Float64Array.of(1, 2.5), [1n, 2.5]],
    ["typed arrays of different types", Int32Array.of(1, 2), BigInt64Array.of(1n, 2n)],
    ["bytes in a buffer and as a list", new Uint8Array([1, 2]).buffer, [1, 2]],
    ["a Map and an object", new Map<string, unknown>([["a", [1n]]]), { a: [1] }],
    ["a Map with number keys and an object", new Map([[1, "x"]]), { 1: "x" }],
    ["Maps with keys of the same value", new Map([[1, 2]]), new Map([[1n, 2n]])],
    ["Maps with lists as keys", new Map([[[1, "a"], 2]]), new Map([[[1n, "a"], 2]])],
    ["objects with keys in another order", { a: 1, b: { c: [] } }, { b: { c: [] }, a: 1n }],
    ["a key with nothing and no such key", { a: 1, b: undefined }, { a: 1 }],
    ["sets in another order", new Set([1, 2]), new Set([2n, 1n])],
    ["dates", new Date(5), new Date(5)],
    ["lists that contain themselves", loop, otherLoop],
  ])("%s", (_, left, right) => {
    expect(firstDifference(left, right)).toBeUndefined();
    expect(firstDifference(right, left)).toBeUndefined();
  });
});

describe("the first difference", () => {
  it.each<[string, unknown, unknown, string, string, string]>([
    ["numbers", 1, 2, "", "1", "2"],
    [
      "a bigint beyond what a double holds",
      2n ** 60n + 1n,
      2 ** 60,
      "",
      "1152921504606846977",
      String(2 ** 60),
    ],
    ["a float and an integer", 1.5, 1n, "", "1.5", "1"],
    ["floats 5 ULP apart", 1, next(1, 5), "", "1", String(next(1, 5))],
    ["infinities", Infinity, -Infinity, "", "Infinity", "-Infinity"],
    ["true and 1", true, 1, "", "true", "1"],
    ["a text and a number", "1", 1, "", '"1"', "1"],
    ["nothing and zero", null, 0, "", "nothing", "0"],
    ["lengths", [1, 2, 3], Float64Array.of(1, 2), "", "3 elements", "2 elements"],
    ["an element", [[1], [2, 3]], [[1], [2, 4]], "[1][1]", "3", "4"],
    ["a value by key", { rows: [{ "a b": 1 }] }, { rows: [{ "a b": 2 }] }, '.rows[0]["a b"]', "1", "2"],
    ["a missing key", { a: 1 }, new Map(), ".a", "1", "no such key"],
    ["a key too many", new Map(), { a: 1 }, ".a", "no such key", "1"],
    ["a member", new Set([1, 2]), new Set([1, 3]), "", "the member 2", "no such member"],
    ["a list and an object", [1], { 0: 1 }, "", "a list of 1", "an object with 1 keys"],
    ["functions", describe, it, "", "the function describe", "the function it"],
  ])("%s", (_, left, right, path, mine, yours) => {
    const found = firstDifference(left, right);
    expect(found?.path).toBe(path);
    if (typeof left !== "function") expect(found).toEqual({ path, left: mine, right: yours });
  });

  it("heeds the tolerance", () => {
    expect(firstDifference(1, 1.0009, { relative: 1e-3 })).toBeUndefined();
    expect(firstDifference(1, 1.0011, { relative: 1e-3 })).toBeDefined();
    expect(firstDifference(1, next(1, 5), { ulps: 5 })).toBeUndefined();
    expect(firstDifference(1, next(1, 1), { ulps: 0 })).toBeDefined();
  });

  it("counts the doubles between two", () => {
    expect(ulpsApart(1, next(1, 7))).toBe(7);
    expect(ulpsApart(-1, next(-1, 3))).toBe(3);
    expect(ulpsApart(5e-324, -5e-324)).toBe(2);
    expect(ulpsApart(1, Number.NaN)).toBe(Infinity);
  });
});

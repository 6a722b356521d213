import { expect, it } from "vitest";
import { selectHistory } from "./select.ts";

const CELLS = [
  { session: 3, number: 1, source: "old" },
  { session: 5, number: 1, source: "let a = 1" },
  { session: 5, number: 2, source: "a + 1", output: "2" },
  { session: 5, number: 3, source: "let b = 2" },
  { session: 5, number: 4, source: "a + 1" },
];
const select = (query: Record<string, unknown>) => selectHistory(CELLS, 5, query);
const numbers = (query: Record<string, unknown>) => select(query).map((entry) => entry[1]);

it("takes the last cells", () => {
  expect(numbers({ hist_access_type: "tail", n: 2 })).toEqual([3, 4]);
  expect(numbers({ hist_access_type: "tail", n: 0 })).toEqual([]);
  expect(numbers({ hist_access_type: "tail", n: 9 })).toEqual([1, 1, 2, 3, 4]);
});

it("takes a range of a session up to before its stop", () => {
  expect(numbers({ hist_access_type: "range", session: 0, start: 2, stop: 4 })).toEqual([2, 3]);
  expect(select({ hist_access_type: "range", session: -1 })).toEqual([[3, 1, "old"]]);
  expect(select({ hist_access_type: "range", session: 3 })).toEqual([[3, 1, "old"]]);
  expect(select({ hist_access_type: "range", session: 4 })).toEqual([]);
  expect(select({ hist_access_type: "range", session: -9 })).toEqual([]);
});

it("searches by a glob, once for equal sources if asked", () => {
  expect(numbers({ hist_access_type: "search", pattern: "let*" })).toEqual([1, 3]);
  expect(numbers({ hist_access_type: "search", pattern: "a ? 1" })).toEqual([2, 4]);
  expect(numbers({ hist_access_type: "search", pattern: "a + 1", unique: true })).toEqual([4]);
  expect(numbers({ hist_access_type: "search", pattern: "*", n: 1 })).toEqual([4]);
  expect(numbers({ hist_access_type: "search", pattern: "" })).toEqual([]);
});

it("takes a pattern of many stars in its stride", () => {
  const long = [{ session: 1, number: 1, source: "a".repeat(50_000) }];
  expect(selectHistory(long, 1, { hist_access_type: "search", pattern: `${"*a".repeat(40)}b` })).toEqual([]);
});

it("gives the results that were stored", () => {
  const entries = select({ hist_access_type: "range", start: 2, stop: 4, output: true });
  expect(entries).toEqual([
    [5, 2, ["a + 1", "2"]],
    [5, 3, ["let b = 2", null]],
  ]);
});

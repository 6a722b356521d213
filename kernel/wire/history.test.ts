import { expect, it } from "vitest";
import { selectHistory } from "./history.ts";

const CELLS = [
  { number: 1, source: "let a = 1" },
  { number: 2, source: "a + 1" },
  { number: 3, source: "let b = 2" },
  { number: 4, source: "a + 1" },
];
const numbers = (request: Record<string, unknown>) => selectHistory(CELLS, request).map((entry) => entry[1]);

it("takes the last cells", () => {
  expect(numbers({ hist_access_type: "tail", n: 2 })).toEqual([3, 4]);
  expect(numbers({ hist_access_type: "tail", n: 0 })).toEqual([]);
});

it("takes a range up to before its stop", () => {
  expect(numbers({ hist_access_type: "range", start: 2, stop: 4 })).toEqual([2, 3]);
});

it("searches by a glob, once for equal sources if asked", () => {
  expect(numbers({ hist_access_type: "search", pattern: "let*" })).toEqual([1, 3]);
  expect(numbers({ hist_access_type: "search", pattern: "a ? 1" })).toEqual([2, 4]);
  expect(numbers({ hist_access_type: "search", pattern: "a + 1", unique: true })).toHaveLength(1);
});

it("has no outputs to give", () => {
  const [entry] = selectHistory(CELLS, { hist_access_type: "range", start: 1, stop: 2, output: true });
  expect(entry).toEqual([1, 1, ["let a = 1", null]]);
});

import { expect, test } from "vitest";
import { nextOf } from "./diagnostics.ts";

test.each<[string, string[], boolean, string[]]>([
  ["the last one alone", [], true, ["c"]],
  ["what is asked about", ["b"], true, ["b"]],
  ["one of those that are asked about", ["c", "b"], false, ["b"]],
  ["all others together", [], false, ["a", "b", "c"]],
])("of the notebooks that were opened comes next: %s", (_what, asked, isFirst, expected) => {
  expect(nextOf(["a", "b", "c"], (uri) => asked.includes(uri), isFirst)).toEqual(expected);
});

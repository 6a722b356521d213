import { expect, it } from "vitest";
import { numberOf, recordOf, textOf } from "./fields.ts";

it("takes fields as they should be, and empty ones for anything else", () => {
  const odd = JSON.parse('{ "toString": 1, "valueOf": 2 }');
  expect([textOf("a"), textOf(odd), textOf(null), textOf(7)]).toEqual(["a", "", "", ""]);
  expect([numberOf(7, 1), numberOf("7", 1), numberOf(odd, 1)]).toEqual([7, 1, 1]);
  expect([recordOf({ a: 1 }), recordOf([1]), recordOf(null), recordOf("a")]).toEqual([{ a: 1 }, {}, {}, {}]);
});

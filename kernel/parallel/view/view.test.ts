import { expect, test } from "vitest";
import { type ParallelCell, parallelView } from "./view.ts";

function view(rest: string, body: string, more: Partial<ParallelCell> = {}): string {
  const line = `%%parallel ${rest}`;
  const cell = {
    line,
    body,
    rest,
    restColumn: 11,
    file: "cell-1.ts",
    results: "list",
    keepGoing: false,
  } as const;
  return parallelView({ ...cell, ...more });
}

test("the item is declared in the place of the head, the body below it, the results below the body", () => {
  expect(view("x of rows", "const y: number = 1\ny", { out: "areas" })).toBe(
    "{const     x=ǃ( rows);var ǂ=__pmap(async()=>{\nconst y: number = 1;return(\ny)\n});};var _=ǂ;const areas=ǂ",
  );
  expect(view("x of _", "x")).not.toContain("var _");
  expect(view("x of rows", "x = 5\nx")).toMatch(/^\{let {7}x=/);
});

test("it is whole even where head or body are half-typed, and then has results of any type", () => {
  expect(view("x of rows.map((r", "x.")).toBe(
    "{const     x=ǃ( rows.map((r)));var ǂ=__pmap(async()=>{\nx.\n;return 0 as any\n});};var _=ǂ",
  );
  expect(view("x", "x")).toContain("x=0 as any;");
  expect(view("", "1")).toMatch(/^\{ +var ǂ=/);
  expect(view("x of rows", "x", { results: "any" })).toContain("var _=0 as any");
});

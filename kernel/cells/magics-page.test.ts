import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lineMagics } from "./line-magics.ts";
import { lineOptionsOf, optionsOf } from "./magic-line.ts";
import { magics } from "./magics.ts";
import { magicsPage } from "./magics-page.ts";

const root = join(import.meta.dirname, "../..");

describe("the documentation of the magics", () => {
  test("is what their declarations say (npm run docs writes it)", () => {
    expect(readFileSync(join(root, "docs/magics.md"), "utf8")).toBe(magicsPage());
  });

  test("names every magic in the README", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    for (const { name } of lineMagics) expect(readme, name).toMatch(new RegExp(`\`%${name}\\b`));
    for (const { name } of magics) expect(readme, name).toMatch(new RegExp(`\`%%${name}\\b`));
  });
});

test("names and options are each declared once", () => {
  for (const table of [lineMagics, magics]) {
    expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
  }
  for (const options of [...lineMagics.map(lineOptionsOf), ...magics.map(optionsOf)]) {
    const names = options.flatMap(({ long, short }) => (short ? [`--${long}`, `-${short}`] : [`--${long}`]));
    expect(new Set(names).size).toBe(names.length);
  }
});

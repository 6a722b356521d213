import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Location, LocationLink } from "vscode-languageserver";
import { LanguageClient } from "../../../test/language-client.ts";
import { exportPlaces } from "./outline.ts";

const SHAPES = [
  "%%rust --dep itoa",
  ":dep serde",
  "pub mod orders {",
  "    /// What was bought.",
  "    pub struct Order { pub total: f64, secret: u8 }",
  "    impl Order {",
  "        pub fn new(total: f64) -> Self { Self { total, secret: 0 } }",
  "        fn hidden(&self) {}",
  "        pub fn r#match(&self) -> bool { true }",
  "    }",
  "}",
  'pub const NAME: &str = "🦀"; pub fn é(x: f64) -> f64 { x }',
  "fn private() {}",
  "pub enum Kind { Small, Large { size: u32 } }",
].join("\n");

describe("names of %%rust cells", () => {
  it("have their places", () => {
    const lines = SHAPES.split("\n");
    const found = exportPlaces({ text: SHAPES }).map(({ path, range: { start, end } }) => [
      path.join("."),
      lines[start.line]?.slice(start.character, end.character),
    ]);
    expect(found).toEqual([
      ["orders", "orders"],
      ["orders.Order", "Order"],
      ["orders.Order.total", "total"],
      ["orders.Order.new_", "new"],
      ["orders.Order.match", "r#match"],
      ["NAME", "NAME"],
      ["é", "é"],
      ["Kind", "Kind"],
      ["Kind.Small", "Small"],
      ["Kind.Large", "Large"],
      ["Kind.Large.size", "size"],
    ]);
    expect(exportPlaces({ text: "const pub_fn = 1" })).toEqual([]);
  });
});

describe("a %%rust cell seen from TypeScript", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tandem-rust-ts-")));
  const client = new LanguageClient(folder);
  beforeAll(async () => {
    // Nothing of it needs a compiler.
    await client.initialize({ trusted: false });
  });
  afterAll(async () => {
    await client.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("types its functions before anything is compiled, tells them, and leads to them", async () => {
    const nb = client.open([
      {
        language: "rust",
        text: "%%rust\n/// Scales a number.\npub fn scale(x: f64, by: u32) -> f64 { x * by as f64 }",
      },
      'const wrong = scale("1", 2);',
      "const right = sca‸le(1, 2);",
    ]);
    const [error] = await nb.diagnosed(1);
    expect(error).toMatchObject({
      code: 2345,
      range: { start: { line: 0, character: 20 }, end: { line: 0, character: 23 } },
    });
    const { place } = nb;
    const hover = await nb.hover(place);
    expect(hover).toContain("Scales a number.");
    expect(hover).toMatch(/x: number, by: number\) => number/);
    const { cell, ...position } = place;
    const [target] = await nb.ask<(Location | LocationLink)[]>("definition", cell, { position });
    expect(target).toMatchObject({
      targetUri: nb.uriOf(0),
      targetSelectionRange: { start: { line: 2, character: 7 }, end: { line: 2, character: 12 } },
    });
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRust } from "../../../test/rust-kernel.ts";
import { isExecuted, parseNotebook } from "../../notebook/notebook.ts";
import { findToolchain, type Toolchain } from "../../rust/toolchain.ts";
import type { EditedNotebook } from "../cell-language.ts";
import { CellChecks } from "./check-cells.ts";
import { isRust } from "./rust-cells.ts";

const folder = join(import.meta.dirname, "../../../notebooks");
const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

describe.skipIf(!hasRust)("rustc in the editor, in the bundled notebooks", () => {
  const cache = mkdtempSync(join(tmpdir(), "tandem-bundled-"));
  let checks: CellChecks;
  let toolchain: Toolchain;
  beforeAll(async () => {
    process.env.TANDEM_CACHE = cache;
    checks = new CellChecks();
    toolchain = await findToolchain();
  });
  afterAll(() => {
    delete process.env.TANDEM_CACHE;
    rmSync(cache, { recursive: true, force: true });
  });

  it("finds no error in any cell that is to compile", async () => {
    let checked = 0;
    for (const name of names) {
      const { cells } = parseNotebook(readFileSync(join(folder, name), "utf8"), name);
      const notebook: EditedNotebook = {
        uri: `file:///${name}`,
        folder,
        cells: cells
          .filter(isExecuted)
          .map(({ source }, index) => ({ uri: `cell:${name}#${index}`, language: "", text: source, index })),
      };
      if (!notebook.cells.some(isRust)) continue;
      const { signal } = new AbortController();
      await checks.check(notebook, toolchain, new Set(), signal, ({ cell, found }) => {
        checked++;
        const errors = found.filter(({ severity }) => severity === "error");
        expect({ cell: cell.cell.text, errors }).toEqual({ cell: cell.cell.text, errors: [] });
      });
    }
    expect(checked).toBeGreaterThan(10);
  }, 300_000);
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { noOutput } from "../../cells/no-output.ts";
import { prepare } from "../../cells/prepare.ts";
import { KernelSession } from "../../cells/session-state.ts";
import type { Engine } from "../../engine/engine.ts";
import type { TypeService } from "../service.ts";
import { createTypeService } from "./types.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "notebooks");

/** The code cells of a notebook. */
function sourcesOf(file: string): string[] {
  // The notebooks are our own and well formed.
  const { cells } = JSON.parse(readFileSync(join(folder, file), "utf8")) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  return cells.filter((cell) => cell.cell_type === "code").map((cell) => [cell.source].flat().join(""));
}

// One service for all, as after a restart: its start takes longer than the cells of a notebook.
let types: TypeService;
beforeAll(() => {
  const service = createTypeService({ folder });
  if (!service) throw new Error("The compiler is not installed.");
  types = service;
});
afterEach(() => types.reset());
afterAll(() => types.close());

test.each(readdirSync(folder).filter((file) => file.endsWith(".ipynb")))(
  "%s has no type warnings",
  async (file) => {
    // Nothing runs: views of cells ask for no engine.
    const session = new KernelSession(folder, {} as Engine, types);
    const { signal } = new AbortController();
    const warnings: string[] = [];
    for (const [index, source] of sourcesOf(file).entries()) {
      const name = `cell-${index + 1}.ts`;
      const cell = { number: index + 1, file: name, source, output: noOutput, signal };
      const view = await prepare(cell, session).typeView();
      if (view === undefined) continue;
      for (const found of await types.check(name, view))
        if (found.severity !== "suggestion") warnings.push(`${name}:${found.line} ${found.message}`);
      await types.commit(name, view);
    }
    expect(warnings).toEqual([]);
  },
);

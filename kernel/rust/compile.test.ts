import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCell } from "./addon.ts";
import { compile, needsNothing } from "./compile.ts";
import { noCrates } from "./crates.ts";
import { usualLinker } from "./linker.ts";
import { loadLibrary } from "./load.ts";
import { findToolchain } from "./toolchain.ts";

const toolchain = await findToolchain().catch(() => undefined);

describe.skipIf(!toolchain)("compile", () => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-compile-"));
  beforeAll(() => {
    process.env.TANDEM_CACHE = join(folder, "cache");
  });
  afterAll(() => {
    delete process.env.TANDEM_CACHE;
    rmSync(folder, { recursive: true, force: true });
  });

  const { signal } = new AbortController();
  const source = (text: string) => ({ text, exports: parseCell(text), needed: needsNothing, debug: false });
  /** Asserted by the suite's condition. */
  const found = () => {
    if (!toolchain) throw new Error("There is no compiler.");
    return toolchain;
  };

  it("does not run the compiler for a cell that it has compiled", async () => {
    const cell = source("pub fn one() -> u8 { 1 }");
    expect(await compile(cell, found(), noCrates, signal)).toMatchObject({ ok: true, cached: false });
    const noCompiler = { ...found(), rustc: join(folder, "nothing") };
    expect(await compile(cell, noCompiler, noCrates, signal)).toMatchObject({ ok: true, cached: true });
    const changed = source("pub fn one() -> u8 { 2 }");
    await expect(compile(changed, noCompiler, noCrates, signal)).rejects.toThrow("ENOENT");
  });

  it("tries the next linker where one fails", async () => {
    const broken = ["-Clinker=/nowhere/ld"];
    const cell = source("pub fn three() -> u8 { 3 }");
    expect(await compile(cell, found(), noCrates, signal, () => [broken])).toMatchObject({ ok: false });
    expect(
      await compile(cell, found(), noCrates, signal, (one, at) => [broken, usualLinker(one, at)]),
    ).toMatchObject({ ok: true });
  });

  it("links where the toolchain's own linker is not to be had", async () => {
    const cell = source("pub fn two() -> u8 { 2 }");
    const compiled = await compile(cell, found(), noCrates, signal, (one, at) => [usualLinker(one, at)]);
    if (!compiled.ok) throw new Error(compiled.otherwise);
    const two = loadLibrary(compiled.library, "cell-1.rs", false).declared.get("two") as () => number;
    expect(two()).toBe(2);
  });
});

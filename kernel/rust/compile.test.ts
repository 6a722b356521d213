import { mkdtempSync, readdirSync, rmSync, truncateSync } from "node:fs";
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

  it("begins each optimised function on a line of the cache, whatever stands beside it", async () => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    const cell = names.map(
      (name, n) =>
        `pub fn ${name}(n: u32) -> usize { if n < ${n} { n as usize } else { ${name} as fn(u32) -> usize as usize % 64 } }`,
    );
    const compiled = await compile(source(cell.join("\n")), found(), noCrates, signal);
    if (!compiled.ok) throw new Error(compiled.otherwise);
    const { declared } = loadLibrary(compiled.library, "cell-1.rs", false);
    expect(names.map((name) => (declared.get(name) as (n: number) => number)(9))).toEqual(names.map(() => 0));
  });

  describe("a quick build", () => {
    const quick = async (text: string) => {
      const compiled = await compile({ ...source(text), quick: true }, found(), noCrates, signal);
      if (!compiled.ok) throw new Error(compiled.errors.map(({ rendered }) => rendered).join(""));
      const { declared } = loadLibrary(compiled.library, "cell-1.rs", false);
      return { ...compiled, call: (name: string) => (declared.get(name) as () => unknown)() };
    };
    const kept = () => {
      const [own = ""] = readdirSync(join(folder, "cache", "increments"));
      return readdirSync(join(folder, "cache", "increments", own));
    };
    const pair = (one: number) =>
      `pub fn left() -> u8 { ${one} }\npub fn right() -> String { let unused = 1; format!("{}", left()) }`;

    it("takes over what an edit leaves alone, and an earlier build in use stays as it was", async () => {
      const [first, second] = [await quick(pair(1)), await quick(pair(2))];
      expect(kept()).toHaveLength(1);
      expect([first.call("right"), second.call("right")]).toEqual(["1", "2"]);
      expect([first.call("left"), second.call("left")]).toEqual([1, 2]);
      // Also what the compiler does not look at again is warned of.
      expect(second.warnings.join()).toContain("unused");
    });

    it("goes on after a build that was refused", async () => {
      await expect(quick(pair(3).replace("{ 3 }", "{ 300 }"))).rejects.toThrow("out of range");
      expect((await quick(pair(4))).call("right")).toBe("4");
    });

    it("is right where several are built at once", async () => {
      const all = await Promise.all([5, 6, 7].map((one) => quick(pair(one))));
      expect(all.map((one) => one.call("right"))).toEqual(["5", "6", "7"]);
      expect(kept()).toHaveLength(3);
    });

    it("is right where what was kept is damaged", async () => {
      const own = join(folder, "cache", "increments");
      const files = readdirSync(own, { recursive: true, withFileTypes: true });
      for (const file of files) {
        if (file.isFile() && file.name.endsWith(".bin")) truncateSync(join(file.parentPath, file.name), 100);
      }
      expect((await quick(pair(8))).call("right")).toBe("8");
    });
  });

  it("links where the toolchain's own linker is not to be had", async () => {
    const cell = source("pub fn two() -> u8 { 2 }");
    const compiled = await compile(cell, found(), noCrates, signal, (one, at) => [usualLinker(one, at)]);
    if (!compiled.ok) throw new Error(compiled.otherwise);
    const two = loadLibrary(compiled.library, "cell-1.rs", false).declared.get("two") as () => number;
    expect(two()).toBe(2);
  });
});

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCell } from "./addon.ts";
import { cacheEntries, pruneCache, removeEntries } from "./cache-entries.ts";
import { compile, needsNothing } from "./compile.ts";
import { noCrates } from "./crates.ts";
import { findToolchain } from "./toolchain.ts";

const toolchain = await findToolchain().catch(() => undefined);

describe.skipIf(!toolchain)("the cache of compiled cells", () => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-cache-"));
  const cache = join(folder, "cache");
  beforeAll(() => {
    process.env.TANDEM_CACHE = cache;
  });
  afterAll(() => {
    delete process.env.TANDEM_CACHE;
    rmSync(folder, { recursive: true, force: true });
  });

  const build = async (text: string) => {
    if (!toolchain) throw new Error("There is no compiler.");
    const source = { text, exports: parseCell(text), needed: needsNothing, debug: false };
    const compiled = await compile(source, toolchain, noCrates, new AbortController().signal);
    if (!compiled.ok) throw new Error(compiled.otherwise);
    return compiled;
  };
  const notebook = (name: string, cells: string[]) =>
    writeFileSync(
      join(folder, name),
      JSON.stringify({
        cells: cells.map((source, index) => ({
          cell_type: "code",
          execution_count: null,
          id: `c${index}`,
          metadata: {},
          outputs: [],
          source,
        })),
        metadata: { kernelspec: { display_name: "Tandem", language: "typescript", name: "tandem" } },
        nbformat: 4,
        nbformat_minor: 5,
      }),
    );
  const tandem = (...args: string[]) => {
    const child = spawn(
      process.execPath,
      [join(process.env.TANDEM_TEST_BUNDLES ?? "", "tandem.cjs"), ...args],
      { cwd: folder },
    );
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
    return { child, ended: once(child, "close").then(([code]) => ({ code: code as number, said })) };
  };
  /** As if it had been used so many days ago. */
  const age = (path: string, days: number) => {
    const then = new Date(Date.now() - days * 24 * 3600e3);
    utimesSync(path, then, then);
  };

  it("rebuilds what a crash or a full disk has cut", async () => {
    const text = "pub fn whole() -> u8 { 1 }";
    const { library } = await build(text);
    const { size } = statSync(library);
    expect((await build(text)).cached).toBe(true);
    truncateSync(library, size - 100);
    expect(await build(text)).toMatchObject({ cached: false, library });
    expect(statSync(library).size).toBe(size);
    rmSync(join(library, "..", "manifest.json"));
    rmSync(join(library, "..", "seal.json"));
    expect((await build(text)).cached).toBe(false);
  });

  it("serves two kernels that compile the same at once", async () => {
    notebook("same.ipynb", [
      "%%rust\npub fn shared(x: f64) -> f64 { x * 2.0 }",
      "if (shared(21) !== 42) throw new Error(String(shared(21)))",
    ]);
    const both = [0, 1].map(() => tandem("run", "same.ipynb").ended);
    for (const { code, said } of await Promise.all(both)) {
      expect(said).toContain("2 cells ran");
      expect(code).toBe(0);
    }
    const made = (await cacheEntries()).filter(({ holds }) => holds === "shared");
    expect(made).toHaveLength(1);
    expect(readdirSync(join(cache, "rust")).filter((name) => name.startsWith("."))).toEqual([]);
    // Both processes have ended.
    expect(made[0]?.inUse).toBe(false);
  });

  it("lets the least recently used go, and never what is in use", async () => {
    const used = join((await build("pub fn used() -> u8 { 2 }")).library, "..");
    age(used, 9);
    const lying = (days: number, letter: string) => {
      const path = join(cache, "rust", letter.repeat(32));
      mkdirSync(path);
      writeFileSync(join(path, "x"), Buffer.alloc(100_000));
      age(path, days);
      return path;
    };
    const [oldest, old, recent] = [lying(3, "a"), lying(2, "b"), lying(1, "c")];
    const total = (await cacheEntries()).reduce((sum, { bytes }) => sum + bytes, 0);
    expect((await pruneCache(total - 150_000)).map(({ path }) => path).sort()).toEqual([oldest, old]);
    expect((await pruneCache(0)).map(({ path }) => path)).toContain(recent);
    expect((await cacheEntries()).some(({ path }) => path === used)).toBe(true);
  });

  it("keeps what another running process uses, and what has just come into use", async () => {
    const path = join(cache, "rust", "d".repeat(32));
    mkdirSync(path);
    age(path, 5);
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"]);
    const note = join(cache, "in-use", `${hostname()}-${other.pid}`);
    writeFileSync(note, `rust/${"d".repeat(32)}\n`);
    const listed = (await cacheEntries()).filter((entry) => entry.path === path);
    expect(listed[0]?.inUse).toBe(true);
    expect(await removeEntries(listed.map((entry) => ({ ...entry, inUse: false })))).toEqual([]);
    other.kill();
    await once(other, "exit");
    expect(await removeEntries(listed.map((entry) => ({ ...entry, inUse: false })))).toHaveLength(1);
  });

  it("is shown and cleared by `tandem cache`", async () => {
    expect((await tandem("cache", "path").ended).said).toBe(`${cache}\n`);
    const { said } = await tandem("cache").ended;
    expect(said).toMatch(/^cell +\d+ KB +0 min +shared$/m);
    expect(said).toMatch(/^prelude .*in use/m);
    expect((await tandem("cache", "clear", "--older-than", "1d").ended).said).toMatch(/^0 entries/);
    expect((await tandem("cache", "clear").ended).said).toMatch(
      /removed\.\n\d+ stay: running notebooks use them/,
    );
    expect((await tandem("cache").ended).said).not.toContain("shared");
    expect((await tandem("cache", "fly").ended).code).toBe(2);
    expect((await tandem("cache", "--older-than", "soon").ended).code).toBe(2);
  });

  it("says that the disk is full", async () => {
    const small = join(folder, "small");
    mkdirSync(small, { mode: 0o700 });
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", small]);
    if (mounted.status !== 0) return; // Only the superuser of a Linux machine may make a disk of its own.
    process.env.TANDEM_CACHE = small;
    try {
      await expect(build('pub fn large() -> String { format!("{:?}", vec![1.5]) }')).rejects.toThrow(
        "disk is full",
      );
    } finally {
      process.env.TANDEM_CACHE = cache;
      spawnSync("umount", [small]);
    }
  });
});

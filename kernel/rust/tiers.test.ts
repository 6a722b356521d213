import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";
import { parseCell } from "./addon.ts";
import { canSwap } from "./tiers.ts";

describe("canSwap", () => {
  it.each([
    ['pub fn f() -> &\'static str { "a" }', true],
    ["pub struct P { pub x: f64 }\npub fn f(p: P) -> P { p }", true],
    ["static N: u32 = 1;\npub fn f() -> u32 { N }", false],
    ["pub fn f() -> u32 { thread_local! { pub static N: u32 = 1 } 1 }", false],
    ["pub struct C { n: u32 }\nimpl C { pub fn new() -> C { C { n: 1 } } }", false],
  ])("%s: %s", (text, can) => expect(canSwap(parseCell(text), text)).toBe(can));
});

describe.skipIf(!hasRust)("a %%rust cell where a person waits", () => {
  const rust = useRustKernel("tandem-tiers-", { attended: true });
  const { folder } = rust;

  const ran = async (source: string) => {
    const one = await rust.k.run(source);
    expect(one.error?.traceback.join("\n")).toBeUndefined();
    return one;
  };
  /** Of the builds of the cell with this function. */
  const levels = (name: string) => {
    const cells = readdirSync(join(folder, "cache", "rust")).filter((name) => /^[0-9a-f]{32}$/.test(name));
    return cells
      .map((cell) => readFileSync(join(folder, "cache", "rust", cell, "manifest.json"), "utf8"))
      .filter((manifest) => manifest.includes(`"name":"${name}"`))
      .map((manifest) => /, (O\d)"/.exec(manifest)?.[1])
      .sort();
  };

  it("runs unoptimised code first, the optimised behind it, and gives the same", async () => {
    const code =
      "pub fn over(x: i32) -> i32 { x + 1 }\npub fn parts(n: u32) -> Vec<String> { (0..n).map(|i| i.to_string()).collect() }";
    await ran(`%%rust\n${code}`);
    const give = "[over(2147483647), parts(3).join(), over.name]";
    const first = (await ran(`const held = over; ${give}`)).result?.["text/plain"];
    expect(first).toBe("[ -2147483648, '0,1,2', 'over' ]");
    const bench = await ran("%%bench --budget 1s --rounds 6\nrust: held(1)");
    expect(bench.displays.length).toBeGreaterThan(0);
    expect(levels("over")).toEqual(["O0", "O3"]);
    // What a name was before the swap is what it is after it.
    expect((await ran(`[held === over, ...${give}].join()`)).result?.["text/plain"]).toBe(
      "'true,-2147483648,0,1,2,over'",
    );
    expect(JSON.stringify(bench.displays)).toContain("O3");
  });

  it("says that %%bench waited, and measures the optimised code", async () => {
    const body = Array.from(
      { length: 5 },
      (_, n) =>
        `pub fn sort${n}(xs: &[f64]) -> Vec<f64> { let mut all = xs.to_vec(); all.sort_by(|a, b| (a * ${n}.0).total_cmp(b)); all }`,
    ).join("\n");
    await ran(`%%rust\n${body}`);
    const { stderr } = await ran("%%bench --budget 1s --rounds 6\nrust: sort1(new Float64Array(4))");
    expect(stderr).toMatch(/^Waited [\d.]+ s for the optimised build of cell-\d+\.rs\.$/m);
  });

  it("keeps one build of what holds state, and links later cells with the optimised one", async () => {
    await ran(
      "%%rust\nuse std::sync::atomic::{AtomicU32, Ordering};\nstatic N: AtomicU32 = AtomicU32::new(0);\npub fn count() -> u32 { N.fetch_add(1, Ordering::SeqCst) }",
    );
    expect(levels("count")).toEqual(["O3"]);
    await ran("%%rust\npub fn twice(x: i32) -> i32 { 2 * x }");
    await ran("%%rust\npub fn four(x: i32) -> i32 { twice(twice(x)) }");
    expect((await ran("[count(), count(), four(3)].join()")).result?.["text/plain"]).toBe("'0,1,12'");
  });

  it("builds nothing twice with --debug", async () => {
    await ran("%%rust --debug\npub fn added(x: i32) -> i32 { x + 1 }");
    const { error } = await rust.k.run("added(2147483647)");
    expect(error?.evalue).toContain("overflow");
    await ran("%%bench --budget 1s --rounds 6\nrust: added(1)");
    expect(levels("added")).toEqual(["O0"]);
  });
});

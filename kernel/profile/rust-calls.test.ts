import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";
import { chartMime, readChart } from "../display/chart/spec.ts";
import type { CpuProfile } from "./profiler.ts";
import { elsewhereSeconds, nameRust, type RustCall } from "./rust-calls.ts";

const frame = (functionName: string, url = "", scriptId = url === "" ? "0" : "7") => ({
  functionName,
  url,
  scriptId,
  lineNumber: 0,
  columnNumber: 0,
});
const call = (name: string, start: number, end: number, elsewhere = false): RustCall => ({
  name,
  file: "cell-1.rs",
  start,
  end,
  elsewhere,
});

describe("Rust's functions in V8's profile", () => {
  // go calls an addon's function, which calls back a function of the cell, which calls an addon's.
  const profile: CpuProfile = {
    startTime: 1000,
    endTime: 2000,
    nodes: [
      { id: 1, callFrame: frame("(root)"), hitCount: 0, children: [2] },
      { id: 2, callFrame: frame("go", "cell-2.ts"), hitCount: 1, children: [3] },
      { id: 3, callFrame: frame("last"), hitCount: 2, children: [4] },
      { id: 4, callFrame: frame("back", "cell-2.ts"), hitCount: 1, children: [5] },
      { id: 5, callFrame: frame("last"), hitCount: 1 },
    ],
    samples: [2, 3, 4, 5, 3],
    timeDeltas: [100, 100, 100, 100, 500],
  };

  it("are named by what ran then, the outer before the inner", () => {
    const named = nameRust(profile, [
      call("outer", 1150, 1500),
      call("inner", 1350, 1450),
      call("away", 1000, 2000, true),
    ]);
    const nodes = new Map(named.nodes.map((node) => [node.id, node]));
    const parent = (id: number) => named.nodes.find(({ children }) => children?.includes(id));
    const path = (id: number): string[] => {
      const above = parent(id);
      return [...(above ? path(above.id) : []), nodes.get(id)?.callFrame.functionName ?? "?"];
    };
    expect(named.samples?.map((id) => path(id).join(" "))).toEqual([
      "(root) go",
      "(root) go outer",
      "(root) go outer back",
      "(root) go outer back inner",
      // Nothing of Rust's ran then.
      "(root) go an addon",
    ]);
    expect(named.nodes.reduce((sum, { hitCount = 0 }) => sum + hitCount, 0)).toBe(5);
    expect(profile.samples).toEqual([2, 3, 4, 5, 3]);
  });

  it("stay as they are where none was called", () => {
    expect(nameRust(profile, [])).toBe(profile);
    expect(nameRust(profile, [call("away", 0, 9000, true)])).toBe(profile);
  });

  it("count each instant of other threads once", () => {
    const calls = [
      call("a", 0, 2e6, true),
      call("b", 1e6, 3e6, true),
      call("c", 5e6, 6e6, true),
      call("d", 0, 9e6),
    ];
    expect(elsewhereSeconds(calls)).toBe(4);
  });
});

describe.skipIf(!hasRust)("a profile of a cell that calls Rust", () => {
  const rust = useRustKernel("tandem-profile-rust-");

  it("tells each function's time in its place, and what .async did elsewhere", async () => {
    await rust.define(`pub fn slow(n: u64) -> f64 { let mut x = 1.0f64; for i in 0..n { x = (x + i as f64).sqrt(); } x }
pub struct Counter { sum: f64 }
impl Counter {
    pub fn new() -> Self { Counter { sum: 0.0 } }
    pub fn spin(&mut self, n: u64) -> f64 { self.sum += slow(n); self.sum }
}
pub fn each(f: impl Fn(f64) -> f64, n: u32) -> f64 { (0..n).map(|i| f(i as f64)).sum() }`);
    const ran = await rust.k.run(`%%profile --out found
const counter = new Counter();
function go() { return slow(6_000_000) + counter.spin(6_000_000); }
function back(x: number): number { const until = performance.now() + 1; while (performance.now() < until) x += Math.sqrt(x); return x; }
go();
each(back, 60);
await slow.async(6_000_000);`);
    expect(ran.error).toBeUndefined();
    const [hot, flame] = ran.displays.map(({ data }) => readChart(data[chartMime]));
    if (!hot?.ok || hot.spec.type !== "bars" || !flame?.ok || flame.spec.type !== "flame")
      throw new Error("no charts");
    expect(hot.spec.notes?.join(" ")).toMatch(
      /the time it waited\. Rust took [\d.]+ m?s\. Beside that Rust worked [\d.]+ m?s on other threads \(\.async\)\./,
    );
    const below = flame.spec.frames.map(({ depth, label, kind }) => `${depth} ${label} ${kind}`);
    expect(below).toEqual(
      expect.arrayContaining([
        "1 go cells",
        "2 slow Rust",
        "2 Counter::spin Rust",
        "1 each Rust",
        "2 back cells",
      ]),
    );
    const times = await rust.text(
      "[found.rust > 0.01, found.rust < found.total, found.rustElsewhere > 0.005, found.waited > 0.005].join()",
    );
    expect(times).toBe("'true,true,true,true'");
    const file = join(rust.folder, ".tandem", "profiles", `cell-${ran.number}.cpuprofile`);
    const kept: CpuProfile = JSON.parse(readFileSync(file, "utf8"));
    expect(kept.nodes.map(({ callFrame }) => callFrame.functionName)).toContain("Counter::spin");
    const ids = new Set(kept.nodes.map(({ id }) => id));
    expect([ids.size, kept.samples?.every((id) => ids.has(id))]).toEqual([kept.nodes.length, true]);
  });
});

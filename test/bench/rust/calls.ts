// What a call costs beside hand-written addons and koffi, and that large arrays are not copied.
import { loopOf } from "../../../kernel/measure/loop.ts";
import { loadLibrary } from "../../../kernel/rust/load.ts";
import type { Toolchain } from "../../../kernel/rust/toolchain.ts";
import type { Comparison, compare, SideOrReason, Target } from "../harness/compare.ts";
import { beyond, type Fact, factOf } from "../harness/facts.ts";
import { build } from "./builds.ts";
import { cAddon, type Functions, koffi, napiRs, type Peer } from "./peers.ts";

type Measure = (...args: Parameters<typeof compare>) => Promise<Comparison>;

const cell = `
pub fn empty() {}
pub fn fib(n: u32) -> u64 { let (mut a, mut b) = (0u64, 1u64); for _ in 0..n { (a, b) = (b, a + b) } a }
pub fn sum(values: &[f64]) -> f64 { values.iter().sum() }
pub fn touch(values: &mut [f64]) { if let Some(first) = values.first_mut() { *first += 1.0 } }
pub fn give(count: usize) -> Vec<f64> { vec![0.0; count] }
static INSIDE: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
/// Written to before it is given; \`inside\` tells how many ns that took.
pub fn ones(count: usize) -> Vec<f64> {
    let start = std::time::Instant::now();
    let all = vec![1.0; count];
    INSIDE.store(start.elapsed().as_nanos() as u64, std::sync::atomic::Ordering::Relaxed);
    all
}
pub fn inside() -> f64 { INSIDE.load(std::sync::atomic::Ordering::Relaxed) as f64 }
`;

interface Arrays {
  touch(values: Float64Array): void;
  give(count: number): Float64Array;
  ones(count: number): Float64Array;
  inside(): number;
}

export async function measureCalls(toolchain: Toolchain, measure: Measure): Promise<Fact[]> {
  const { library } = await build(cell, toolchain);
  const declared = (bigAsNumber: boolean) =>
    // What the cell above declares.
    Object.fromEntries(loadLibrary(library, "cell.rs", bigAsNumber).declared) as unknown as Functions &
      Arrays;
  const [ours, numbers] = [declared(false), declared(true)];
  const values = new Float64Array(16);
  const peers: Record<string, Peer> = {
    tandem: ours,
    c: cAddon(),
    koffi: koffi(),
    "napi-rs": napiRs(toolchain),
  };
  // koffi gives a number where one is exact, which a bigint is slower than: it is held against the same of ours.
  const asNumber: Record<string, Peer> = { tandem: numbers, koffi: peers.koffi ?? { notRun: "" } };
  const { koffi: _, ...bigint } = peers;
  const kinds: [title: string, peers: Record<string, Peer>, call: (functions: Functions) => () => unknown][] =
    [
      ["an empty call", peers, (functions) => () => functions.empty()],
      ["fib(1), a bigint", bigint, (functions) => () => functions.fib(1)],
      ["fib(1), a number", asNumber, (functions) => () => functions.fib(1)],
      ["a slice of 16 doubles", peers, (functions) => () => functions.sum(values)],
    ];
  const facts: Fact[] = [];
  for (const [title, of, call] of kinds) {
    const sides = Object.entries(of).map(([name, peer]): [string, SideOrReason] => [
      name,
      "notRun" in peer ? peer : { sample: loopOf(call(peer), false) },
    ]);
    const targets: Target[] = Object.keys(of)
      .filter((name) => name === "koffi" || name === "napi-rs")
      .map((to) => ({ what: `against ${to}`, of: "tandem", to, atMost: 1 }));
    const { result } = await measure(title, Object.fromEntries(sides), targets);
    const above = beyond(`${title}: above a C addon`, result, "tandem", "c", 12);
    if (above) facts.push(above);
  }

  const [little, large] = [new Float64Array(8192), new Float64Array(8 * 1024 * 1024)];
  await measure(
    "&mut [f64] in: 64 KB and 64 MB",
    {
      "64 KB": { sample: loopOf(() => ours.touch(little), false) },
      "64 MB": { sample: loopOf(() => ours.touch(large), false) },
    },
    [{ what: "independent of size", of: "64 MB", to: "64 KB", atMost: 1.5 }],
  );
  return [...facts, ...memoryFacts(ours)];
}

/** What the process grows by, and how long it takes, while 64 MB go in and come out. */
function memoryFacts(ours: Arrays): Fact[] {
  const count = 8 * 1024 * 1024;
  const large = new Float64Array(count).fill(1);
  const resident = () => process.memoryUsage.rss() / 1e6;
  const grown = (run: () => unknown) => {
    const before = resident();
    const kept = run();
    return [Math.max(0, resident() - before), kept];
  };
  const [taken] = grown(() => ours.touch(large));
  const [given] = grown(() => ours.give(count));
  const times = (run: () => unknown) =>
    Array.from({ length: 21 }, () => {
      const start = performance.now();
      run();
      return performance.now() - start;
    });
  const inside: number[] = [];
  const whole = times(() => {
    ours.ones(count);
    inside.push(ours.inside() / 1e6);
  });
  const copied = times(() => large.slice());
  return [
    { what: "64 MB of &mut [f64] in: memory taken", value: Number(taken), unit: "MB", atMost: 1 },
    { what: "64 MB of Vec<f64> out: memory taken", value: Number(given), unit: "MB", atMost: 1 },
    factOf(
      "64 KB of Vec<f64> out",
      times(() => ours.give(8192)),
      "ms",
    ),
    factOf(
      "64 MB of Vec<f64> out",
      times(() => ours.give(count)),
      "ms",
      5,
    ),
    factOf("64 MB that Rust has written to, out: the whole call", whole, "ms"),
    factOf("  of that inside Rust: the system gives each page at its first write", inside, "ms"),
    factOf(
      "  beyond it: handing over, and V8's collector",
      whole.map((ms, one) => ms - (inside[one] ?? 0)),
      "ms",
      5,
    ),
    factOf("  a copy of 64 MB would take", copied, "ms"),
  ];
}

// What a call costs beside hand-written addons and koffi, and that large arrays are not copied.
import { loopOf } from "../../../kernel/measure/loop.ts";
import { loadLibrary } from "../../../kernel/rust/load.ts";
import type { Toolchain } from "../../../kernel/rust/toolchain.ts";
import type { Comparison, compare, SideOrReason, Target } from "../harness/compare.ts";
import type { Fact } from "../harness/facts.ts";
import { build } from "./builds.ts";
import { cAddon, type Functions, koffi, napiRs, type Peer } from "./peers.ts";

type Measure = (...args: Parameters<typeof compare>) => Promise<Comparison>;

const cell = `
pub fn empty() {}
pub fn fib(n: u32) -> u64 { let (mut a, mut b) = (0u64, 1u64); for _ in 0..n { (a, b) = (b, a + b) } a }
pub fn sum(values: &[f64]) -> f64 { values.iter().sum() }
pub fn touch(values: &mut [f64]) { if let Some(first) = values.first_mut() { *first += 1.0 } }
pub fn give(count: usize) -> Vec<f64> { vec![0.0; count] }
`;

interface Arrays {
  touch(values: Float64Array): void;
  give(count: number): Float64Array;
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
    const time = (wanted: string) => result.sides.find(({ name }) => name === wanted)?.time.value;
    const [own, c] = [time("tandem"), time("c")];
    if (own !== undefined && c !== undefined) {
      facts.push({ what: `${title}: above a C addon`, value: (own - c) * 1e9, unit: "ns", atMost: 12 });
    }
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

/** What the process grows by while 64 MB go in and come out. */
function memoryFacts(ours: Arrays): Fact[] {
  const large = new Float64Array(8 * 1024 * 1024).fill(1);
  const resident = () => process.memoryUsage.rss() / 1e6;
  const before = resident();
  ours.touch(large);
  const taken = resident() - before;
  const start = performance.now();
  const given = ours.give(large.length);
  const ms = performance.now() - start;
  const [mapped, fillBefore] = [given.length, resident()];
  given.fill(1);
  const filled = resident() - fillBefore;
  return [
    {
      what: "memory that 64 MB of &mut [f64] take on their way in",
      value: Math.max(0, taken),
      unit: "MB",
      atMost: 1,
    },
    {
      what: `Vec<f64> of ${mapped * 8e-6} MB out, zeroed by the system when it is first touched`,
      value: ms,
      unit: "ms",
      atMost: 5,
    },
    { what: "memory that writing to it takes: its own pages, once", value: filled, unit: "MB", atMost: 70 },
  ];
}

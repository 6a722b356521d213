// What `.async` costs, and whether the event loop is free meanwhile.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { loadLibrary } from "../../../kernel/rust/load.ts";
import type { Toolchain } from "../../../kernel/rust/toolchain.ts";
import { type Fact, factOf } from "../harness/facts.ts";
import { build } from "./builds.ts";

const cell = `
pub fn nothing() {}
pub fn busy(ms: u64) { let end = std::time::Instant::now() + std::time::Duration::from_millis(ms); while std::time::Instant::now() < end {} }
`;

export async function threadFacts(toolchain: Toolchain): Promise<Fact[]> {
  const { library } = await build(cell, toolchain);
  const declared = loadLibrary(library, "cell.rs", false).declared;
  // What the cell above declares.
  const [nothing, busy] = ["nothing", "busy"].map(
    (name) => declared.get(name) as { async(...values: unknown[]): Promise<unknown> },
  );
  const samples: number[] = [];
  for (let round = 0; round < 200; round++) {
    const start = performance.now();
    for (let call = 0; call < 50; call++) await nothing?.async();
    samples.push(((performance.now() - start) / 50) * 1000);
  }
  const [idle, under]: [number[], number[]] = [[], []];
  for (let round = 0; round < 12; round++) {
    idle.push(await delayWhile(new Promise((resolve) => setTimeout(resolve, 400))));
    under.push(await delayWhile(busy?.async(400)));
  }
  return [
    factOf(".async of nothing", samples, "µs", 40),
    factOf("delay of the event loop, p99, nothing runs", idle, "ms"),
    factOf("delay of the event loop, p99, while native code runs", under, "ms", 2),
    factOf(
      "  which is more than where nothing runs, by",
      under.map((ms, round) => ms - (idle[round] ?? 0)),
      "ms",
    ),
  ];
}

/** The delay that all but one in a hundred events keep, in ms. */
async function delayWhile(something: Promise<unknown> | undefined): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await something;
  delay.disable();
  // The monitor's timer itself fires after 1 ms.
  return delay.percentile(99) / 1e6 - 1;
}

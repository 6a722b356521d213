// What `.async` costs, and whether the event loop is free meanwhile.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { loadLibrary } from "../../../kernel/rust/load.ts";
import type { Toolchain } from "../../../kernel/rust/toolchain.ts";
import { type Fact, median } from "../harness/facts.ts";
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
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await busy?.async(1000);
  delay.disable();
  return [
    { what: ".async of nothing", value: median(samples), unit: "µs", atMost: 40 },
    // The monitor's timer itself fires after 1 ms.
    {
      what: "delay of the event loop while native code runs, p99",
      value: delay.percentile(99) / 1e6 - 1,
      unit: "ms",
      atMost: 2,
    },
  ];
}

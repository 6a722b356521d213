// What `.async` costs, and whether the event loop is free meanwhile.
import { randomBytes } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { promisify } from "node:util";
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
  const node = promisify(randomBytes);
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < 200; round++) {
    ours.push(await microseconds(() => nothing?.async()));
    theirs.push(await microseconds(() => node(1)));
  }
  const [idle, under]: [number[], number[]] = [[], []];
  for (let round = 0; round < 12; round++) {
    idle.push(await delayWhile(new Promise((resolve) => setTimeout(resolve, 400))));
    under.push(await delayWhile(busy?.async(400)));
  }
  return [
    factOf(".async of nothing", ours, "µs", 40),
    // Where cores are idle, most of both is the system's: to wake a sleeping core, there and back.
    factOf("  the same of Node's own thread pool: one random byte", theirs, "µs"),
    factOf(
      "  which .async takes longer by",
      ours.map((one, round) => one - (theirs[round] ?? 0)),
      "µs",
    ),
    factOf("delay of the event loop, p99, nothing runs", idle, "ms"),
    factOf("delay of the event loop, p99, while native code runs", under, "ms", 2),
    factOf(
      "  which is more than where nothing runs, by",
      under.map((ms, round) => ms - (idle[round] ?? 0)),
      "ms",
    ),
  ];
}

/** Of one call, where fifty follow each other. */
async function microseconds(call: () => Promise<unknown> | undefined): Promise<number> {
  const start = performance.now();
  for (let done = 0; done < 50; done++) await call();
  return ((performance.now() - start) / 50) * 1000;
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

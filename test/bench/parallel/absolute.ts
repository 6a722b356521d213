import { setTimeout } from "node:timers/promises";
import type { TestKernel } from "../../kernel.ts";
import { startKernel } from "../harness/cells.ts";

/** A figure that has to stay below another. */
export interface Limit {
  readonly what: string;
  readonly value: number;
  readonly atMost: number;
  readonly unit: string;
}

/** The memory that 10 million items of a generator take, in MB beyond what the engine had, while they are reduced. */
export async function memoryOfStream(kernel: TestKernel): Promise<Limit[]> {
  const ran = await kernel.run(`
    function* tenMillion() { for (let i = 0; i < 10_000_000; i++) yield { i, text: "item" } }
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => { most = Math.max(most, process.memoryUsage().rss) }, 20);
    const total = await preduce(tenMillion(), ({ i }) => i, (a, b) => a + b, { force: true });
    clearInterval(watch);
    if (total !== 9_999_999 * 5_000_000) throw new Error("wrong sum");
    (most - before) / 1e6`);
  if (ran.error) throw new Error(ran.error.traceback.join("\n"));
  const value = Number(ran.result?.["text/plain"]);
  return [
    { what: "10 million items of a generator, memory beyond the start", value, atMost: 150, unit: "MB" },
  ];
}

/** The first parallel cell of a fresh kernel and one after it, both with next to no work, as the median of kernels. */
export async function firstCells(folder: string, kernels = 7): Promise<Limit[]> {
  const cell = "%%parallel --force x of [1, 2]\nx + 1";
  const cold: number[] = [];
  const warm: number[] = [];
  for (let i = 0; i < kernels; i++) {
    const kernel = startKernel(folder);
    // An engine that is there, and nothing of a parallel run.
    await kernel.run("1 + 1");
    await setTimeout(300);
    cold.push(await timed(kernel, cell));
    for (let again = 0; again < 10; again++) warm.push(await timed(kernel, cell));
    await kernel.close();
  }
  return [
    { what: "the first parallel cell, cold", value: median(cold), atMost: 150, unit: "ms" },
    { what: "a parallel cell, warm", value: median(warm), atMost: 5, unit: "ms" },
  ];
}

async function timed(kernel: TestKernel, cell: string): Promise<number> {
  const start = performance.now();
  const ran = await kernel.run(cell);
  const ms = performance.now() - start;
  if (ran.error) throw new Error(ran.error.traceback.join("\n"));
  return ms;
}

export function printLimits(limits: readonly Limit[]): void {
  console.log("");
  for (const { what, value, atMost, unit } of limits)
    console.log(
      `   ${value <= atMost ? "MET" : "MISSED"}  ${what}: ${value.toPrecision(3)} ${unit}, at most ${atMost} ${unit}`,
    );
}

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;

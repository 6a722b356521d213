// %%parallel against the pools of npm, bare workers and processes, and Python's pools, all in one kernel and interleaved.

import { compareCell, startKernel } from "../harness/cells.ts";
import type { Comparison } from "../harness/compare.ts";
import { installPeers } from "../harness/peers.ts";
import { keep, print } from "../harness/report.ts";
import { firstCells, type Limit, memoryOfStream, printLimits } from "./absolute.ts";
import { type Line, lines, python, setUp } from "./lines.ts";

const folder = import.meta.dirname;

void main();

/** Words: numbers of the lines to measure; all if left out. */
async function main(): Promise<void> {
  const missing = installPeers(folder);
  if (missing) console.log(missing);
  const wanted = process.argv.slice(2).map(Number);
  const kernel = startKernel(folder);
  const found: Comparison[] = [];
  const measure = async ({ title, sides, budget = 30, targets }: Line) => {
    const source = `await bench({ ${Object.entries(sides)
      .map(([name, side]) => `${JSON.stringify(name)}: ${side}`)
      .join(", ")} }, { budget: "${budget}s" })`;
    const comparison = await compareCell(kernel, title, source, targets);
    print(comparison);
    found.push(comparison);
  };
  const limits: Limit[] = [];
  try {
    for (const cell of [setUp(folder), python]) {
      const ran = await kernel.run(cell);
      if (ran.error) console.log(ran.error.traceback.join("\n"));
    }
    for (const [index, line] of lines.entries())
      if (wanted.length === 0 || wanted.includes(index + 1)) await measure(line);
    if (wanted.length === 0 || wanted.includes(lines.length + 1))
      limits.push(...(await memoryOfStream(kernel)));
  } finally {
    await kernel.close();
  }
  if (wanted.length === 0 || wanted.includes(lines.length + 2)) limits.push(...(await firstCells(folder)));
  printLimits(limits);
  keep("parallel", { comparisons: found, limits });
  process.exit(0);
}

import { join } from "node:path";
import type { BenchResult } from "../../../kernel/measure/result.ts";
import { timingMime } from "../../../kernel/measure/result.ts";
import { TestKernel } from "../../kernel.ts";
import { type Comparison, judge, type Target } from "./compare.ts";

/** A kernel on the built bundles, whose notebook stands in `folder`: its peers are what cells import. */
export function startKernel(folder: string): TestKernel {
  process.env.TANDEM_TEST_BUNDLES = join(process.cwd(), "dist");
  return new TestKernel(folder);
}

/** Runs a cell that ends in a `bench({…})` or is a `%%bench`, and judges the targets by what it found. */
export async function compareCell(
  kernel: TestKernel,
  title: string,
  source: string,
  targets: readonly Target[],
): Promise<Comparison> {
  const ran = await kernel.run(source);
  if (ran.error) throw new Error(`${title}: ${ran.error.traceback.join("\n")}`);
  const shown = ran.displays.find(({ data }) => timingMime in data);
  if (!shown) throw new Error(`${title}: nothing was measured.\n${ran.stderr}`);
  // The kernel's own output.
  const result = shown.data[timingMime] as BenchResult;
  return { title, result, targets: targets.map((target) => judge(target, result)) };
}

import { mkdirSync, writeFileSync } from "node:fs";
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from "node:os";
import { join } from "node:path";
import { duration, significant } from "../../../kernel/display/chart/format.ts";
import type { Comparison, Judged } from "./compare.ts";

/** Prints a comparison: its verdict, each side, each target. */
export function print({ title, result, targets }: Comparison): void {
  console.log(`\n== ${title}`);
  console.log(`   ${result.verdict}`);
  const width = Math.max(...result.sides.map(({ name }) => name.length));
  for (const { name, time } of result.sides) {
    const range = time.interval ? ` (${time.interval.map(duration).join("–")})` : "";
    console.log(`   ${name.padEnd(width)}  ${duration(time.value)}${range}`);
  }
  for (const { name, why } of result.notRun) console.log(`   ${name}: not run: ${why}`);
  for (const target of targets) console.log(`   ${targetLine(target)}`);
}

export function targetLine({ what, of, to, ratio, interval, atMost, atLeast, standing }: Judged): string {
  const wanted = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  const range = interval ? ` (${interval.map(significant).join("–")})` : "";
  const found = ratio === null ? "" : `: ${of} / ${to} is ${significant(ratio)}${range}`;
  return `${standing.toUpperCase()}  ${what}, ${wanted}${found}`;
}

/** Keeps a suite's results with what they were measured on, in artifacts/bench; its path. */
export function keep(suite: string, data: unknown): string {
  const folder = join("artifacts", "bench");
  mkdirSync(folder, { recursive: true });
  const date = new Date().toISOString();
  const machine = {
    processor: cpus()[0]?.model.trim(),
    cores: availableParallelism(),
    memory: totalmem(),
    platform: `${platform()}-${arch()}`,
    load: loadavg(),
  };
  const path = join(folder, `${suite}-${date.replaceAll(/[:.]/g, "-")}.json`);
  writeFileSync(
    path,
    `${JSON.stringify({ suite, date, machine, versions: process.versions, data }, null, 1)}\n`,
  );
  console.log(`\nKept in ${path}.`);
  return path;
}

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, hostname, platform, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import * as v from "valibot";
import { estimate } from "../display/chart/format.ts";
import { fail } from "../errors.ts";
import { claimed } from "./claim.ts";
import { type Random, seeded } from "./random.ts";
import { type BenchResult, benchResult } from "./result.ts";
import { checkedName, savedFolder } from "./saved-names.ts";
import { type Interval, quantile } from "./statistics.ts";

const machine = v.object({
  host: v.string(),
  processor: v.string(),
  cores: v.number(),
  memory: v.number(),
  platform: v.string(),
});
const file = v.object({ saved: v.string(), machine, result: benchResult });

/** What tells one machine from another. */
function thisMachine(): v.InferOutput<typeof machine> {
  return {
    host: hostname(),
    processor: cpus()[0]?.model.trim() || process.arch,
    cores: availableParallelism(),
    memory: totalmem(),
    platform: `${platform()}-${process.arch}`,
  };
}

const pathOf = (folder: string, name: string) => join(savedFolder(folder), `${name}.json`);

/** Keeps a result under a name, beside the notebook: `.tandem/bench/<name>.json`. */
export function save(folder: string, name: string, result: BenchResult): void {
  const data = { saved: new Date().toISOString(), machine: thisMachine(), result };
  writeWhole(pathOf(folder, checkedName("--save", name)), `${JSON.stringify(data)}\n`);
}

/** A result that was kept. Throws the catalogue's errors where there is none, or where it is of another machine. */
export function readSaved(folder: string, name: string): { saved: string; result: BenchResult } {
  const path = pathOf(folder, checkedName("--against", name));
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw fail("benchNotSaved", name, path);
  }
  const read = v.safeParse(file, parse(text));
  if (!read.success) throw fail("benchNotSaved", name, path);
  const here = thisMachine();
  const other = Object.entries(here).find(
    ([key, value]) => read.output.machine[key as keyof typeof here] !== value,
  );
  if (other)
    throw fail(
      "benchOtherMachine",
      name,
      other[0],
      String(Reflect.get(read.output.machine, other[0])),
      String(other[1]),
    );
  return read.output;
}

/** A file is there whole or not at all. */
export function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, text);
  renameSync(aside, path);
}

/** Writes the files that were asked for, relative to the notebook's folder. */
export function keepFiles(
  files: { readonly csv?: string | undefined; readonly json?: string | undefined },
  folder: string,
  csv: () => string,
  whole: object,
): void {
  if (files.json !== undefined)
    writeWhole(resolve(folder, files.json), `${JSON.stringify(whole, null, 2)}\n`);
  if (files.csv !== undefined) writeWhole(resolve(folder, files.csv), csv());
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Two runs were not interleaved: whatever changed on the machine between them is in their ratio, and no interval tells it.
 * In sequential runs of equal code such changes have reached tens of percent, so only more than this is ever claimed.
 */
const leastBetweenRuns = 1.25;

/** What changed since an earlier run, a sentence for each side of the same name. */
export function since(name: string, before: BenchResult, after: BenchResult): string[] {
  const random = seeded(after.conditions.seed);
  return after.sides.flatMap((side) => {
    const other = before.sides.find((one) => one.name === side.name);
    if (!other) return [];
    const { value, interval } = ratioOfRuns(present(other.rounds), present(side.rounds), random);
    const controls = [before.control?.interval ?? null, after.control?.interval ?? null];
    const apart = interval[0] > leastBetweenRuns || interval[1] < 1 / leastBetweenRuns;
    const may = apart && controls.every((control) => claimed(interval, control));
    const faster = value >= 1;
    const shown = faster
      ? estimate(value, interval)
      : estimate(1 / value, [1 / interval[1], 1 / interval[0]]);
    const than = `as ${faster ? "fast" : "slow"} as in ${name} (${shown.range})`;
    return [
      may
        ? `${side.name} is ${shown.value} times ${than}.`
        : `No difference can be claimed between ${side.name} and itself in ${name}: ${shown.value} times ${than}, in two runs apart.`,
    ];
  });
}

const present = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

/** The earlier median over the later one, with a bootstrap 95 % interval; the runs are drawn from apart. */
function ratioOfRuns(
  before: readonly number[],
  after: readonly number[],
  random: Random,
): { value: number; interval: Interval } {
  const draw = (values: readonly number[]) =>
    quantile(
      values.map(() => values[Math.floor(random() * values.length)] ?? 0),
      0.5,
    );
  const drawn = Array.from({ length: 2000 }, () => draw(before) / draw(after));
  return {
    value: quantile(before, 0.5) / quantile(after, 0.5),
    interval: [quantile(drawn, 0.025), quantile(drawn, 0.975)],
  };
}

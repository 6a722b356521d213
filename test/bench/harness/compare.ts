import { availableParallelism, cpus } from "node:os";
import { performance } from "node:perf_hooks";
import { foreignShare, readTicks } from "../../../kernel/measure/load.ts";
import { type BenchResult, ratioOf } from "../../../kernel/measure/result.ts";
import { emptyRounds, type Runner, runRounds } from "../../../kernel/measure/rounds.ts";
import { summarise } from "../../../kernel/measure/summary.ts";
import { ownSeconds } from "./own-time.ts";

/** What a ratio of two sides' times has to be: `of` over `to`. */
export interface Target {
  readonly what: string;
  readonly of: string;
  readonly to: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Met or missed where the whole interval says so; else it cannot be claimed either way. */
export type Standing = "met" | "missed" | "open" | "not run";

export interface Judged extends Target {
  readonly ratio: number | null;
  readonly interval: readonly [number, number] | null;
  readonly standing: Standing;
}

export interface Comparison {
  readonly title: string;
  readonly result: BenchResult;
  readonly targets: readonly Judged[];
}

/** A side, or why it cannot be run here. */
export type SideOrReason = Runner | { readonly notRun: string };

export interface Options {
  /** Seconds. */
  readonly budget?: number;
  readonly rounds?: number;
}

/** Measures sides in interleaved rounds by the statistics of %%bench, and judges the targets. */
export async function compare(
  title: string,
  sides: Readonly<Record<string, SideOrReason>>,
  targets: readonly Target[],
  { budget = 20, rounds: fewest = 30 }: Options = {},
): Promise<Comparison> {
  const all = Object.entries(sides);
  const run = all.flatMap(([name, side]) => ("notRun" in side ? [] : [{ name, runner: side }]));
  const notRun = all.flatMap(([name, side]) => ("notRun" in side ? [{ name, why: side.notRun }] : []));
  const rounds = emptyRounds(run.length);
  const plan = { rounds: fewest, budget, precision: 0.01, seed: Date.now() % 2 ** 31 };
  const [ticks, own] = [readTicks(), ownSeconds()];
  await runRounds(
    run.map(({ runner }) => runner),
    plan,
    { now: () => performance.now() / 1000, between() {} },
    rounds,
  );
  const result = summarise(rounds, {
    sides: run.map(({ name }) => ({ name, loop: "typescript" })),
    notRun,
    difference: null,
    ended: rounds.ended ?? "budget",
    conditions: {
      budget,
      precision: plan.precision,
      seed: plan.seed,
      tolerance: "",
      foreign: foreignShare(ticks, readTicks(), ownSeconds() - own) ?? null,
      cores: availableParallelism(),
      processor: cpus()[0]?.model.trim() ?? "",
    },
    versions: { Node: process.versions.node },
  });
  return { title, result, targets: targets.map((target) => judge(target, result)) };
}

export function judge(target: Target, result: Pick<BenchResult, "ratios">): Judged {
  const found = ratioOf(result, target.of, target.to);
  if (!found) return { ...target, ratio: null, interval: null, standing: "not run" };
  const { value, interval } = found;
  return { ...target, ratio: value, interval, standing: standing(target, interval) };
}

export function standing({ atMost, atLeast }: Target, interval: readonly [number, number] | null): Standing {
  if (!interval) return "open";
  const [low, high] = interval;
  const met = (atMost === undefined || high <= atMost) && (atLeast === undefined || low >= atLeast);
  const missed = (atMost !== undefined && low > atMost) || (atLeast !== undefined && high < atLeast);
  return met ? "met" : missed ? "missed" : "open";
}

import { availableParallelism, cpus } from "node:os";
import { performance } from "node:perf_hooks";
import { unfollowed } from "../engine/origin.ts";
import type { EngineContext } from "../engine/part.ts";
import { fail } from "../errors.ts";
import type { MimeBundle } from "../wire/message.ts";
import { Watch } from "./collections.ts";
import { firstDifference } from "./equal.ts";
import { foreignShare, readTicks, type Ticks } from "./load.ts";
import { type BenchOptions, toleranceText } from "./options.ts";
import { isNotRun, type PreparedSide, prepare, type Side } from "./prepare.ts";
import { Progress } from "./progress.ts";
import { benchBundle } from "./report.ts";
import type { BenchResult } from "./result.ts";
import { emptyRounds, type Plan, type Rounds, runRounds } from "./rounds.ts";
import { keepFiles, readSaved, save, since } from "./saved.ts";
import { summarise } from "./summary.ts";
import { benchCsv } from "./table.ts";

const now = performance.now.bind(performance);

/**
 * Compares the sides and shows the result. On an interrupt it shows what was measured so far and hands it to `keep`,
 * before it throws the signal's reason.
 */
export async function bench(
  sides: readonly Side[],
  options: BenchOptions,
  context: EngineContext,
  keep: (result: BenchResult) => void,
  show: (result: BenchResult) => MimeBundle = benchBundle,
): Promise<BenchResult> {
  const plan: Plan = { ...options, seed: Date.now() % 2 ** 31 };
  const { signal } = context;
  const start = now();
  const progress = new Progress(context, plan);
  // An earlier result that is missing is told before anything is measured.
  const before = options.against === undefined ? undefined : readSaved(context.folder, options.against);
  const run = new Run(options, plan);
  // Code that V8 terminates never comes back, so an interrupt is heard here and not in the rounds.
  const interrupted = new Promise<"interrupt">((resolve) => {
    signal.addEventListener("abort", () => resolve("interrupt"), { once: true });
  });
  const measured = (async () => {
    await run.prepare(sides, context);
    const left = Math.max(0.1, plan.budget - (now() - start) / 1000);
    await unfollowed(() => run.measure({ ...plan, budget: left }, progress, signal));
  })();
  try {
    const how = await Promise.race([measured, interrupted]);
    if (how === "interrupt" && run.rounds.completed === 0) throw signal.reason;
    const measuredNow = await run.result(how ?? run.rounds.ended ?? "budget");
    const changes = before ? since(options.against ?? "", before.result, measuredNow) : [];
    const result = { ...measuredNow, notes: [...measuredNow.notes, ...changes] };
    progress.end(show(result));
    if (how !== "interrupt") {
      keepFiles(options, context.folder, () => benchCsv(result), result);
      if (options.save !== undefined) save(context.folder, options.save, result);
    }
    keep(result);
    if (how === "interrupt") throw signal.reason;
    return result;
  } catch (error) {
    if (run.rounds.completed === 0) progress.end({ "text/plain": "Nothing was measured." });
    throw error;
  }
}

/** One comparison while it runs: what is known of it so far. */
class Run {
  rounds: Rounds = emptyRounds(0);
  readonly #options: BenchOptions;
  readonly #plan: Plan;
  #sides: readonly PreparedSide[] = [];
  #watch: Watch | undefined;
  #notRun: BenchResult["notRun"] = [];
  #difference: BenchResult["difference"] = null;
  /** When the rounds began: the machine's time, and this process's own. */
  #before: { ticks: Ticks | undefined; cpu: NodeJS.CpuUsage } | undefined;

  constructor(options: BenchOptions, plan: Plan) {
    this.#options = options;
    this.#plan = plan;
  }

  /** Runs every side once and compares what they give. */
  async prepare(sides: readonly Side[], context: EngineContext): Promise<void> {
    const prepared: PreparedSide[] = [];
    let first: unknown;
    for (const side of sides) {
      const outcome = await prepare(side, context, this.#options.cold);
      if (isNotRun(outcome)) {
        first ??= outcome.error;
        this.#notRun = [...this.#notRun, { name: side.name, why: outcome.why }];
      } else {
        prepared.push(outcome);
      }
    }
    if (prepared.length === 0) throw first ?? fail("benchWithoutSides");
    this.#sides = prepared;
    this.rounds = emptyRounds(prepared.length);
    this.#difference = differenceOf(prepared, this.#options);
  }

  async measure(plan: Plan, progress: Progress, signal: AbortSignal): Promise<void> {
    const between = async (rounds: Rounds) => {
      if (rounds.planned > 0) this.#before ??= { ticks: readTicks(), cpu: process.cpuUsage() };
      await progress.step(rounds);
    };
    this.#watch = new Watch();
    await runRounds(
      this.#sides.map(({ runner, loop }, index) => {
        const here = loop === "typescript" || loop === "rust";
        return this.#watch?.watched(index, runner, here) ?? runner;
      }),
      plan,
      { now: () => now() / 1000, between, signal },
      this.rounds,
    );
  }

  async result(ended: BenchResult["conditions"]["ended"]): Promise<BenchResult> {
    const seen = await this.#watch?.end();
    const { node, v8 } = process.versions;
    const versions: Record<string, string> = { Node: node, V8: v8 };
    for (const side of this.#sides) Object.assign(versions, side.versions);
    const { budget, precision, seed } = this.#plan;
    return summarise(this.rounds, {
      // Only what runs in this process is seen by its collector.
      sides: this.#sides.map((side, index) => ({
        ...side,
        ...(side.loop === "typescript" && seen?.(index)),
      })),
      notRun: this.#notRun,
      difference: this.#difference,
      ended,
      conditions: {
        budget,
        precision,
        seed,
        tolerance: toleranceText(this.#options.tolerance),
        ...(this.#options.cold && { cold: true }),
        foreign: this.#foreign() ?? null,
        cores: availableParallelism(),
        processor: cpus()[0]?.model.trim() || process.arch,
      },
      versions,
    });
  }

  #foreign(): number | undefined {
    if (!this.#before) return undefined;
    const { user, system } = process.cpuUsage(this.#before.cpu);
    // The work of other processes of ours (Python) is no one else's. The last track is the control's.
    const { tracks, control } = this.rounds;
    const elsewhere = tracks
      .filter((_, index) => this.#sides[index < this.#sides.length ? index : control]?.elsewhere)
      .reduce((sum, track) => sum + track.cpuSeconds, 0);
    return foreignShare(this.#before.ticks, readTicks(), (user + system) / 1e6 + elsewhere);
  }
}

/** Where the results of two sides first differ; each is compared with the first of its kind: texts that a command prints
 * and values of the notebook are never the same. */
function differenceOf(
  sides: readonly PreparedSide[],
  { tolerance }: BenchOptions,
): BenchResult["difference"] {
  for (const [index, other] of sides.entries()) {
    const first = sides.slice(0, index).find((one) => kindOf(one) === kindOf(other));
    if (!first) continue;
    const found = firstDifference(first?.value, other.value, tolerance);
    if (!found) continue;
    const { path, left, right } = found;
    return { left: first.name, right: other.name, path, leftValue: left, rightValue: right };
  }
  return null;
}

const kindOf = ({ loop }: PreparedSide) => (loop === "shell" || loop === "http" ? loop : "value");

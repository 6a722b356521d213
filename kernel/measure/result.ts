import * as v from "valibot";
import type { Interval } from "./statistics.ts";

/** The MIME type of measured results; what it holds is checked against `timing` by whoever draws it. */
export const timingMime = "application/vnd.tandem.timing+json";

const positive = v.pipe(v.number(), v.finite(), v.minValue(0));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const interval = v.pipe(
  v.tuple([v.pipe(v.number(), v.finite()), v.pipe(v.number(), v.finite())]),
  v.check(([low, high]) => low <= high, "an interval's ends are in order"),
);

/** A median; `interval` is the 95 % one, null where there were too few values. */
const estimate = v.object({ value: v.pipe(v.number(), v.finite()), interval: v.nullable(interval), count });

const side = v.object({
  name: v.string(),
  /** What ran the calls of a sample in a row, and whose clock timed them. */
  loop: v.picklist(["typescript", "rust", "python", "shell", "http"]),
  /** Seconds per call. */
  time: estimate,
  /** Processor seconds per call, all threads together. */
  cpu: positive,
  /** Calls of all samples together. */
  calls: count,
  /** What a call from TypeScript costs beyond the work, in seconds; only where the work is looped in its own runtime. */
  overhead: v.optional(estimate),
  /** Seconds of its very first call, before any warming up: starting and compiling fall into it. */
  first: v.optional(positive),
  /** Seconds that the compiler took for the cell of a Rust function. */
  compile: v.optional(positive),
  /** Seconds in which its interpreter starts with nothing to do. */
  start: v.optional(positive),
  /** Most bytes that the process which ran its calls held in memory after a sample; sides of one process share it. */
  resident: v.optional(count),
  /** What the collector of the process that ran its calls did during its samples. */
  collections: v.optional(v.object({ count, seconds: positive })),
  /** Bytes that a call leaves in the notebook's process, where no collection fell into a sample; null where not known. */
  allocated: v.optional(v.nullable(positive)),
  /** Seconds per call by round; null where the side sat the round out. */
  rounds: v.array(v.nullable(positive)),
});

const ratio = v.object({
  /** Names of sides: `value` is the time of `of` over the time of `to`, in the same rounds. */
  of: v.string(),
  to: v.string(),
  value: positive,
  interval: v.nullable(interval),
  count,
  /** Whether the measurement allows to say that the two differ. */
  claimed: v.boolean(),
});

/** What one `%%bench` found. */
export const benchResult = v.object({
  kind: v.literal("bench"),
  version: v.literal(1),
  /** One sentence in plain words. */
  verdict: v.string(),
  /** What limits it, a sentence each. */
  notes: v.array(v.string()),
  sides: v.array(side),
  /** Sides that this machine could not run. */
  notRun: v.array(v.object({ name: v.string(), why: v.string() })),
  /** Where the results of two sides first differ; null where all agree. */
  difference: v.nullable(
    v.object({
      left: v.string(),
      right: v.string(),
      path: v.string(),
      leftValue: v.string(),
      rightValue: v.string(),
    }),
  ),
  ratios: v.array(ratio),
  /** A side (the first, unless the budget allows too few rounds of it) against itself in the same rounds. */
  control: v.nullable(v.object({ side: v.string(), ...estimate.entries })),
  conditions: v.object({
    rounds: count,
    ended: v.picklist(["precision", "budget", "interrupt"]),
    /** Seconds. */
    elapsed: positive,
    budget: positive,
    precision: positive,
    /** How far results may be apart: `4ulp`, or a relative difference. */
    tolerance: v.string(),
    /** Share of the processor that others used, 0 to 1; null where not known. */
    foreign: v.nullable(positive),
    /** Last third over first third of the control's times. */
    drift: positive,
    cores: count,
    processor: v.string(),
    seed: v.pipe(v.number(), v.safeInteger()),
    /** Whether the first calls are to be told. */
    cold: v.optional(v.boolean()),
  }),
  /** Of what ran the sides: name → version, with flags where there are some. */
  versions: v.record(v.string(), v.string()),
});

export type BenchResult = v.InferOutput<typeof benchResult>;
export type BenchSide = BenchResult["sides"][number];
export type BenchRatio = BenchResult["ratios"][number];

/** Checks what claims to be a measured result; the reason why it is none is one line. */
export function readTiming(data: unknown): { ok: true; result: BenchResult } | { ok: false; why: string } {
  const parsed = v.safeParse(benchResult, data);
  if (parsed.success) return { ok: true, result: parsed.output };
  const issue = parsed.issues[0];
  const version = typeof data === "object" && data !== null && "version" in data ? data.version : undefined;
  if (typeof version === "number" && version > 1) {
    return { ok: false, why: `it was written by a newer Tandem (format ${version}; this one reads 1)` };
  }
  return { ok: false, why: `${v.getDotPath(issue) ?? "the value"}: ${issue.message}` };
}

/** The ratio of two sides' times, whichever way round it is kept. */
export function ratioOf(
  result: Pick<BenchResult, "ratios">,
  of: string,
  to: string,
): { value: number; interval: Interval | null; claimed: boolean } | undefined {
  for (const ratio of result.ratios) {
    if (ratio.of === of && ratio.to === to) return ratio;
    if (ratio.of === to && ratio.to === of) {
      const { value, interval, claimed } = ratio;
      return { value: 1 / value, interval: interval && [1 / interval[1], 1 / interval[0]], claimed };
    }
  }
  return undefined;
}

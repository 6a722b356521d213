import type { SpecOf } from "../../display/chart/spec.ts";
import { duration } from "../../display/words.ts";
import { ganttLane } from "../../timeline/gantt.ts";
import { type Account, account } from "./account.ts";
import { FEWEST_COUNTS, type Fit, fitAmdahl, project, type Timing } from "./amdahl.ts";
import type { Phase, Trace } from "./tracer.ts";

/** What is told of a traced run. */
export interface TraceReport {
  readonly gantt: SpecOf<"gantt">;
  /** From three numbers of workers up. */
  readonly speedup: SpecOf<"speedup"> | undefined;
}

/** Charts of a run; `timings` are those of all traced runs of this code over as many items, this one among them. */
export function traceReport(trace: Trace, timings: readonly Timing[], cores: number): TraceReport {
  const found = account(trace);
  const fit = fitAmdahl(timings);
  const counts = new Set(timings.map(({ workers }) => workers)).size;
  const more =
    counts < FEWEST_COUNTS
      ? `Amdahl's law can be fitted from ${FEWEST_COUNTS} numbers of workers up; traced so far: ${counts} (-n 1, -n 2, … with --force).`
      : undefined;
  return {
    gantt: {
      type: "gantt",
      title: `${trace.workers} worker${trace.workers === 1 ? "" : "s"} worked ${percent(found.utilisation)} of ${duration(trace.wall)}: ${times(found.speedup)} as much as one thread in that time`,
      notes: [lossText(found), ...(more ? [more] : [])],
      footer: [serialText(found, trace.workers)],
      lanes: trace.lanes.map(ganttLane),
    },
    speedup: fit && speedupChart(fit, timings, cores),
  };
}

/** Where the rest of the workers' time went, the largest first. */
function lossText({ shares }: Account): string {
  const losses = (Object.entries(shares) as [Phase, number][])
    .filter(([kind, share]) => kind !== "work" && share >= 0.005)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, share]) => `${percent(share)} ${WORDS[kind]}`);
  return losses.length === 0
    ? "Next to nothing was lost."
    : `The rest of the workers' time: ${losses.join(", ")}.`;
}

const WORDS: Readonly<Record<Exclude<Phase, "work">, string>> & Readonly<Record<string, string>> = {
  spawn: "spawn (starting them)",
  "set-up": "set-up (building what the code uses)",
  transfer: "transfer (items and results on their way)",
  idle: "idle (nothing to work on)",
  imbalance: "imbalance (waiting for the last one)",
};

function serialText({ serial, speedup }: Account, workers: number): string {
  if (serial === undefined) return "With one worker there is no serial part to tell.";
  const share = Math.max(0, serial);
  return `Speed-up ${speedup.toFixed(2)} on ${workers} workers: a serial part of ${percent(share)} after Karp and Flatt, all losses in it.`;
}

function speedupChart(fit: Fit, timings: readonly Timing[], cores: number): SpecOf<"speedup"> {
  const byCount = new Map<number, number[]>();
  for (const { workers, ms } of timings)
    byCount.set(workers, [...(byCount.get(workers) ?? []), fit.one / ms]);
  const counts = [...byCount.keys()].toSorted((a, b) => a - b);
  const of = (count: number) => byCount.get(count) ?? [];
  const [low, high] = fit.interval;
  const projections = [2 * cores, 1024].map((workers) => {
    const [value, least, most] = project(fit, workers);
    return `${workers} workers: ${times(value)} (${times(least)} to ${times(most)})`;
  });
  return {
    type: "speedup",
    title: `Amdahl's law fits with ${percent(fit.parallel)} of the work parallel (95 % interval ${percent(low)} to ${percent(high)})`,
    notes: [
      `By that law, on as many cores: ${projections.join("; ")}.`,
      "A speed-up here is against what the law gives for one worker.",
    ],
    cores,
    series: [
      {
        name: "measured",
        workers: counts,
        speedup: counts.map((count) => mean(of(count))),
        low: counts.map((count) => Math.min(...of(count))),
        high: counts.map((count) => Math.max(...of(count))),
        parallel: fit.parallel,
      },
    ],
  };
}

const percent = (share: number): string =>
  `${share * 100 >= 99.95 ? 100 : Number((share * 100).toPrecision(2))} %`;
const times = (value: number): string => `${value.toPrecision(3)} ×`;
const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

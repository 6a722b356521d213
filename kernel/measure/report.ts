import { type BarChart, type BarRow, barChart } from "../display/chart/bars.ts";
import {
  duration,
  durationEstimate,
  estimate,
  percent,
  significant,
  tickDuration,
} from "../display/chart/format.ts";
import { toText } from "../display/chart/svg.ts";
import { textBars } from "../display/chart/text-bars.ts";
import { unitOf } from "../display/chart/units.ts";
import type { MimeBundle } from "../wire/message.ts";
import { type BenchResult, type BenchSide, ratioOf, timingMime } from "./result.ts";

/** A measured result as an output: data for our renderer, a picture, and a table for terminals. No HTML, which would outrank the picture. */
export function benchBundle(result: BenchResult): MimeBundle {
  const chart = benchChart(result);
  return {
    [timingMime]: result,
    "image/svg+xml": toText(barChart(chart)),
    "text/plain": textBars(chart),
  };
}

/** The chart of a `%%bench`. */
export function benchChart(result: BenchResult): BarChart {
  const { cold = false } = result.conditions;
  const fastest = result.sides.reduce<BenchSide | undefined>(
    (best, side) => (best && best.time.value <= side.time.value ? best : side),
    undefined,
  );
  const measured = result.sides.map((side) => barOf(side, result, fastest));
  const missing = result.notRun.map(({ name, why }) => ({ label: name, missing: `not run: ${why}` }));
  return {
    title: result.verdict,
    subtitle: "Time of one call: median with its 95 % interval, less is better",
    rows: [...measured, ...missing],
    notes: result.notes,
    footer: [
      conditionsLine(result),
      ...overheadLines(result),
      ...(cold ? coldLines(result) : []),
      versionsLine(result),
    ],
    tick: tickDuration,
  };
}

function barOf(side: BenchSide, result: BenchResult, fastest: BenchSide | undefined): BarRow {
  const { name, time, cpu, loop } = side;
  const text = durationEstimate(time.value, time.interval);
  const range = text.range && `(${text.range})`;
  const ratio = fastest && !result.difference ? ratioOf(result, name, fastest.name) : undefined;
  const times = ratio ? ratioText(ratio) : "";
  const { collections, allocated, resident } = side;
  const hover = [
    `${name}: ${text.value} a call${range && ` ${range}`}`,
    `${time.count} rounds, ${significant(side.calls)} calls, ${duration(cpu)} of processor time a call`,
    `looped in ${loopNames[loop]}`,
    ...(collections
      ? [`${collections.count} collections of garbage took ${duration(collections.seconds)}`]
      : []),
    ...(resident ? [`its process held ${unitOf("B").text(resident)}`] : []),
    ...(allocated ? [`a call allocates ${unitOf("B").text(allocated)}`] : []),
  ];
  return {
    label: name,
    value: time.value,
    interval: time.interval,
    text: text.value,
    range,
    note: times,
    hover: `${hover.join("; ")}.`,
    best: side === fastest && result.ratios.some(({ claimed, of, to }) => claimed && [of, to].includes(name)),
  };
}

const loopNames = {
  typescript: "TypeScript",
  rust: "Rust",
  python: "Python",
  shell: "processes of their own",
  http: "requests",
} as const;

/** `× 41.8 (40.9–42.6)`; of what differs too little to be claimed, that. */
function ratioText(ratio: NonNullable<ReturnType<typeof ratioOf>>): string {
  const { value, range } = estimate(ratio.value, ratio.interval);
  return `× ${value}${range && ` (${range})`}${ratio.claimed ? "" : ", not claimed"}`;
}

function conditionsLine({ conditions, control }: BenchResult): string {
  const { rounds, elapsed, foreign, drift, cores, processor } = conditions;
  const itself = control
    ? `${control.side} against itself ${control.value.toFixed(3)}` +
      (control.interval ? ` (${control.interval.map((end) => end.toFixed(3)).join("–")})` : "")
    : "no control";
  const others =
    foreign === null
      ? "others' use of the processor not known"
      : `others used ${percent(foreign)} of the processor`;
  const moved = `drift ${percent(drift - 1)}`;
  return `${rounds} interleaved rounds in ${duration(elapsed)}; ${itself}; ${others}; ${moved}; ${cores} × ${processor}.`;
}

/** Of sides that are looped by their own runtime. */
function overheadLines({ sides }: BenchResult): string[] {
  return sides
    .filter(({ loop }) => loop === "rust" || loop === "python")
    .map(({ name, overhead, time }) => {
      const text = overhead && durationEstimate(overhead.value, overhead.interval);
      const resolved = overhead?.interval && overhead.interval[0] > 0;
      const cost =
        text && resolved
          ? `${text.value} (${text.range})`
          : `too little to be seen beside ${duration(time.value)} of work`;
      return `A call of ${name} from TypeScript costs beyond the work: ${cost}.`;
    });
}

/** What comes before the first result, apart from the times above. */
function coldLines({ sides }: BenchResult): string[] {
  const told = sides.flatMap(({ name, first, compile, start }) => {
    if (first === undefined) return [];
    const compiled = compile === undefined ? "" : `, after ${duration(compile)} of compiling`;
    const started = start === undefined ? "" : `, in an interpreter that starts in ${duration(start)}`;
    return [`${name} ${duration(first)}${compiled}${started}`];
  });
  return [`Cold, the first call of each, once: ${told.join("; ")}.`];
}

function versionsLine({ versions }: BenchResult): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}

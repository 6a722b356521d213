import { claimed, outweighs } from "./claim.ts";
import { type Random, seeded } from "./random.ts";
import type { BenchRatio, BenchResult, BenchSide } from "./result.ts";
import type { Rounds, Track } from "./rounds.ts";
import { drift, type Estimate, median, medianRatio } from "./statistics.ts";
import { verdict } from "./verdict.ts";

/** What is known of a run besides its rounds. */
export interface RunFacts {
  /** In the order of the tracks. */
  readonly sides: readonly (Pick<
    BenchSide,
    "name" | "loop" | "first" | "compile" | "start" | "collections" | "allocated"
  > & {
    readonly overhead?: Estimate;
  })[];
  readonly notRun: BenchResult["notRun"];
  readonly difference: BenchResult["difference"];
  readonly ended: BenchResult["conditions"]["ended"];
  readonly conditions: Pick<
    BenchResult["conditions"],
    "budget" | "precision" | "tolerance" | "foreign" | "cores" | "processor" | "seed"
  >;
  readonly versions: BenchResult["versions"];
}

/** Turns what was measured into the result: medians, ratios, claims, the verdict. */
export function summarise(rounds: Rounds, facts: RunFacts): BenchResult {
  const random = seeded(facts.conditions.seed ^ 0x5bd1e995);
  // A round that an interrupt broke off counts for none of the sides.
  const tracks = rounds.tracks.map((track) => ({
    ...track,
    perCall: track.perCall.slice(0, rounds.completed),
  }));
  const measured = facts.sides
    .map((side, index) => ({ side, track: tracks[index] }))
    .filter((entry): entry is { side: typeof entry.side; track: Track } => isMeasured(entry.track));
  const [once, again] = [tracks[rounds.control], tracks.at(-1)];
  const both = isMeasured(once) && isMeasured(again);
  const itself = both ? medianRatio(again.perCall, once.perCall, random) : null;
  const moved = both ? drift([...pooled(once, again)]) : 1;
  const disturbance = { foreign: facts.conditions.foreign ?? undefined, drift: moved };

  const ratios = pairs(measured).map(([earlier, later]): BenchRatio => {
    const ratio = medianRatio(later.track.perCall, earlier.track.perCall, random);
    const may =
      facts.difference === null &&
      claimed(ratio.interval, itself?.interval ?? null) &&
      ratio.interval !== null &&
      outweighs(ratio.interval, disturbance);
    return { of: later.side.name, to: earlier.side.name, ...tidy(ratio), claimed: may };
  });
  const result: Omit<BenchResult, "verdict" | "notes"> = {
    kind: "bench",
    version: 1,
    sides: measured.map(({ side, track }) => summariseSide(side, track, rounds.completed, random)),
    notRun: facts.notRun,
    difference: facts.difference,
    ratios,
    control: itself && { side: facts.sides[rounds.control]?.name ?? "", ...tidy(itself) },
    conditions: {
      rounds: rounds.completed,
      ended: facts.ended,
      elapsed: digits(rounds.elapsed),
      ...facts.conditions,
      foreign: facts.conditions.foreign && digits(facts.conditions.foreign),
      drift: digits(moved),
    },
    versions: facts.versions,
  };
  return { ...result, ...verdict(result) };
}

function summariseSide(
  { name, loop, overhead, first, compile, start, collections, allocated }: RunFacts["sides"][number],
  track: Track,
  completed: number,
  random: Random,
): BenchSide {
  const values = track.perCall.filter((value) => value !== undefined);
  const collected = collections ?? track.collections;
  return {
    name,
    loop,
    time: tidy(median(values, random)),
    cpu: digits(track.cpuSeconds / track.calls),
    calls: track.calls,
    ...(overhead && { overhead: tidy(overhead) }),
    ...(first !== undefined && { first: digits(first) }),
    ...(compile !== undefined && { compile: digits(compile) }),
    ...(start !== undefined && { start: digits(start) }),
    ...(collected && { collections: { ...collected, seconds: digits(collected.seconds) } }),
    ...(track.resident !== undefined && { resident: track.resident }),
    ...(allocated !== undefined && { allocated: allocated && digits(allocated) }),
    rounds: Array.from({ length: completed }, (_, round) => {
      const value = track.perCall[round];
      return value === undefined ? null : digits(value);
    }),
  };
}

function isMeasured(track: Track | undefined): track is Track {
  return track?.perCall.some((value) => value !== undefined) ?? false;
}

/** The times of the control's side, both of each round, in the order of the rounds. */
function* pooled(once: Track, again: Track): Generator<number | undefined> {
  for (let round = 0; round < once.perCall.length; round++) {
    yield once.perCall[round];
    yield again.perCall[round];
  }
}

function pairs<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((later, index) => items.slice(0, index).map((earlier): [T, T] => [earlier, later]));
}

function tidy({ value, interval, count }: Estimate): BenchSide["time"] {
  return { value: digits(value), interval: interval && [digits(interval[0]), digits(interval[1])], count };
}

/** Six significant digits: more than any measurement of time has, and a third of the JSON. */
function digits(value: number): number {
  return Number(value.toPrecision(6));
}

import { type Random, seeded, shuffle } from "./random.ts";
import { allot, callsFor, sampleLength, takesPart } from "./schedule.ts";
import { fewestForInterval, halfWidth, medianRatio } from "./statistics.ts";

/** One of the things compared: it can be called a number of times in a row under its own clock. */
export interface Runner {
  /** Seconds that the very first call took, where there was one. */
  readonly firstCall?: number;
  sample(calls: number): Promise<Sample>;
}

export interface Sample {
  /** Of all calls together, by the clock of the language that ran them. */
  readonly seconds: number;
  /** Processor time, all threads together. */
  readonly cpuSeconds: number;
  /** Bytes in memory of the process that ran it, after it; where that is known. */
  readonly resident?: number;
  /** What a collector of another process did meanwhile; that of this one is watched from outside. */
  readonly collections?: { readonly count: number; readonly seconds: number };
}

export interface Plan {
  /** Fewest rounds, where the budget allows. */
  readonly rounds: number;
  /** Seconds for everything, warming up included. */
  readonly budget: number;
  /** Rounds go on until the control's interval is at most this half-width, 0.01 for 1 %. */
  readonly precision: number;
  readonly seed: number;
}

/** What a run has measured so far; grows while it runs, so that an interrupt keeps it. */
export interface Rounds {
  /** In the order of the runners; the last entry is the control, one of the runners measured again. */
  readonly tracks: Track[];
  /** Index of the runner that is measured twice: the first, unless the budget allows too few rounds of it. */
  control: number;
  completed: number;
  /** Seconds since the start. */
  elapsed: number;
  /** Rounds that were planned when calibration was done. */
  planned: number;
  ended: "precision" | "budget" | undefined;
}

export interface Track {
  /** Seconds per call, by round. */
  readonly perCall: (number | undefined)[];
  cpuSeconds: number;
  /** The most of its samples. */
  resident?: number;
  collections?: { count: number; seconds: number };
  /** Calls of all samples together. */
  calls: number;
  /** Calls in the next sample. */
  sampleCalls: number;
  /** Rounds out of the planned ones in which it takes part. */
  share: number;
}

export interface Hooks {
  /** Seconds of a monotonic clock. */
  now(): number;
  /** Called before and after each round; may wait. */
  between(rounds: Rounds): Promise<void> | void;
  readonly signal?: AbortSignal;
}

export function emptyRounds(runners: number): Rounds {
  const empty = (): Track => ({ perCall: [], cpuSeconds: 0, calls: 0, sampleCalls: 1, share: 0 });
  const tracks = Array.from({ length: runners + 1 }, empty);
  return { tracks, control: 0, completed: 0, elapsed: 0, planned: 0, ended: undefined };
}

/**
 * Measures the runners in interleaved rounds, in random order within each, one of them twice. Writes into `rounds`
 * as it goes. Ends at the budget or, from the planned number of rounds on, when the control is precise enough; what the
 * sides differ by is never looked at.
 */
export async function runRounds(
  runners: readonly Runner[],
  plan: Plan,
  hooks: Hooks,
  rounds: Rounds,
): Promise<void> {
  const random = seeded(plan.seed);
  const start = hooks.now();
  const elapsed = () => {
    rounds.elapsed = hooks.now() - start;
    return rounds.elapsed;
  };
  const costs: number[] = [];
  for (const [index, runner] of runners.entries()) {
    const { calls, cost } = await calibrate(runner, plan.budget / runners.length / 4, hooks);
    costs.push(cost);
    track(rounds, index).sampleCalls = calls;
    elapsed();
    await hooks.between(rounds);
    if (hooks.signal?.aborted) return;
  }
  const shares = allotWithControl(costs, plan.rounds, Math.max(0, plan.budget - elapsed()), rounds);
  const twin = runners[rounds.control];
  if (!twin) return;
  const all = [...runners, twin];
  for (const index of all.keys()) track(rounds, index).share = shares[index] ?? 1;
  track(rounds, runners.length).sampleCalls = track(rounds, rounds.control).sampleCalls;
  rounds.planned = Math.max(...shares);

  for (let last = elapsed(); ; last = rounds.elapsed) {
    await hooks.between(rounds);
    await runRound(all, rounds, hooks, random);
    if (hooks.signal?.aborted) return;
    rounds.completed++;
    rounds.ended = ending(rounds, plan, elapsed() - last, random);
    if (rounds.ended) return hooks.between(rounds);
  }
}

/** The rounds of each side and, last, of the control, whose side it chooses. */
function allotWithControl(
  costs: readonly number[],
  planned: number,
  budget: number,
  rounds: Rounds,
): number[] {
  const allotted = () => allot([...costs, costs[rounds.control] ?? 0], planned, budget);
  let shares = allotted();
  if ((shares[rounds.control] ?? 0) < Math.min(fewestForInterval, Math.max(...shares))) {
    rounds.control = costs.indexOf(Math.min(...costs));
    shares = allotted();
  }
  // The control meets its side in every round in which either is measured.
  shares[costs.length] = shares[rounds.control] ?? 1;
  return shares;
}

function track(rounds: Rounds, index: number): Track {
  // There is one for each runner and one for the control.
  return rounds.tracks[index] as Track;
}

/** @param length seconds that the last round took */
function ending(rounds: Rounds, plan: Plan, length: number, random: Random): Rounds["ended"] {
  const { completed, planned, elapsed } = rounds;
  if (completed >= plan.rounds && controlHalfWidth(rounds, random) <= plan.precision) return "precision";
  if (completed >= planned) return elapsed + length > plan.budget ? "budget" : undefined;
  // Calibration was far too hopeful: the machine slowed down, or the calls grow.
  return elapsed > 1.5 * plan.budget ? "budget" : undefined;
}

/** Half-width of the interval of the control's side against itself, on the logarithmic scale. */
export function controlHalfWidth(rounds: Rounds, random: Random): number {
  const [side, control] = [track(rounds, rounds.control), track(rounds, rounds.tracks.length - 1)];
  return halfWidth(medianRatio(control.perCall, side.perCall, random).interval);
}

async function runRound(
  runners: readonly Runner[],
  rounds: Rounds,
  hooks: Hooks,
  random: Random,
): Promise<void> {
  const round = rounds.completed;
  const present = runners
    .map((runner, index) => ({ runner, track: track(rounds, index) }))
    .filter(({ track }) => takesPart(round, track.share, rounds.planned));
  for (const { runner, track } of shuffle(present, random)) {
    const calls = track.sampleCalls;
    const sample = await runner.sample(calls);
    if (hooks.signal?.aborted) return;
    track.perCall[round] = sample.seconds / calls;
    track.calls += calls;
    track.cpuSeconds += sample.cpuSeconds;
    addMemory(track, sample);
    adjust(track, sample.seconds);
  }
}

function addMemory(track: Track, { resident, collections }: Sample): void {
  if (resident !== undefined) track.resident = Math.max(track.resident ?? 0, resident);
  if (!collections) return;
  const { count, seconds } = track.collections ?? { count: 0, seconds: 0 };
  track.collections = { count: count + collections.count, seconds: seconds + collections.seconds };
}

/** Keeps samples within their length when a side speeds up (a later compiler tier) or slows down for good. */
function adjust(track: Track, seconds: number): void {
  const { least, most } = sampleLength;
  if (seconds >= least && (seconds <= most || track.sampleCalls === 1)) return;
  const recent = track.perCall.filter((value) => value !== undefined).slice(-3);
  const lengths = recent.map((value) => value * track.sampleCalls);
  if (lengths.length < 3) return;
  if (lengths.every((length) => length < least) || lengths.every((length) => length > most)) {
    track.sampleCalls = callsFor(Math.min(...recent));
  }
}

/**
 * Warms a side up by doubling samples until three were long enough (the first of them may have run in a lower compiler
 * tier), and says how many calls a sample takes and how many seconds it costs.
 */
async function calibrate(
  runner: Runner,
  budget: number,
  hooks: Hooks,
): Promise<{ calls: number; cost: number }> {
  const { firstCall } = runner;
  // There is no time to warm it up.
  if (firstCall !== undefined && firstCall >= budget) return { calls: 1, cost: firstCall };
  const start = hooks.now();
  let calls = 1;
  let settled = 0;
  while (true) {
    const before = hooks.now();
    const { seconds } = await runner.sample(calls);
    const wall = hooks.now() - before;
    const perCall = Math.max(seconds / calls, 1e-10);
    if (seconds >= sampleLength.least / 2) settled++;
    const warm = settled >= 3 || perCall > sampleLength.most || hooks.now() - start >= budget;
    if (warm || hooks.signal?.aborted) {
      return { calls: callsFor(perCall), cost: (wall / calls) * callsFor(perCall) };
    }
    calls = settled > 0 ? callsFor(perCall) : Math.min(calls * 2, callsFor(perCall));
  }
}

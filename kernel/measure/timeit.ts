import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { duration, durationEstimate } from "../display/chart/format.ts";
import { unfollowed } from "../engine/origin.ts";
import type { EngineContext } from "../engine/part.ts";
import { isThenable } from "../thenable.ts";
import { foreignShare, readTicks } from "./load.ts";
import { type Loop, loopOf } from "./loop.ts";
import { seeded } from "./random.ts";
import { type Interval, median } from "./statistics.ts";

/** What `%timeit` asks of the engine. */
export interface TimeitRequest {
  /** JavaScript: an expression whose value is a function. */
  readonly code: string;
  readonly calls?: number;
  readonly rounds?: number;
  readonly out?: string;
}

/** Times in seconds. */
export interface Timeit {
  readonly median: number;
  /** 95 %; null with fewer than six rounds. */
  readonly interval: Interval | null;
  /** Calls of a round. */
  readonly calls: number;
  /** One call, by each round. */
  readonly samples: readonly number[];
}

/** Seconds: how long a round is to take, how long all rounds, and how much time calls have before they count. */
const ROUND = 0.02;
const ALL = 3;
const WARM_UP = 0.1;

const FEWEST_ROUNDS = 7;
const MOST_ROUNDS = 30;

/** Beyond these shares the cost of an empty call, and what others used of the processor, are told. */
const SEEN = 0.02;
const LOUD = 0.1;

const now = () => performance.now() / 1000;

/** Measures a function and prints what one call takes. Rejects with the signal's reason when interrupted. */
export async function timeit(request: TimeitRequest, context: EngineContext): Promise<Timeit> {
  const { signal } = context;
  // The code is an expression whose value is a function.
  const side = context.read(request.code) as () => unknown;
  const first = side();
  const awaits = isThenable(first);
  if (awaits) await first;
  return await unfollowed(async () => {
    const loop = loopOf(side, awaits);
    const calls = request.calls ?? (await calibrate(loop, signal));
    const ticks = readTicks();
    const cpu = process.cpuUsage();
    const samples = await sample(loop, calls, request.rounds, signal);
    const { user, system } = process.cpuUsage(cpu);
    const foreign = foreignShare(ticks, readTicks(), (user + system) / 1e6) ?? 0;
    const { value, interval } = median(samples, seeded(samples.length));
    const empty = median(
      await sample(
        loopOf(() => undefined, awaits),
        calls,
        FEWEST_ROUNDS,
        signal,
      ),
      seeded(1),
    );
    const result: Timeit = { median: value, interval, calls, samples };
    context.stream("stdout", `${sentence(result)}\n`);
    if (empty.value > value * SEEN) {
      context.stream("stdout", `An empty call takes ${duration(empty.value)} of it.\n`);
    }
    if (foreign > LOUD) {
      const share = Math.round(foreign * 100);
      context.stream("stdout", `Other processes used ${share} % of the processor meanwhile.\n`);
    }
    return result;
  });
}

/** How many calls take a round's time; what they are called until then warms them up. */
async function calibrate(loop: Loop, signal: AbortSignal): Promise<number> {
  const start = now();
  for (let calls = 1; ; ) {
    const { seconds } = await loop(calls);
    await pause(signal);
    const wanted = Math.max(1, Math.round((calls * ROUND) / Math.max(seconds, 1e-9)));
    if (seconds >= ROUND / 2 && (now() - start >= WARM_UP || seconds >= ROUND)) return wanted;
    // The estimate of a short time is poor: it grows by steps.
    calls = Math.min(wanted, calls * 10);
  }
}

async function sample(
  loop: Loop,
  calls: number,
  rounds: number | undefined,
  signal: AbortSignal,
): Promise<number[]> {
  const samples: number[] = [];
  const start = now();
  const enough = () =>
    rounds === undefined
      ? samples.length >= MOST_ROUNDS || (samples.length >= FEWEST_ROUNDS && now() - start > ALL)
      : samples.length >= rounds;
  while (!enough()) {
    const { seconds } = await loop(calls);
    samples.push(seconds / calls);
    await pause(signal);
  }
  return samples;
}

/** Lets what else waits run, and an interrupt be heard. */
async function pause(signal: AbortSignal): Promise<void> {
  await setImmediate();
  if (signal.aborted) throw signal.reason;
}

function sentence({ median: value, interval, calls, samples }: Timeit): string {
  const { value: text, range } = interval
    ? durationEstimate(value, interval)
    : { value: duration(value), range: "" };
  const rounds = samples.length === 1 ? "1 round" : `${samples.length} rounds`;
  const each = calls === 1 ? "1 call" : `${calls.toLocaleString("en")} calls`;
  return `${text} per call (median of ${rounds} of ${each}${range && `; 95 % interval ${range}`})`;
}

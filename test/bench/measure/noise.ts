import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { foreignShare, readTicks } from "../../../kernel/measure/load.ts";
import type { Random } from "../../../kernel/measure/random.ts";
import type { Runner } from "../../../kernel/measure/rounds.ts";
import { quantile } from "../../../kernel/measure/statistics.ts";
import { busyNeighbours } from "./neighbour.ts";
import { work } from "./work.ts";

/** Samples of one piece of work, in the order in which they were taken, each as a multiple of their median. */
export interface Noise {
  /** While others used at most `quietest` of the processor. */
  readonly quiet: readonly number[];
  /** Beside a process that keeps one core busy in bursts. */
  readonly busy: readonly number[];
}

const file = join(import.meta.dirname, "noise.json");

/** Noise that was recorded by `npm run bench -- measure record`. */
export function recordedNoise(): Noise {
  // Written by `record` below.
  const { quiet, busy } = JSON.parse(readFileSync(file, "utf8")) as Noise;
  return { quiet, busy };
}

const samples = 600;
/** Samples in a row that are kept or dropped together: 1.2 s, long enough for the machine's ticks to tell who used it. */
const stretch = 20;
/** Share of the processor that others may use while a machine counts as quiet. */
const quietest = 0.05;
/** Seconds to wait for enough quiet stretches. */
const patience = 600;

/** Records what this machine does to samples of 60 ms of equal work; refuses to call a machine quiet that is not. */
export async function record(): Promise<void> {
  const quiet = series((foreign) => foreign <= quietest);
  if (quiet.times.length < samples) {
    const kept = `${quiet.times.length} of ${samples} samples`;
    throw new Error(`Not quiet enough here: ${kept} in ${patience} s while others used at most 5 %.`);
  }
  const stop = await busyNeighbours(1);
  const busy = series(() => true);
  stop();
  const recorded = {
    date: new Date().toISOString(),
    processor: cpus()[0]?.model.trim(),
    cores: availableParallelism(),
    node: process.versions.node,
    foreign: { quiet: quiet.foreign, busy: busy.foreign },
  };
  const traces = { quiet: relative(quiet.times), busy: relative(busy.times) };
  writeFileSync(file, `${JSON.stringify({ recorded, ...traces })}\n`);
  for (const [name, values] of Object.entries(traces)) console.log(`${name}: ${spreadLine(values)}`);
}

/** How noisy a trace is: half the distance of its 16th and 84th percentiles, a standard deviation where it is normal. */
export function spreadLine(values: readonly number[]): string {
  const spread = (quantile(values, 0.84) - quantile(values, 0.16)) / 2;
  return `${values.length} samples, spread ${(spread * 100).toFixed(2)} %`;
}

/** Stretches of samples, in milliseconds, that `keeps` accepts by others' share of the processor; their median share. */
function series(keeps: (foreign: number) => boolean): { times: number[]; foreign: number } {
  const once = () => work(20_000);
  for (let warm = 0; warm < 50; warm++) once();
  const start = performance.now();
  for (let call = 0; call < 20; call++) once();
  const calls = Math.max(1, Math.round(60 / ((performance.now() - start) / 20)));
  const times: number[] = [];
  const shares: number[] = [];
  while (times.length < samples && performance.now() - start < patience * 1000) {
    const [ticks, cpu] = [readTicks(), process.cpuUsage()];
    const taken = Array.from({ length: stretch }, () => {
      const before = performance.now();
      for (let call = 0; call < calls; call++) once();
      return performance.now() - before;
    });
    const { user, system } = process.cpuUsage(cpu);
    // Where the machine does not tell, nothing counts as quiet.
    const foreign = foreignShare(ticks, readTicks(), (user + system) / 1e6) ?? 1;
    if (!keeps(foreign)) continue;
    times.push(...taken);
    shares.push(foreign);
  }
  return { times, foreign: Number(quantile(shares, 0.5).toFixed(3)) };
}

function relative(times: readonly number[]): number[] {
  const middle = quantile(times, 0.5);
  return times.map((time) => Number((time / middle).toFixed(4)));
}

/**
 * A machine that disturbs samples as the recorded one did: one after the other from a random place on, so that what
 * disturbs several samples in a row does so here. Time passes only by samples.
 */
export class ReplayedMachine {
  seconds = 0;
  readonly #noise: readonly number[];
  #place: number;

  constructor(noise: readonly number[], random: Random) {
    this.#noise = noise;
    this.#place = Math.floor(random() * noise.length);
  }

  /** A side whose calls take so many seconds where nothing disturbs them. */
  side(perCall: number): Runner {
    return {
      sample: async (calls) => {
        const disturbed = this.#noise[this.#place++ % this.#noise.length] ?? 1;
        const seconds = calls * perCall * disturbed;
        this.seconds += seconds;
        return { seconds, cpuSeconds: seconds };
      },
    };
  }
}

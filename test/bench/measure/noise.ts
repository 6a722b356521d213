import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "../../../kernel/measure/random.ts";
import type { Runner } from "../../../kernel/measure/rounds.ts";
import { quantile } from "../../../kernel/measure/statistics.ts";
import { busyNeighbours } from "./neighbour.ts";
import { work } from "./work.ts";

/** Samples of one piece of work in a row, each as a multiple of their median. */
export interface Noise {
  readonly quiet: readonly number[];
  /** Beside a process that keeps one core busy in bursts. */
  readonly busy: readonly number[];
}

const file = join(import.meta.dirname, "noise.json");

/** Noise that was recorded by `npm run bench -- measure record`. */
export function recordedNoise(): Noise {
  // Written by `record` below.
  return JSON.parse(readFileSync(file, "utf8")) as Noise;
}

const samples = 600;

/** Records what this machine does to samples of 60 ms of equal work. */
export async function record(): Promise<void> {
  const quiet = series();
  const stop = await busyNeighbours(1);
  const busy = series();
  stop();
  writeFileSync(file, `${JSON.stringify({ quiet, busy })}\n`);
  for (const [name, values] of Object.entries({ quiet, busy })) {
    const spread = (quantile(values, 0.84) - quantile(values, 0.16)) / 2;
    console.log(`${name}: ${values.length} samples, spread ${(spread * 100).toFixed(2)} %`);
  }
}

function series(): number[] {
  const once = () => work(20_000);
  for (let warm = 0; warm < 50; warm++) once();
  const start = performance.now();
  for (let call = 0; call < 20; call++) once();
  const calls = Math.max(1, Math.round(60 / ((performance.now() - start) / 20)));
  const times = Array.from({ length: samples }, () => {
    const before = performance.now();
    for (let call = 0; call < calls; call++) once();
    return performance.now() - before;
  });
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

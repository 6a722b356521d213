import { normal, type Random } from "./random.ts";
import type { Runner, Sample } from "./rounds.ts";

/** A machine to measure on that does not exist: time passes only by samples. */
export class SimulatedMachine {
  seconds = 0;
  readonly #random: Random;
  readonly #noise: Noise;

  constructor(random: Random, noise: Noise) {
    this.#random = random;
    this.#noise = noise;
  }

  /** A side whose calls take `perCall` seconds where nothing disturbs them. */
  side(perCall: number): Runner {
    return {
      sample: async (calls): Promise<Sample> => {
        const seconds = calls * this.disturbed(perCall);
        this.seconds += seconds;
        return { seconds, cpuSeconds: seconds };
      },
    };
  }

  /** One measured value of what takes `value` where nothing disturbs it. */
  disturbed(value: number): number {
    const { spread, disturbed } = this.#noise;
    const hit = this.#random() < disturbed ? 1 + this.#random() : 1;
    return value * Math.exp(spread * normal(this.#random)) * hit;
  }
}

export interface Noise {
  /** Standard deviation of a sample's logarithm. */
  readonly spread: number;
  /** Share of samples that something else lengthens, to at most twice their time. */
  readonly disturbed: number;
}

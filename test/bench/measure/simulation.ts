import { seeded } from "../../../kernel/measure/random.ts";
import type { BenchResult } from "../../../kernel/measure/result.ts";
import { emptyRounds, runRounds } from "../../../kernel/measure/rounds.ts";
import { type RunFacts, summarise } from "../../../kernel/measure/summary.ts";
import { ReplayedMachine } from "./noise.ts";

const facts: Pick<RunFacts, "notRun" | "difference" | "ended" | "versions"> = {
  notRun: [],
  difference: null,
  ended: "budget",
  versions: {},
};
const conditions = {
  budget: 20,
  precision: 0.01,
  tolerance: "",
  foreign: null,
  cores: 2,
  processor: "",
  seed: 1,
};

/** One comparison of two sides on a machine with the recorded noise; the second takes `factor` times as long. */
async function once(noise: readonly number[], factor: number, seed: number): Promise<BenchResult> {
  const machine = new ReplayedMachine(noise, seeded(seed));
  const rounds = emptyRounds(2);
  const plan = { rounds: 30, budget: 20, precision: 0.01, seed };
  const hooks = { now: () => machine.seconds, between() {} };
  await runRounds([machine.side(1e-4), machine.side(1e-4 * factor)], plan, hooks, rounds);
  const sides = ["a", "b"].map((name) => ({ name, loop: "typescript" }) as const);
  return summarise(rounds, { ...facts, sides, conditions: { ...conditions, seed } });
}

/** How many of so many comparisons claim a difference. */
export async function claims(noise: readonly number[], factor: number, runs: number): Promise<number> {
  let claimed = 0;
  for (let run = 0; run < runs; run++) {
    const { ratios } = await once(noise, factor, 1000 + run);
    if (ratios[0]?.claimed) claimed++;
  }
  return claimed;
}

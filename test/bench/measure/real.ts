import { loopOf } from "../../../kernel/measure/loop.ts";
import type { Runner } from "../../../kernel/measure/rounds.ts";
import { compare } from "../harness/compare.ts";
import { work } from "./work.ts";

const side = (run: () => unknown): Runner => ({ sample: loopOf(run, false) });

/** How many of so many short comparisons of equal code claim a difference. */
export async function equalSides(runs: number, budget: number): Promise<number> {
  let claimed = 0;
  for (let run = 0; run < runs; run++) {
    const sides = { a: side(() => work(20_000)), b: side(() => work(20_000)) };
    const { result } = await compare(`equal ${run}`, sides, [], { budget, rounds: 10 });
    if (result.ratios.some((ratio) => ratio.claimed)) claimed++;
  }
  return claimed;
}

/** What is claimed where one side does 10 % more work. */
export async function tenPercent(budget: number): Promise<{ verdict: string; found: boolean }> {
  const sides = { less: side(() => work(20_000)), more: side(() => work(20_000) + work(2_000)) };
  const { result } = await compare("10 %", sides, [], { budget });
  const [ratio] = result.ratios;
  return { verdict: result.verdict, found: Boolean(ratio?.claimed && ratio.value > 1) };
}

/** What is said where all of the work becomes half as much again in the course of the run. */
export async function drifting(budget: number): Promise<{ drift: number; said: string; noticed: boolean }> {
  const start = performance.now();
  const size = () =>
    Math.round(20_000 * (1 + Math.min(1, (performance.now() - start) / (budget * 1000)) * 0.5));
  const sides = { a: side(() => work(size())), b: side(() => work(size())) };
  const { result } = await compare("drift", sides, [], { budget });
  const said = [result.verdict, ...result.notes].join(" ");
  return { drift: result.conditions.drift, said, noticed: /became \d+ % slower/.test(said) };
}

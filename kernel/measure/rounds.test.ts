import { describe, expect, it } from "vitest";
import { seeded } from "./random.ts";
import { controlHalfWidth, emptyRounds, type Plan, type Rounds, type Runner, runRounds } from "./rounds.ts";
import { allot, callsFor, takesPart } from "./schedule.ts";
import { type Noise, SimulatedMachine } from "./simulate.ts";

const plan: Plan = { rounds: 30, budget: 20, precision: 0.01, seed: 1 };

async function simulate(perCall: number[], noise: Noise, changes: Partial<Plan> = {}): Promise<Rounds> {
  const machine = new SimulatedMachine(seeded(3), noise);
  return run(
    machine,
    perCall.map((seconds) => machine.side(seconds)),
    changes,
  );
}

async function run(
  machine: SimulatedMachine,
  runners: Runner[],
  changes: Partial<Plan> = {},
): Promise<Rounds> {
  const rounds = emptyRounds(runners.length);
  const hooks = { now: () => machine.seconds, between() {} };
  await runRounds(runners, { ...plan, ...changes }, hooks, rounds);
  return rounds;
}

const measured = (rounds: Rounds) =>
  rounds.tracks.map(({ perCall }) => perCall.filter((value) => value !== undefined).length);

const quiet = { spread: 0.005, disturbed: 0 };

describe("rounds", () => {
  it("end at the planned number where the control is precise", async () => {
    const rounds = await simulate([1e-6, 3e-3], quiet);
    expect(rounds.ended).toBe("precision");
    expect(measured(rounds)).toEqual([30, 30, 30]);
    expect(rounds.elapsed).toBeLessThan(20);
  });

  it("go on until the control is precise", async () => {
    const rounds = await simulate([1e-6, 3e-3], { spread: 0.022, disturbed: 0 });
    expect(rounds.ended).toBe("precision");
    expect(rounds.completed).toBeGreaterThan(30);
    expect(controlHalfWidth(rounds, seeded(1))).toBeLessThan(0.0115);
  });

  it("end with the budget where it never gets precise", async () => {
    const rounds = await simulate([1e-6, 3e-3], { spread: 0.3, disturbed: 0 });
    expect(rounds.ended).toBe("budget");
    expect(rounds.completed).toBeGreaterThan(30);
    expect(rounds.elapsed).toBeGreaterThan(19);
    expect(rounds.elapsed).toBeLessThan(20.5);
  });

  it("do not depend on what the sides differ by", async () => {
    const lengths = await Promise.all(
      [1, 1.001, 1.3].map(async (factor) => (await simulate([1e-3, 1e-3 * factor], quiet)).completed),
    );
    expect(lengths).toEqual([30, 30, 30]);
  });

  it("give samples of 50 to 100 ms where a call is shorter", async () => {
    const rounds = await simulate([2e-8, 7e-4, 0.04], quiet);
    for (const { perCall, sampleCalls } of rounds.tracks) {
      for (const seconds of perCall.slice(5)) {
        const length = (seconds ?? 0) * sampleCalls;
        expect(length).toBeGreaterThan(0.05);
        expect(length).toBeLessThan(0.1);
      }
    }
  });

  it("measure a slow side less often, always beside all others", async () => {
    const rounds = await simulate([1e-3, 1.1], quiet);
    const [first, slow, control] = rounds.tracks;
    const [fast, few] = measured(rounds);
    expect(fast).toBe(30);
    expect(few).toBeGreaterThanOrEqual(6);
    expect(few).toBeLessThan(20);
    expect(measured(rounds)[2]).toBe(30);
    slow?.perCall.forEach((value, round) => {
      if (value !== undefined)
        expect([first?.perCall[round], control?.perCall[round]]).not.toContain(undefined);
    });
    expect(rounds.elapsed).toBeLessThan(22);
  });

  it("control by another side where the first is too slow to be measured twice", async () => {
    const rounds = await simulate([3, 1e-3], quiet);
    expect(rounds.control).toBe(1);
    const [slow, fast, again] = measured(rounds);
    expect(slow).toBeLessThan(6);
    expect(fast).toBeGreaterThanOrEqual(30);
    expect(again).toBe(fast);
  });

  it("spend no call on warming up what takes the whole budget", async () => {
    const machine = new SimulatedMachine(seeded(3), quiet);
    const runner: Runner = { ...machine.side(8), firstCall: 8 };
    const rounds = await run(machine, [machine.side(1e-3), runner]);
    expect(measured(rounds)[1]).toBe(1);
    expect(rounds.elapsed).toBeLessThan(22);
  });

  it("measure a side that is longer than the budget once", async () => {
    const rounds = await simulate([1e-3, 50], quiet);
    expect(measured(rounds)[1]).toBe(1);
  });

  it("keep samples long enough when a side becomes quicker", async () => {
    const machine = new SimulatedMachine(seeded(3), quiet);
    let samples = 0;
    const warming: Runner = { sample: (calls) => machine.side(++samples < 8 ? 4e-3 : 1e-3).sample(calls) };
    const rounds = await run(machine, [warming]);
    const { perCall, sampleCalls } = rounds.tracks[0] ?? { perCall: [], sampleCalls: 0 };
    expect((perCall.at(-1) ?? 0) * sampleCalls).toBeGreaterThan(0.05);
  });

  it("stop at once when interrupted, and keep what was measured", async () => {
    const machine = new SimulatedMachine(seeded(3), quiet);
    const controller = new AbortController();
    const rounds = emptyRounds(1);
    const between = () => {
      if (rounds.completed === 7) controller.abort();
    };
    const hooks = { now: () => machine.seconds, between, signal: controller.signal };
    await runRounds([machine.side(1e-3)], plan, hooks, rounds);
    expect(rounds.ended).toBeUndefined();
    expect(rounds.completed).toBe(7);
  });
});

describe("the order within a round", () => {
  it("is random: each side goes first about equally often", async () => {
    const machine = new SimulatedMachine(seeded(3), quiet);
    const order: number[] = [];
    const runners = [0, 1, 2].map((side): Runner => {
      const { sample } = machine.side(1e-3);
      return {
        sample(calls) {
          order.push(side);
          return sample(calls);
        },
      };
    });
    await run(machine, runners, { rounds: 200, budget: 1000 });
    const firsts = [0, 0, 0];
    const rounds = order.slice(-200 * 4);
    for (let i = 0; i < rounds.length; i += 4) firsts[rounds[i] ?? 0] = (firsts[rounds[i] ?? 0] ?? 0) + 1;
    // The first side stands for itself and for the control.
    expect(firsts[0]).toBeGreaterThan(75);
    expect(firsts[0]).toBeLessThan(125);
    expect(firsts[1]).toBeGreaterThan(30);
    expect(firsts[2]).toBeGreaterThan(30);
  });
});

describe("the schedule", () => {
  it("gives all rounds to all where the budget allows", () => {
    expect(allot([0.07, 0.07, 0.2], 30, 20)).toEqual([30, 30, 30]);
  });

  it("gives a slow side what the others leave", () => {
    const counts = allot([0.07, 0.07, 1], 30, 20);
    expect(counts.slice(0, 2)).toEqual([30, 30]);
    expect(counts[2]).toBe(Math.floor(20 - 60 * 0.07));
  });

  it("divides too small a budget fairly", () => {
    expect(allot([0.1, 0.1], 30, 2)).toEqual([10, 10]);
    expect(allot([5, 0.1], 30, 0)).toEqual([1, 1]);
  });

  it("spreads a slow side's rounds, within those of a quicker one", () => {
    for (const rounds of [6, 30, 37]) {
      for (let count = 1; count <= rounds; count++) {
        const mine = Array.from({ length: rounds }, (_, round) => takesPart(round, count, rounds));
        expect(mine.filter(Boolean).length).toBe(count);
        const more = mine.filter(
          (part, round) => part && !takesPart(round, Math.min(rounds, count + 1), rounds),
        );
        expect(more).toEqual([]);
      }
    }
    const eight = Array.from({ length: 32 }, (_, round) => round).filter((round) => takesPart(round, 8, 32));
    expect(eight).toEqual([0, 4, 8, 12, 16, 20, 24, 28]);
  });

  it("aims at samples of 70 ms", () => {
    expect(callsFor(1e-3)).toBe(70);
    expect(callsFor(3)).toBe(1);
  });
});

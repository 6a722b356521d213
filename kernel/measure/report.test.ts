import { describe, expect, it } from "vitest";
import { barChart } from "../display/chart/bars.ts";
import { toText } from "../display/chart/svg.ts";
import { seeded } from "./random.ts";
import { benchBundle, benchChart } from "./report.ts";
import { type BenchResult, readTiming, timingMime } from "./result.ts";
import { emptyRounds, runRounds } from "./rounds.ts";
import { type Noise, SimulatedMachine } from "./simulate.ts";
import { type RunFacts, summarise } from "./summary.ts";

interface Scene extends Partial<Omit<RunFacts, "sides" | "conditions">> {
  /** Seconds per call of each side. */
  readonly sides: Record<string, number>;
  readonly noise?: Noise;
  readonly loops?: Record<string, RunFacts["sides"][number]["loop"]>;
  readonly overhead?: RunFacts["sides"][number]["overhead"];
  readonly foreign?: number | null;
}

/** A result as a run on a simulated machine gives it. */
async function result(scene: Scene): Promise<BenchResult> {
  const machine = new SimulatedMachine(seeded(1), scene.noise ?? { spread: 0.01, disturbed: 0.05 });
  const names = Object.keys(scene.sides);
  const rounds = emptyRounds(names.length);
  const runners = Object.values(scene.sides).map((perCall) => machine.side(perCall));
  const plan = { rounds: 30, budget: 20, precision: 0.01, seed: 1 };
  await runRounds(runners, plan, { now: () => machine.seconds, between() {} }, rounds);
  return summarise(rounds, {
    sides: names.map((name) => {
      const loop = scene.loops?.[name] ?? "typescript";
      return { name, loop, ...(loop !== "typescript" && scene.overhead && { overhead: scene.overhead }) };
    }),
    notRun: scene.notRun ?? [],
    difference: scene.difference ?? null,
    ended: scene.ended ?? "precision",
    conditions: {
      budget: 20,
      precision: 0.01,
      tolerance: "4 ULP",
      foreign: scene.foreign === undefined ? 0.031 : scene.foreign,
      cores: 8,
      processor: "Example CPU at 3.2 GHz",
      seed: 1,
    },
    versions: scene.versions ?? { Node: "20.20.2", V8: "11.3", rustc: "1.95.0 (O3)", CPython: "3.11.7" },
  });
}

const loops = { rust: "rust", python: "python" } as const;

const scenes: Record<string, Scene> = {
  "three languages": {
    sides: { typescript: 12.4e-3, rust: 5.9e-3, python: 247e-3 },
    loops,
    overhead: { value: 31e-9, interval: [29e-9, 34e-9], count: 12 },
  },
  "almost equal": { sides: { map: 1.02e-3, loop: 1e-3 }, noise: { spread: 0.002, disturbed: 0 } },
  "far apart": {
    sides: { naive: 0.5, better: 21e-3, best: 1e-3 },
    loops: { naive: "python", best: "rust" },
  },
  "nothing to claim": {
    sides: { a: 1e-3, b: 1.004e-3, c: 1.001e-3 },
    noise: { spread: 0.03, disturbed: 0.1 },
  },
  "two level at the top": { sides: { forLoop: 40e-9, forOf: 40.1e-9, reduce: 95e-9 } },
  "too noisy": {
    sides: { typescript: 1e-3, rust: 0.8e-3 },
    foreign: 0.46,
    noise: { spread: 0.05, disturbed: 0.3 },
  },
  "disturbed, but far apart": { sides: { typescript: 41e-3, rust: 1e-3 }, foreign: 0.46 },
  "long labels": {
    sides: {
      typescriptWithASingleSharedArrayBufferForAllWorkers: 8.1e-3,
      rust_with_rayon_and_a_preallocated_output_buffer: 4.2e-3,
      日本語のラベルはとても長いことがあります: 6.3e-3,
    },
    notRun: [
      {
        name: "pythonWithNumbaAndParallelRange",
        why: 'numba is not installed in /usr/bin/python3: install it with "python3 -m pip install numba", then run this cell again',
      },
    ],
  },
  "results differ": {
    sides: { typescript: 2e-3, rust: 1e-3 },
    difference: { left: "typescript", right: "rust", path: "[3].mean", leftValue: "3.25", rightValue: "3.5" },
  },
  interrupted: { sides: { typescript: 2e-3, rust: 1e-3 }, ended: "interrupt", foreign: null },
  "one side": { sides: { typescript: 3e-7 } },
};

describe("what a bench shows", () => {
  it.each(Object.keys(scenes))("%s", async (name) => {
    const scene = scenes[name];
    if (!scene) throw new Error("No such scene.");
    const found = await result(scene);
    const bundle = benchBundle(found);
    expect(Object.keys(bundle)).toEqual([timingMime, "image/svg+xml", "text/plain"]);
    // What crosses to a front end as JSON is what the renderer accepts.
    expect(readTiming(JSON.parse(JSON.stringify(found)))).toEqual({ ok: true, result: found });
    const file = name.replaceAll(/[ ,]+/g, "-");
    await expect(`${bundle["image/svg+xml"]}\n`).toMatchFileSnapshot(`fixtures/${file}.svg`);
    await expect(`${bundle["text/plain"]}\n`).toMatchFileSnapshot(`fixtures/${file}.txt`);
  });

  it("draws 1,000 bars without delay worth a test, and in the widths that notebooks have", async () => {
    const found = await result(scenes["long labels"] ?? { sides: {} });
    for (const width of [400, 600, 1200]) {
      expect(toText(barChart(benchChart(found), width))).toContain(`viewBox="0 0 ${width} `);
    }
  });
});

describe("what claims to be a result", () => {
  it.each<[string, unknown, RegExp]>([
    ["is nothing", null, /Expected Object/],
    ["is of a newer format", { kind: "bench", version: 2 }, /newer Tandem \(format 2/],
    ["lacks its parts", { kind: "bench", version: 1 }, /verdict/],
  ])("is refused where it %s", (_, data, why) => {
    const read = readTiming(data);
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.why).toMatch(why);
  });

  it("is refused where a number is none, or an interval is upside down", async () => {
    const found = await result({ sides: { a: 1, b: 2 } });
    const [first, ...others] = found.sides;
    if (!first) throw new Error("No side was measured.");
    for (const value of ["1", Number.NaN, -1]) {
      expect(readTiming({ ...found, sides: [{ ...first, cpu: value }, ...others] }).ok).toBe(false);
    }
    const upsideDown = { ...first, time: { ...first.time, interval: [2, 1] } };
    expect(readTiming({ ...found, sides: [upsideDown, ...others] })).toMatchObject({
      ok: false,
      why: expect.stringContaining("sides.0.time.interval"),
    });
  });
});

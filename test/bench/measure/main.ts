// Whether %%bench is honest: simulated on recorded noise, and for real. `record` records the noise anew; `quick` runs a
// tenth of it, `spans` only the costs of charts and spans, `python` only those of crossing to Python.
import { duration } from "../../../kernel/display/chart/format.ts";
import { keep } from "../harness/report.ts";
import { chartTimes } from "./charts.ts";
import { busyNeighbours } from "./neighbour.ts";
import { record, recordedNoise, spreadLine } from "./noise.ts";
import { crossings } from "./python.ts";
import { drifting, equalSides, tenPercent } from "./real.ts";
import { claims } from "./simulation.ts";
import { spanCosts } from "./spans.ts";

const words = process.argv.slice(2);
const part = words.includes("quick") ? 0.1 : 1;

void main();

async function main(): Promise<void> {
  if (words.includes("record")) return record();
  const lines: Record<string, unknown> = {};
  const say = (name: string, found: unknown, wanted: string, met: boolean) => {
    lines[name] = { found, wanted, met };
    console.log(`${met ? "MET   " : "MISSED"}  ${name}: ${String(found)} (wanted: ${wanted})`);
  };

  for (const { what, seconds, most } of await crossings()) {
    const found = typeof seconds === "number" ? duration(seconds) : seconds;
    if (most === undefined) console.log(`TOLD    Python: ${what}: ${found}`);
    else
      say(`Python: ${what}`, found, `under ${duration(most)}`, typeof seconds === "number" && seconds < most);
    lines[`Python: ${what}`] ??= { found };
  }
  if (words.includes("python")) return void keep("measure-python", lines);
  for (const [name, seconds] of Object.entries(chartTimes())) {
    say(`a chart of 1,000 marks, ${name}`, duration(seconds), "under 5 ms", seconds < 0.005);
  }
  for (const [side, cost] of Object.entries(await spanCosts())) {
    // Python has no target of its own: it is told.
    const most = side.startsWith("in Rust") ? 1e-6 : 2e-6;
    const found = typeof cost === "number" ? duration(cost) : cost;
    say(`a span ${side}`, found, `under ${duration(most)}`, typeof cost === "number" && cost < most);
  }
  if (words.includes("spans")) return;
  const noise = recordedNoise();
  const runs = Math.round(1000 * part);
  for (const [name, values] of Object.entries(noise)) {
    console.log(`Recorded noise, ${name}: ${spreadLine(values)}`);
    const found = await claims(values, 1, runs);
    say(
      `false claims in ${runs} runs of equal sides, noise of a ${name} machine`,
      found,
      `at most ${5 * part}`,
      found <= 5 * part,
    );
  }
  const power = Math.round(200 * part);
  const found = await claims(noise.quiet, 1.03, power);
  say(
    `3 % found in ${power} runs, noise of a quiet machine`,
    found,
    `at least ${0.9 * power}`,
    found >= 0.9 * power,
  );

  const stop = await busyNeighbours(1);
  const equal = Math.round(60 * part);
  const wrong = await equalSides(equal, 2);
  stop();
  say(
    `false claims in ${equal} real runs of equal sides beside a busy neighbour`,
    wrong,
    "at most 2",
    wrong <= 2,
  );
  const ten = await tenPercent(10);
  say("a real difference of 10 %", ten.verdict, "claimed", ten.found);
  const drift = await drifting(10);
  say("a real drift", drift.said, "noticed", drift.noticed);
  keep("measure", lines);
}

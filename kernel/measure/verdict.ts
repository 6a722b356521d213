import { duration, durationEstimate, estimate, percent } from "../display/chart/format.ts";
import { type Disturbance, possibleEffects } from "./claim.ts";
import { type BenchResult, type BenchSide, ratioOf } from "./result.ts";

type Facts = Omit<BenchResult, "verdict" | "notes">;

/** What the measurement allows to say: one plain sentence, and a note for each thing that limits it. */
export function verdict(facts: Facts): { verdict: string; notes: string[] } {
  return { verdict: `${finding(facts)}${fewerRounds(facts)}.`, notes: notes(facts) };
}

function finding(facts: Facts): string {
  const { difference, sides } = facts;
  if (difference) {
    const where = difference.path === "" ? "" : ` at ${difference.path}`;
    return (
      `No verdict: the results differ${where}, where ${difference.left} gives ${difference.leftValue} ` +
      `and ${difference.right} ${difference.rightValue}`
    );
  }
  const measured = sides.filter((side) => side.time.interval !== null);
  const byTime = [...measured].sort((a, b) => a.time.value - b.time.value);
  const [fastest, ...others] = byTime;
  if (!fastest) return unmeasured(facts);
  if (others.length === 0) return alone(fastest, sides.length);

  const slower = others.filter((side) => ratioOf(facts, side.name, fastest.name)?.claimed);
  const level = others.filter((side) => !slower.includes(side));
  const gains = list(slower.map((side) => gain(facts, fastest, side)));
  const control = moved(facts);
  if (level.length === 0) return `${fastest.name} is ${gains}${control}`;
  if (slower.length > 0) {
    const names = list([fastest, ...level].map((side) => side.name));
    return `${fastest.name} is ${gains}; between ${names} no difference can be claimed${control}`;
  }
  const names = list(measured.map((side) => side.name));
  const reasons = noise(disturbanceOf(facts));
  if (reasons.length > 0) return `Too noisy: ${list(reasons)}; nothing can be said of ${names}${control}`;
  return `No difference can be claimed between ${names}${control}`;
}

/** No side has rounds enough for an interval. */
function unmeasured({ sides, conditions }: Facts): string {
  const [first, ...others] = sides;
  if (!first) return "Nothing was measured";
  const rounds = count(conditions.rounds, "round");
  if (others.length === 0) return `${first.name} takes ${duration(first.time.value)} a call, from ${rounds}`;
  return `No difference can be claimed between ${list(sides.map(({ name }) => name))} from ${rounds}`;
}

function alone({ name, time }: BenchSide, sides: number): string {
  const { value, range } = durationEstimate(time.value, time.interval);
  const lonely = sides === 1 ? "; there is nothing to compare it with" : "";
  return `${name} takes ${value} a call${range && ` (${range})`}${lonely}`;
}

/** "2.10 times as fast as python (2.05–2.16)", or in percent where the gain is small. */
function gain(facts: Facts, fastest: BenchSide, slower: BenchSide): string {
  const ratio = ratioOf(facts, slower.name, fastest.name);
  if (!ratio) return "";
  const { value, interval } = ratio;
  if (value >= 1.1) {
    const text = estimate(value, interval);
    return `${text.value} times as fast as ${slower.name} here${text.range && ` (${text.range})`}`;
  }
  const more = (of: number) => ((of - 1) * 100).toFixed(1);
  const range = interval && ` (${more(interval[0])}–${more(interval[1])} %)`;
  return `${more(value)} % faster than ${slower.name} here${range ?? ""}`;
}

/** How far the first side was from itself: the end of the control's interval that is further from 1. */
function moved({ control }: Facts): string {
  if (!control?.interval) return "";
  const [low, high] = control.interval;
  return `; the control moved by ${percent(Math.max(1 / low, high) - 1)}`;
}

/** Slow sides are measured less often, so that all of it fits into the budget. */
function fewerRounds({ sides, conditions }: Facts): string {
  const most = Math.max(0, ...sides.map((side) => side.time.count));
  const few = sides.filter((side) => side.time.count < most);
  const tooFew = sides.some((side) => side.time.interval === null);
  const more = tooFew && conditions.ended !== "interrupt" ? ", too few for an interval: raise --budget" : "";
  if (few.length === 0) return more;
  const each = few.map((side) => `${side.name} only ${side.time.count}`);
  return `; of ${count(most, "round")} the budget allowed ${list(each)}${more}`;
}

function notes(facts: Facts): string[] {
  const { conditions, notRun } = facts;
  const said: string[] = [];
  if (conditions.ended === "interrupt") said.push(`Interrupted after ${count(conditions.rounds, "round")}.`);
  const disturbance = disturbanceOf(facts);
  const claims = facts.ratios.some((ratio) => ratio.claimed) && !facts.difference;
  if (claims) said.push(...noise(disturbance).map((reason) => `${capital(reason)} meanwhile.`));
  if (notRun.length > 0) said.push(`Not run: ${list(notRun.map((side) => side.name))}.`);
  return said;
}

/** What disturbed the run above the limits, the worse first. */
function noise(disturbance: Disturbance): string[] {
  const effects = possibleEffects(disturbance);
  const { foreign, drift } = disturbance;
  const reasons = [
    { effect: effects.load, text: `others used ${percent(foreign ?? 0)} of the processor` },
    {
      effect: effects.drift,
      text: `the same code became ${percent(Math.abs(drift - 1))} ${drift > 1 ? "slower" : "quicker"}`,
    },
  ];
  return reasons
    .filter((reason) => reason.effect > 1)
    .sort((a, b) => b.effect - a.effect)
    .map((reason) => reason.text);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function disturbanceOf({ conditions }: Facts): Disturbance {
  return { foreign: conditions.foreign ?? undefined, drift: conditions.drift };
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** "a", "a and b", "a, b and c". */
function list(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

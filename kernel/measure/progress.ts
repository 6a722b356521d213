import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { duration } from "../display/chart/format.ts";
import type { EngineContext } from "../engine/part.ts";
import type { MimeBundle } from "../wire/message.ts";
import type { Plan, Rounds } from "./rounds.ts";

/** How often the line changes, in ms: often enough to see that it lives, seldom enough to disturb nothing. */
const every = 250;

let displays = 0;

/** One display: a line that says how far the run is, then the result in its place. */
export class Progress {
  readonly #context: EngineContext;
  readonly #plan: Plan;
  readonly #id = `tandem-bench-${process.pid}-${++displays}`;
  #shown = -Infinity;

  constructor(context: EngineContext, plan: Plan) {
    this.#context = context;
    this.#plan = plan;
    context.display({ "text/plain": "Warming up …" }, undefined, this.#id);
  }

  /** Called between rounds. Lets interrupts and output through. */
  async step(rounds: Rounds): Promise<void> {
    const now = performance.now();
    if (now - this.#shown >= every) {
      this.#shown = now;
      this.#context.updateDisplay(this.#id, { "text/plain": progressLine(rounds, this.#plan) });
    }
    await setImmediate();
  }

  end(data: MimeBundle): void {
    this.#context.updateDisplay(this.#id, data);
  }
}

/** `Round 12 of 30, 8.10 s of at most 20.0 s`. */
function progressLine({ completed, planned, elapsed }: Rounds, { budget }: Plan): string {
  const time = `${duration(elapsed)} of at most ${duration(budget)}`;
  if (planned === 0) return `Warming up, ${time} …`;
  const round = completed + 1;
  return round <= planned
    ? `Round ${round} of ${planned}, ${time} …`
    : `Round ${round}, until the control is precise enough, ${time} …`;
}

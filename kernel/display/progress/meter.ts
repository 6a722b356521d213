import { performance } from "node:perf_hooks";
import type { EngineContext } from "../../engine/part.ts";
import type { MimeBundle } from "../../wire/message.ts";
import { drawProgress, type Reached } from "./draw.ts";
import type { Places } from "./places.ts";
import { Rate } from "./rate.ts";

export interface ProgressOptions {
  /** Stands before the bar. */
  label?: string;
  /** How many items there are, where the iterable does not tell. */
  total?: number | undefined;
  /** Leaves nothing behind when it is done. */
  clear?: boolean;
}

/** The time between two drawings, in ms, for each loop that draws: a front end is to follow, and the loop to be fast. */
const EVERY = 100;

/** What is shown of one loop: an output that is updated in place. */
export class Meter {
  readonly #context: EngineContext;
  readonly #places: Places;
  readonly #options: Required<ProgressOptions>;
  readonly #id: string;
  readonly #signal: AbortSignal;
  readonly #start = performance.now();
  readonly #recent = new Rate();
  #done = 0;
  #rate = 0;
  /** When it was drawn, and what was done then. */
  #drawn = { at: this.#start, done: 0 };
  #ended = false;

  constructor(context: EngineContext, places: Places, options: Required<ProgressOptions>) {
    this.#context = context;
    this.#places = places;
    this.#options = options;
    this.#signal = context.signal;
    this.#signal.addEventListener("abort", this.#interrupted);
    const { id, known } = places.take(context.cell.number);
    this.#id = id;
    if (known) this.#update(this.#bundle("running"));
    else context.display(this.#bundle("running"), undefined, id);
  }

  /** One more item is done. */
  step(): void {
    this.#done++;
    const now = performance.now();
    const since = now - this.#drawn.at;
    if (since < EVERY * this.#places.busy || this.#ended) return;
    this.#rate = this.#recent.add(this.#done - this.#drawn.done, since);
    this.#drawn = { at: now, done: this.#done };
    this.#update(this.#bundle("running"));
  }

  /** Draws the last state; what comes later changes nothing. */
  end(state: Exclude<Reached["state"], "running">): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#signal.removeEventListener("abort", this.#interrupted);
    this.#places.free(this.#id);
    const cleared = this.#options.clear && state === "done";
    this.#update(cleared ? { "text/plain": "" } : this.#bundle(state));
  }

  readonly #interrupted = (): void => this.end("interrupted");

  #update(bundle: MimeBundle): void {
    this.#context.updateDisplay(this.#id, bundle);
  }

  #bundle(state: Reached["state"]): MimeBundle {
    const { label, total } = this.#options;
    const ms = performance.now() - this.#start;
    return drawProgress({ label, total, done: this.#done, ms, rate: this.#rate, state });
  }
}

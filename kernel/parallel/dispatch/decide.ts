/** What is known of a run when it has to be decided where the rest of it runs. Times in ms. */
export interface Estimate {
  /** Items left. */
  readonly left: number;
  /** What an item takes in the main thread. */
  readonly perItem: number;
  /** What an item and its result cost the main thread on their way to a worker and back. */
  readonly transfer: number;
  readonly workers: number;
  /** What it takes until workers can begin. */
  readonly start: number;
}

/** What starting a worker was measured to take, until one was started here, in ms. */
export const COLD_START = 60;
/** Messages, and building the surroundings, with workers that run already, in ms. */
export const WARM_START = 2;

/** Parallel has to promise at least this much, for estimates are rough. */
const MARGIN = 1.2;

/** What the rest takes in the main thread, and in the workers. */
export function times({ left, perItem, transfer, workers, start }: Estimate): {
  here: number;
  there: number;
} {
  const here = left * perItem;
  // A worker decodes items and encodes results, which costs about as much as the main thread's side of it.
  const work = Math.max((left * (perItem + transfer)) / workers, Math.ceil(left / workers) * perItem);
  return { here, there: start + Math.max(work, left * transfer) };
}

/** Whether the rest is to go to the workers. */
export function worthwhile(estimate: Estimate): boolean {
  const { here, there } = times(estimate);
  return estimate.workers > 1 && here > there * MARGIN;
}

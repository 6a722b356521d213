import { join } from "node:path";
// User code may replace the global timers (fake ones in tests).
import { setTimeout } from "node:timers";
import { Worker } from "node:worker_threads";
import { interruptState } from "./interrupt-state.ts";
import { Interrupted } from "./interrupted.ts";

/** How long parts get to end by themselves after an interrupt (partial results), in ms. */
export const GRACE = 50;

/** The main thread's side of interrupts. */
export class Interrupts {
  readonly #state = interruptState();
  readonly #onInterrupt: () => void;
  /** Of the requests that run now; the last is the one that started last. */
  readonly #running = new Set<AbortController>();

  /** `onInterrupt` is called for each, after the running request's signal was aborted. */
  constructor(onInterrupt: () => void) {
    this.#onInterrupt = onInterrupt;
  }

  /** Starts the thread that hears them. `folder` holds the bundles. */
  listen(folder: string): void {
    const worker = new Worker(join(folder, "interrupter.cjs"), { workerData: this.#state.buffer });
    worker.on("message", () => this.#note());
    worker.unref();
  }

  /** The running request's signal; one that never aborts between requests. */
  get signal(): AbortSignal {
    return ([...this.#running].at(-1) ?? new AbortController()).signal;
  }

  /**
   * Runs one request: `work` starts at once. On an interrupt its signal is aborted, and the promise rejects with
   * `Interrupted` if `work` has not settled soon after: what awaits something that never comes would hang for good.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#running.add(controller);
    this.#state.startedAt[0] = Date.now();
    const interrupted = new Promise<never>((_, reject) => {
      controller.signal.addEventListener("abort", () => setTimeout(() => reject(new Interrupted()), GRACE));
    });
    try {
      return await Promise.race([work(), interrupted]);
    } catch (error) {
      // Terminated code ends with an error whose text depends on Node's version; the counters tell it apart.
      this.#note();
      if (!controller.signal.aborted) throw error;
      throw error instanceof Error && error.name === "Interrupted" ? error : new Interrupted();
    } finally {
      this.#running.delete(controller);
    }
  }

  /** Takes note of interrupts asked for since the last time. */
  #note(): void {
    const { counters } = this.#state;
    const asked = Atomics.load(counters, 0);
    if (asked === Atomics.load(counters, 1)) return;
    Atomics.store(counters, 1, asked);
    for (const controller of this.#running) controller.abort(new Interrupted());
    this.#onInterrupt();
  }
}

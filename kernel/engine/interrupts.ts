import { join } from "node:path";
// User code may replace the global timers (fake ones in tests).
import { setTimeout } from "node:timers";
import { Worker } from "node:worker_threads";
import { ASKED, interruptState, NOTED, UP_TO } from "./interrupt-state.ts";
import { Interrupted } from "./interrupted.ts";
import { offerStrike, takeStruck } from "./strike.ts";

/** How long parts get to end by themselves after an interrupt (partial results), in ms. */
export const GRACE = 50;
/** The same where their code was ended: nothing of it goes on. */
const SHORT_GRACE = 10;

/** The main thread's side of interrupts. */
export class Interrupts {
  readonly #state = interruptState();
  readonly #onInterrupt: () => void;
  /** The requests that run now by number; the last is the one that started last. */
  readonly #running = new Map<number, AbortController>();

  /** `onInterrupt` is called for each, after the signals of the requests that it means were aborted. */
  constructor(onInterrupt: () => void) {
    this.#onInterrupt = onInterrupt;
  }

  /** Starts the thread that hears them. `folder` holds the bundles. */
  listen(folder: string): void {
    offerStrike(() => this.#asked !== Atomics.load(this.#state.counters, NOTED));
    const worker = new Worker(join(folder, "interrupter.cjs"), { workerData: this.#state.buffer });
    worker.on("message", () => this.#note());
    worker.unref();
  }

  /** The running request's signal; one that never aborts between requests. */
  get signal(): AbortSignal {
    return ([...this.#running.values()].at(-1) ?? new AbortController()).signal;
  }

  /**
   * Runs a request, by its number: `work` starts at once. On an interrupt its signal is aborted, and the promise rejects
   * with `Interrupted` if `work` has not settled soon after: what awaits something that never comes would hang for good.
   */
  async run<T>(id: number, work: () => Promise<T>): Promise<T> {
    if (this.isMeant(id)) throw new Interrupted();
    const controller = new AbortController();
    this.#running.set(id, controller);
    this.#state.startedAt[0] = Date.now();
    const interrupted = new Promise<never>((_, reject) => {
      const rejectSoon = () =>
        setTimeout(() => reject(new Interrupted()), takeStruck() ? SHORT_GRACE : GRACE);
      controller.signal.addEventListener("abort", rejectSoon);
    });
    try {
      const value = await Promise.race([work(), interrupted]);
      // It may have come while native code ran to the request's end.
      if (this.isMeant(id)) throw new Interrupted();
      return value;
    } catch (error) {
      // Terminated code ends with an error whose text depends on Node's version; the interrupt tells it apart.
      if (!this.isMeant(id)) throw error;
      this.#note();
      throw error instanceof Error && error.name === "Interrupted" ? error : new Interrupted();
    } finally {
      this.#running.delete(id);
    }
  }

  get #asked(): number {
    return Atomics.load(this.#state.counters, ASKED);
  }

  /** Whether an interrupt means the request. */
  isMeant(id: number): boolean {
    return id <= Atomics.load(this.#state.counters, UP_TO);
  }

  /** Takes note of interrupts asked for since the last time. */
  #note(): void {
    const { counters } = this.#state;
    const asked = this.#asked;
    if (asked === Atomics.load(counters, NOTED)) return;
    Atomics.store(counters, NOTED, asked);
    for (const [id, controller] of this.#running) if (this.isMeant(id)) controller.abort(new Interrupted());
    this.#onInterrupt();
  }
}

/** Why a run ends before its last cell. */
export type StopReason = "SIGINT" | "SIGTERM" | "SIGHUP" | "timeout";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Ends a run early: at a signal or when its time is over the running cell is interrupted, and what there is so far is
 * still written. A second signal does not wait for the cell.
 */
export class Stop {
  readonly #asked = new AbortController();
  readonly #forced = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;
  #reason: StopReason | undefined;

  /** `limit`: of the whole run, in ms. */
  constructor(limit?: number) {
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
    if (limit !== undefined) this.#timer = setTimeout(() => this.#stop("timeout"), limit);
  }

  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** Aborts when the run should end. */
  get asked(): AbortSignal {
    return this.#asked.signal;
  }

  /** Aborts when it should end whatever the cell does. */
  get forced(): AbortSignal {
    return this.#forced.signal;
  }

  /** The run has ended. Signals stay heard: what is being written is written whole. */
  close(): void {
    clearTimeout(this.#timer);
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    // Node names the signals that were listened to.
    this.#stop(signal as StopReason);
  };

  #stop(reason: StopReason): void {
    if (this.#reason !== undefined) this.#forced.abort();
    this.#reason ??= reason;
    this.#asked.abort();
  }
}

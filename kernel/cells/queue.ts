interface Job {
  run(): Promise<void>;
  /** Called instead of `run` if the jobs before it are given up on. */
  abort(): void;
}

/** Runs jobs one at a time, in the order in which they came. */
export class Queue {
  #waiting: Job[] = [];
  #running = false;
  /** Tells who waits for a job to wait. */
  #onAdded: (() => void) | undefined;

  add(run: () => Promise<void>, abort: () => void): void {
    this.#waiting.push({ run, abort });
    this.#start();
  }

  /** Adds a job before those that wait: what belongs to the one that has just ended. */
  addFirst(run: () => Promise<void>, abort: () => void): void {
    this.#waiting.unshift({ run, abort });
    this.#start();
  }

  /** Gives up on all that waits. */
  abortWaiting(): void {
    for (const job of this.#waiting.splice(0)) job.abort();
  }

  /** Resolves once a job waits behind the running one, which is the only one to ask. */
  async another(): Promise<void> {
    if (this.#waiting.length > 0) return;
    await new Promise<void>((resolve) => {
      this.#onAdded = resolve;
    });
  }

  #start(): void {
    this.#onAdded?.();
    if (!this.#running) void this.#work();
  }

  async #work(): Promise<void> {
    this.#running = true;
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) {
      await job.run();
      // Whoever waited for this job may put something right behind it.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#running = false;
  }
}

/** Runs jobs one at a time, in the order in which they came. */
export class Queue {
  #waiting: { run(): Promise<void>; abort(): void }[] = [];
  #running = false;

  /** Adds a job; `abort` is called instead of `run` if the jobs before it are given up on. */
  add(run: () => Promise<void>, abort: () => void): void {
    this.#waiting.push({ run, abort });
    if (!this.#running) void this.#work();
  }

  /** Gives up on all that waits. */
  abortWaiting(): void {
    for (const job of this.#waiting.splice(0)) job.abort();
  }

  async #work(): Promise<void> {
    this.#running = true;
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) await job.run();
    this.#running = false;
  }
}

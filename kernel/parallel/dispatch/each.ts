import type { FromWorker } from "../protocol.ts";
import type { Crew, Handing } from "./crew.ts";
import type { PoolWorker } from "./pool-worker.ts";

/** Has each worker call the function once. */
export class OncePerWorker implements Handing {
  readonly #crew: Crew;
  readonly #owing = new Set<PoolWorker>();
  readonly queued = 0;

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  begin(worker: PoolWorker): void {
    this.#owing.add(worker);
    worker.send({ type: "each", run: this.#crew.run });
  }

  owes(worker: PoolWorker): boolean {
    return this.#owing.has(worker);
  }

  message(worker: PoolWorker, message: FromWorker): void {
    const { job } = this.#crew;
    this.#owing.delete(worker);
    if (message.type === "eachDone") job.results.put(worker.number - 1, message.value);
    if (message.type === "eachFailed") this.#crew.stop({ how: "error", error: job.receive(message.error) });
    this.#crew.settle(this.#owing.size === 0);
  }

  takeBack(worker: PoolWorker): void {
    this.#owing.delete(worker);
  }
}

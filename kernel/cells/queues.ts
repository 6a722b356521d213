import { randomUUID } from "node:crypto";
import { fail } from "../errors.ts";
import { Queue } from "./queue.ts";
import type { Subshells } from "./requests.ts";

/** The main queue and those of the subshells. */
export class Queues implements Subshells {
  readonly #main = new Queue();
  readonly #subshells = new Map<string, Queue>();

  /** The queue of a subshell, the main one without an id; throws for an id that is not known. */
  of(id: string | undefined): Queue {
    const queue = id === undefined ? this.#main : this.#subshells.get(id);
    if (!queue) throw fail("unknownSubshell", String(id));
    return queue;
  }

  create(): string {
    const id = randomUUID();
    this.#subshells.set(id, new Queue());
    return id;
  }

  delete(id: string): void {
    this.of(id).abortWaiting();
    this.#subshells.delete(id);
  }

  list(): string[] {
    return [...this.#subshells.keys()];
  }

  /** Gives up on all that waits, in every queue. */
  abortWaiting(): void {
    for (const queue of [this.#main, ...this.#subshells.values()]) queue.abortWaiting();
  }
}

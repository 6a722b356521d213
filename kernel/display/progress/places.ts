import { randomUUID } from "node:crypto";

/**
 * The outputs of loops that run at the same time, in each other or side by side. A loop in a loop starts again and again:
 * it takes the output that the one before it has left, so that a cell has no more of them than loops at one time.
 */
export class Places {
  #cell: unknown;
  /** Ids of outputs; those that are taken. */
  #ids: string[] = [];
  readonly #taken = new Set<string>();

  /** The id of an output for a loop of this cell, and whether it is there already. */
  take(cell: unknown): { id: string; known: boolean } {
    if (cell !== this.#cell || this.#taken.size === 0) this.#ids = [];
    if (cell !== this.#cell) this.#taken.clear();
    this.#cell = cell;
    const free = this.#ids.find((id) => !this.#taken.has(id));
    const id = free ?? randomUUID();
    if (free === undefined) this.#ids.push(id);
    this.#taken.add(id);
    return { id, known: free !== undefined };
  }

  free(id: string): void {
    this.#taken.delete(id);
  }

  /** How many loops draw now. */
  get busy(): number {
    return this.#taken.size;
  }
}

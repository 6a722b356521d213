import type { Made, Node, Slot } from "./nodes.ts";

/** Puts what is found into an order in which it can be made, though nodes refer to each other in circles. */
export class MakingOrder {
  readonly made: Made[] = [];
  /** Nodes whose steps are there by now, and what waits for others. */
  readonly #ready = new Set<Node>();
  readonly #waiting = new Map<Node, { made: Made; slots: readonly Slot[] }[]>();

  /** Whether a node can be referred to. */
  isReady(node: Node): boolean {
    return this.#ready.has(node);
  }

  /** Adds what can be made as soon as all of `slots` can be referred to. */
  push(made: Made, slots: readonly Slot[]): void {
    for (const slot of slots) {
      if (!("node" in slot) || this.#ready.has(slot.node)) continue;
      const waiting = this.#waiting.get(slot.node) ?? [];
      waiting.push({ made, slots });
      this.#waiting.set(slot.node, waiting);
      return;
    }
    this.made.push(made);
    if (!("node" in made)) return;
    this.#ready.add(made.node);
    const waiting = this.#waiting.get(made.node) ?? [];
    this.#waiting.delete(made.node);
    for (const each of waiting) this.push(each.made, each.slots);
  }
}

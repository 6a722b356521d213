/** What is longer ago than this counts little, in ms. */
const MEMORY = 5000;

/** The rate of late: a mean in which the past fades. */
export class Rate {
  #items = 0;
  #ms = 0;

  /** Takes note that so many items were done in so many ms; gives items per second. */
  add(items: number, ms: number): number {
    const kept = Math.exp(-ms / MEMORY);
    this.#items = this.#items * kept + items;
    this.#ms = this.#ms * kept + ms;
    return this.#ms > 0 ? (this.#items / this.#ms) * 1000 : 0;
  }
}

/** Work in one message, in ms: the cost of a message (tens of µs) is small beside it, and so is the wait for the last. */
const TARGET = 5;
/** Growth from one measurement to the next: the first items of a function are slow, as it is not yet optimised. */
const GROWTH = 8;
/** While a worker works on one chunk, the main thread prepares the next: so not everything at once. */
const LARGEST = 1024;
/** Before anything is known. A worker gives back what it does not get to soon. */
const FIRST = 32;
/** A worker gives back the rest of a chunk after this long, in ms. */
const LONGEST = 4 * TARGET;

/** A worker that waits for its next chunk after one of this length, in ms, loses little by it. */
const LONG = 2 * TARGET;

/** Decides how many items go into the next message, from how long the items before took. */
export class ChunkSize {
  #size: number;
  /** How long the last chunk took, in ms. */
  #last: number | undefined;
  readonly #fixed: boolean;

  /** `fixed`: always so many; `perItem`: what a probe found, in ms. */
  constructor({ fixed, perItem }: { fixed?: number | undefined; perItem?: number | undefined }) {
    this.#fixed = fixed !== undefined;
    this.#size = fixed ?? (perItem === undefined ? FIRST : ideal(perItem));
  }

  /** How long a worker is to keep a chunk, in ms; undefined where it has to do all of it. */
  get longest(): number | undefined {
    return this.#fixed ? undefined : LONGEST;
  }

  /**
   * Chunks on their way to a worker or in it. Of short ones two, so that it never idles; of long ones one, for what waits
   * behind a long item might be done elsewhere, or be what it waits for.
   */
  get ahead(): number {
    return this.#last === undefined || this.#last > LONG ? 1 : 2;
  }

  /** Items for the next of `workers`, when `left` are left (undefined: not known). */
  next(left: number | undefined, workers: number): number {
    if (this.#fixed || left === undefined) return this.#size;
    // A shrinking tail: near the end nobody is to sit on a large chunk while others have nothing.
    return Math.max(1, Math.min(this.#size, Math.ceil(left / (2 * workers))));
  }

  /** Takes note of a chunk that was worked on. */
  measured(items: number, ms: number): void {
    if (items === 0) return;
    this.#last = ms;
    if (this.#fixed) return;
    this.#size = Math.min(ideal(ms / items), this.#size * GROWTH);
  }
}

function ideal(perItem: number): number {
  return Math.max(1, Math.min(LARGEST, Math.round(TARGET / Math.max(perItem, 1e-4))));
}

/** A failed item. */
export interface ItemFailure {
  readonly index: number;
  readonly error: unknown;
}

/** Collects results in the order of the items. */
export class Results {
  readonly values: unknown[];
  readonly failures: ItemFailure[] = [];
  readonly #deaths = new Map<number, number>();
  #done = 0;

  constructor(size: number | undefined) {
    this.values = size === undefined ? [] : new Array(size);
  }

  /** Items with a result. */
  get done(): number {
    return this.#done;
  }

  put(index: number, value: unknown): void {
    this.values[index] = value;
    this.#done++;
  }

  fail(index: number, error: unknown): void {
    this.failures.push({ index, error });
  }

  /** A worker ended at this item; tells how many have by now, whoever hands the items out. */
  died(index: number): number {
    const deaths = (this.#deaths.get(index) ?? 0) + 1;
    this.#deaths.set(index, deaths);
    return deaths;
  }

  /** The failures in the order of the items. */
  inOrder(): ItemFailure[] {
    return this.failures.toSorted((a, b) => a.index - b.index);
  }
}

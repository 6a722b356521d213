/** What becomes of results: a list, nothing, one value, or each handed on as it comes. */
export interface Collector {
  /** What workers send back of a chunk. */
  readonly sends: "each" | "none" | "one";
  /** Whether nothing more is to be handed out for now. */
  readonly full: boolean;
  /** Called by the collector once there is room again. */
  onRoom: () => void;
  put(index: number, value: unknown): void;
  /** Takes one value for the items from `lo` to before `hi`. */
  putOne(lo: number, hi: number, value: unknown): void;
  fail(index: number, error: unknown): void;
  /** What there is by now. */
  value(): unknown;
}

/** Everything that a kind of collector does not care about. */
abstract class Plain implements Collector {
  abstract readonly sends: Collector["sends"];
  onRoom = (): void => {};
  get full(): boolean {
    return false;
  }
  abstract put(index: number, value: unknown): void;
  putOne(_lo: number, _hi: number, _value: unknown): void {}
  fail(_index: number, _error: unknown): void {}
  abstract value(): unknown;
}

/** Keeps results in the order of the items; places of failed items stay empty. */
export class ListCollector extends Plain {
  readonly sends = "each";
  readonly list: unknown[];

  constructor(size: number | undefined) {
    super();
    this.list = size === undefined ? [] : new Array(size);
  }

  put(index: number, value: unknown): void {
    this.list[index] = value;
  }

  value(): unknown[] {
    return this.list;
  }
}

/** Keeps nothing. */
export class NoCollector extends Plain {
  readonly sends = "none";
  put(): void {}
  value(): undefined {
    return undefined;
  }
}

/** The items from `lo` to before `hi`, combined. */
interface Part {
  readonly lo: number;
  readonly hi: number;
  readonly value: unknown;
}

/**
 * Combines results in the order of the items, whatever order they come in: neighbours as soon as both are there. So
 * the function has to be associative and nothing more, and what waits for its neighbours stays little.
 */
export class ReduceCollector extends Plain {
  readonly sends = "one";
  readonly #combine: (a: unknown, b: unknown) => unknown;
  readonly #byStart = new Map<number, Part>();
  readonly #byEnd = new Map<number, Part>();

  constructor(combine: (a: unknown, b: unknown) => unknown) {
    super();
    this.#combine = combine;
  }

  put(index: number, value: unknown): void {
    this.putOne(index, index + 1, value);
  }

  override putOne(lo: number, hi: number, value: unknown): void {
    this.#add({ lo, hi, value });
  }

  #add(added: Part): void {
    let part = added;
    const before = this.#byEnd.get(part.lo);
    const after = this.#byStart.get(part.hi);
    if (before) part = this.#join(before, part);
    if (after) part = this.#join(part, after);
    this.#byStart.set(part.lo, part);
    this.#byEnd.set(part.hi, part);
  }

  #join(a: Part, b: Part): Part {
    for (const { lo, hi } of [a, b]) {
      this.#byStart.delete(lo);
      this.#byEnd.delete(hi);
    }
    return { lo: a.lo, hi: b.hi, value: this.#combine(a.value, b.value) };
  }

  /** The ranges from `from` to before `to` that nothing came from, each as its start and the item behind it. */
  gaps(from: number, to: number): [lo: number, hi: number][] {
    const gaps: [number, number][] = [];
    let at = from;
    for (const { lo, hi } of this.#inOrder()) {
      if (lo > at) gaps.push([at, lo]);
      at = Math.max(at, hi);
    }
    if (at < to) gaps.push([at, to]);
    return gaps;
  }

  /** Whether no item has a result. */
  get isEmpty(): boolean {
    return this.#byStart.size === 0;
  }

  /** Failed items leave gaps; what is beside them is combined across. */
  value(): unknown {
    const [first, ...rest] = this.#inOrder();
    return rest.reduce((sum, { value }) => this.#combine(sum, value), first?.value);
  }

  #inOrder(): Part[] {
    return [...this.#byStart.values()].toSorted((a, b) => a.lo - b.lo);
  }
}

import { types } from "node:util";

/** How much of a value Node's `inspect` is to show. */
export interface Bounds {
  readonly depth: number;
  /** Elements of each array, Map and Set. */
  readonly maxArrayLength: number;
  /** Characters of each string. */
  readonly maxStringLength: number;
}

/** From the fullest view to the shortest: fewer elements are better to read than hidden levels. */
const VIEWS: readonly Bounds[] = [
  { depth: 4, maxArrayLength: 100, maxStringLength: 10_000 },
  { depth: 4, maxArrayLength: 30, maxStringLength: 1000 },
  { depth: 4, maxArrayLength: 10, maxStringLength: 300 },
  { depth: 2, maxArrayLength: 10, maxStringLength: 300 },
  { depth: 1, maxArrayLength: 30, maxStringLength: 300 },
  { depth: 0, maxArrayLength: 100, maxStringLength: 300 },
];
// The list is not empty.
const FULLEST = VIEWS[0] as Bounds;
const SHORTEST = VIEWS[VIEWS.length - 1] as Bounds;

/** Entries that a view may have; some 80 kB of text. */
const MOST_ENTRIES = 4000;
/** Characters that count as one entry. */
const ENTRY = 40;

/** The fullest view of a value that stays short. It reads no getters, and asks no proxies. */
export function boundsOf(value: unknown): Bounds {
  if (typeof value !== "object" || value === null) return FULLEST;
  return VIEWS.find((view) => new Walk(view).fits(value)) ?? SHORTEST;
}

/** Counts what a view of a value would hold, and stops when that is too much. */
class Walk {
  readonly #view: Bounds;
  #left = MOST_ENTRIES;
  readonly #path = new Set<object>();

  constructor(view: Bounds) {
    this.#view = view;
  }

  fits(value: object): boolean {
    this.#enter(value, 0);
    return this.#left >= 0;
  }

  #enter(value: unknown, depth: number): void {
    this.#left--;
    if (typeof value === "string") {
      this.#left -= Math.min(value.length, this.#view.maxStringLength) / ENTRY;
    }
    if (typeof value !== "object" || value === null || this.#left < 0) return;
    if (depth > this.#view.depth || this.#path.has(value)) return;
    this.#path.add(value);
    // What is behind a proxy is shown and cannot be counted: not much of it then.
    if (types.isProxy(value)) this.#left -= this.#view.depth > depth + 1 ? MOST_ENTRIES : 0;
    else this.#children(value, depth);
    this.#path.delete(value);
  }

  #children(value: object, depth: number): void {
    const { maxArrayLength } = this.#view;
    if (types.isTypedArray(value)) this.#left -= Math.min(value.byteLength, maxArrayLength);
    else if (Array.isArray(value)) {
      // Few elements may stand far apart: those are shown, too.
      const length = Math.min(value.length, maxArrayLength);
      for (let i = 0; i < length && this.#left >= 0; i++) this.#property(value, String(i), depth);
    } else {
      if (types.isMap(value)) this.#members(Map.prototype.entries.call(value), depth);
      else if (types.isSet(value)) this.#members(Set.prototype.values.call(value), depth);
      else if (value instanceof Error) this.#left -= 10;
      const keys = Object.keys(value);
      if (keys.length > this.#left) this.#left = -1;
      for (const key of keys) {
        if (this.#left < 0) return;
        this.#left -= Math.min(key.length / ENTRY, MOST_ENTRIES);
        this.#property(value, key, depth);
      }
    }
  }

  #property(holder: object, key: string, depth: number): void {
    this.#enter(Object.getOwnPropertyDescriptor(holder, key)?.value, depth + 1);
  }

  #members(members: Iterable<unknown>, depth: number): void {
    let left = this.#view.maxArrayLength;
    for (const member of members) {
      if (left-- <= 0 || this.#left < 0) return;
      // An entry of a Map is no level of its own.
      for (const one of Array.isArray(member) ? member : [member]) this.#enter(one, depth + 1);
    }
  }
}

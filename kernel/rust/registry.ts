/** A function of a cell: called in place, or by `.async` on another thread. */
export interface RustCallable {
  (...values: unknown[]): unknown;
  async(...values: unknown[]): Promise<unknown>;
}

/** What a function or a class of a %%rust cell is made from; the same can be made again in any thread. */
export interface RustOrigin {
  readonly library: string;
  /** With its modules and its type before it: `orders::place`, `Counter::new`. */
  readonly name: string;
  /** The cell's name, told by panics. */
  readonly file: string;
  readonly bigAsNumber: boolean;
  /** Whether it is the function's `.async`. */
  readonly async: boolean;
  /** Names it to the addon's `timeCalls` in this process; -1 for what is no function. */
  readonly id: number;
}

const origins = new WeakMap<object, RustOrigin>();
let some = false;

/** Whether this thread has loaded anything of %%rust cells. */
export const hasRust = (): boolean => some;

/** Where a value comes from; undefined where it is none of a %%rust cell. */
export function rustOrigin(value: unknown): RustOrigin | undefined {
  const holder = typeof value === "function" || (typeof value === "object" && value !== null);
  return holder ? origins.get(value) : undefined;
}

export function remember(value: object, origin: RustOrigin): void {
  some = true;
  origins.set(value, origin);
}

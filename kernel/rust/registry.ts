/** What a function of a %%rust cell is made from; the same function can be made again in any thread. */
export interface RustOrigin {
  readonly library: string;
  readonly name: string;
  /** The cell's name, told by panics. */
  readonly file: string;
  readonly bigAsNumber: boolean;
  /** Whether it is the function's `.async`. */
  readonly async: boolean;
  /** Names it to the addon's `timeCalls` in this process. */
  readonly id: number;
}

const origins = new WeakMap<object, RustOrigin>();

/** Where a function comes from; undefined where it is none of a %%rust cell. */
export function rustOrigin(fn: unknown): RustOrigin | undefined {
  return typeof fn === "function" ? origins.get(fn) : undefined;
}

export function remember(fn: object, origin: RustOrigin): void {
  origins.set(fn, origin);
}

/** How a worker finds a Rust function: its library's path and its name. */
export interface RustFunction {
  readonly library: string;
  readonly name: string;
}

/** What a function of a %%rust cell is made from; undefined for any other function. */
export function rustFunction(_fn: unknown): RustFunction | undefined {
  return undefined;
}

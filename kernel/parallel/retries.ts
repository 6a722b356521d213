import { TandemError } from "../errors.ts";

/** A function that works on one item; it may answer by a promise. */
type ItemFunction = (item: unknown, index: number) => unknown;

/** In the main thread `process.exit` throws, as in a worker it ends the worker: neither is tried again. */
const isExit = (error: unknown): boolean => error instanceof TandemError && error.code === "parallelExit";

/** The function, called up to `retries` times more for an item that throws or rejects; the same function for none. */
export function withRetries(fn: ItemFunction, retries: number): ItemFunction {
  if (retries === 0) return fn;
  return (item, index) => {
    for (let left = retries; ; left--) {
      try {
        const returned = fn(item, index);
        return returned instanceof Promise ? awaited(returned, () => fn(item, index), left) : returned;
      } catch (error) {
        if (left === 0 || isExit(error)) throw error;
      }
    }
  };
}

async function awaited(first: Promise<unknown>, again: () => unknown, retries: number): Promise<unknown> {
  for (let left = retries; ; left--) {
    try {
      // Within the `try`: a later call may throw as well as reject.
      return await (left === retries ? first : again());
    } catch (error) {
      if (left === 0 || isExit(error)) throw error;
    }
  }
}

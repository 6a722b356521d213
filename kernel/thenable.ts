/** Whether `await` would wait for a value. Functions can be such, too: `py.x` is. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  const holder = (typeof value === "object" && value !== null) || typeof value === "function";
  return holder && typeof (value as { then?: unknown }).then === "function";
}

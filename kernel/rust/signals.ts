import { cancelCall, cancelNext } from "./addon.ts";

type Later = (this: unknown, ...values: unknown[]) => unknown;

/**
 * A function that also takes `{ signal }` behind its arguments, as `fetch` does: where the signal is aborted the promise
 * rejects with its reason at once, and Rust sees it in `tandem::cancelled()`; an `async fn` is dropped where it waits.
 */
export function withSignal(call: Later) {
  return function (this: unknown, ...values: unknown[]): Promise<unknown> {
    const signal = signalOf(values.at(-1));
    // `.async` and `async fn`s give promises.
    const start = (all: unknown[]) => call.apply(this, all) as Promise<unknown>;
    return signal ? run(() => start(values.slice(0, -1)), signal) : start(values);
  };
}

/** Nothing that crosses to Rust holds an AbortSignal, so what does is no argument. */
function signalOf(value: unknown): AbortSignal | undefined {
  if (typeof value !== "object" || value === null || !("signal" in value)) return undefined;
  return value.signal instanceof AbortSignal ? value.signal : undefined;
}

async function run(call: () => Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  const id = cancelNext();
  const result = call();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      cancelCall(id);
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

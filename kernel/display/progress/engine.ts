import type { EngineContext, EnginePart } from "../../engine/part.ts";
import { fail } from "../../errors.ts";
import { Meter, type ProgressOptions } from "./meter.ts";
import { Places } from "./places.ts";

/** The engine's part of progress bars: `progress`. */
export const progress: EnginePart = {
  globals: (context) => {
    const places = new Places();
    return {
      progress: (items: unknown, options: ProgressOptions = {}) => iterate(items, options, context, places),
    };
  },
};

/** The same items, one after the other; what is done with them is shown below the cell. */
function iterate(
  items: unknown,
  options: ProgressOptions,
  context: EngineContext,
  places: Places,
): IterableIterator<unknown> | AsyncIterableIterator<unknown> {
  const start = () =>
    new Meter(context, places, { label: "", total: lengthOf(items), clear: false, ...options });
  if (has(items, Symbol.asyncIterator)) return iterateAsync(items as AsyncIterable<unknown>, start);
  if (has(items, Symbol.iterator)) return iterateNow(items as Iterable<unknown>, start);
  throw fail("notIterable", items === null ? "null" : typeof items);
}

function* iterateNow(items: Iterable<unknown>, start: () => Meter): IterableIterator<unknown> {
  const meter = start();
  try {
    for (const item of items) {
      yield item;
      meter.step();
    }
    meter.end("done");
  } finally {
    // The loop was left by break, return or an error; no news after its regular end.
    meter.end("stopped");
  }
}

async function* iterateAsync(
  items: AsyncIterable<unknown>,
  start: () => Meter,
): AsyncIterableIterator<unknown> {
  const meter = start();
  try {
    for await (const item of items) {
      yield item;
      meter.step();
    }
    meter.end("done");
  } finally {
    meter.end("stopped");
  }
}

/** Of arrays, sets, maps and all that tells its length or size; of a string nobody knows its characters. */
function lengthOf(items: unknown): number | undefined {
  if (typeof items !== "object" || items === null) return undefined;
  const length: unknown = "length" in items ? items.length : "size" in items ? items.size : undefined;
  return typeof length === "number" && Number.isSafeInteger(length) && length >= 0 ? length : undefined;
}

const has = (value: unknown, method: symbol): boolean =>
  value !== null && value !== undefined && typeof Reflect.get(Object(value), method) === "function";

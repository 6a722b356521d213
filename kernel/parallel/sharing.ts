import type { EngineContext } from "../engine/part.ts";
import { fail } from "../errors.ts";
import { isNumberArray } from "./dispatch/source.ts";
import type { NumberArray } from "./protocol.ts";

/**
 * Puts notebook variables that hold typed arrays into shared memory, for good: from then on the notebook and all
 * workers have the same numbers, and nothing is copied. Other names of the old array keep the old one.
 */
export function shareVariables(context: EngineContext, names: readonly string[]): void {
  for (const name of names) {
    let value: unknown;
    try {
      value = context.read(name);
    } catch {
      throw fail("parallelShare", name, "is not declared");
    }
    if (value instanceof SharedArrayBuffer) continue;
    if (!isNumberArray(value)) throw fail("parallelShare", name, `holds ${whatIs(value)}`);
    if (!(value.buffer instanceof SharedArrayBuffer)) context.define(name, toShared(value));
  }
}

const whatIs = (value: unknown): string =>
  value === null || value === undefined
    ? String(value)
    : Array.isArray(value)
      ? "an array of JavaScript's own"
      : `a value of type ${typeof value}`;

/** The same numbers in shared memory; no copy where they are there already. */
export function toShared(items: NumberArray): NumberArray {
  if (items.buffer instanceof SharedArrayBuffer) return items;
  const bytes = new Uint8Array(new SharedArrayBuffer(items.byteLength));
  bytes.set(new Uint8Array(items.buffer, items.byteOffset, items.byteLength));
  // Each kind of typed array is made from a buffer alike.
  const Numbers = items.constructor as new (buffer: SharedArrayBuffer) => NumberArray;
  return new Numbers(bytes.buffer as SharedArrayBuffer);
}

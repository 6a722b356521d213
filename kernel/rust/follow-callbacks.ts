import { originOf, runAs } from "../engine/origin.ts";
import type { RustFunction } from "./exports.ts";

type Call = (this: unknown, ...values: unknown[]) => unknown;

/**
 * A function whose callbacks run as part of the cell that hands them over, also when a thread of Rust calls them later:
 * what they print belongs there. The function itself where it takes none.
 */
export function followCallbacks<F extends Call>(call: F, { name, parameters }: RustFunction): F {
  const places = parameters.flatMap(({ type }, index) => (type.kind === "callback" ? [index] : []));
  if (places.length === 0) return call;
  const following = function (this: unknown, ...values: unknown[]) {
    const id = originOf();
    for (const place of places) {
      const callback = values[place];
      if (typeof callback !== "function" || id === undefined) continue;
      values[place] = (...all: unknown[]) => runAs(id, () => callback(...all));
    }
    return call.apply(this, values);
  };
  // It takes and gives what the function does.
  return Object.defineProperty(following, "name", { value: name }) as F;
}

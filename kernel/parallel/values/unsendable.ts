import { fail, type TandemError } from "../../errors.ts";
import { findImmovable, isImmovable } from "./immovable.ts";

/** So many of a run's first items and results are looked through whole in the main thread; of later ones only the top. */
export const LOOKED_THROUGH = 64;

/**
 * The error for an item or a result that cannot cross to another thread; undefined where it can. `whole`: looks at
 * all that it holds as well.
 */
export function unsendable(
  role: "item" | "result",
  value: unknown,
  index: number,
  whole = true,
): TandemError | undefined {
  if (typeof value === "number" || typeof value === "string" || (!whole && !isImmovable(value)))
    return undefined;
  const found = findImmovable(value);
  return found && fail("parallelUnsendable", role, index, found.path, found.what);
}

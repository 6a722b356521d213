import { fail, type TandemError } from "../../errors.ts";
import { findImmovable } from "./immovable.ts";

/** The error for an item or a result that cannot cross to another thread; undefined where it can. */
export function unsendable(role: "item" | "result", value: unknown, index: number): TandemError | undefined {
  if (typeof value === "number" || typeof value === "string") return undefined;
  const found = findImmovable(value);
  return found && fail("parallelUnsendable", role, index, found.path, found.what);
}

import { isThenable } from "../../thenable.ts";
import type { MimeBundle } from "../../wire/message.ts";
import { givenBundle } from "./given-bundle.ts";

/** The method by which a value shows itself, as Deno's kernel names it: it gives a MIME bundle, or a promise of one. */
const DISPLAY = Symbol.for("Jupyter.display");

/**
 * What a value says that it looks like; undefined where it says nothing. Functions and classes may say it, too.
 * Throws what its method throws.
 */
export function ownBundle(value: unknown): MimeBundle | Promise<MimeBundle> | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null || !(DISPLAY in value))
    return undefined;
  const show = value[DISPLAY];
  if (typeof show !== "function") return undefined;
  const given: unknown = show.call(value);
  return isThenable(given) ? Promise.resolve(given).then(givenBundle) : givenBundle(given);
}

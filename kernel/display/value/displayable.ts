import type { MimeBundle } from "../../wire/message.ts";
import { givenBundle } from "./given-bundle.ts";

/** The method by which a value shows itself, as Deno's kernel names it: it gives a MIME bundle. */
const DISPLAY = Symbol.for("Jupyter.display");

/** What a value says that it looks like; undefined where it says nothing. Throws what its method throws. */
export function ownBundle(value: unknown): MimeBundle | undefined {
  if (typeof value !== "object" || value === null || !(DISPLAY in value)) return undefined;
  const show = value[DISPLAY];
  return typeof show === "function" ? givenBundle(show.call(value)) : undefined;
}

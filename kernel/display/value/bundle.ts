import { inspect } from "node:util";
import type { MimeBundle } from "../../wire/message.ts";

/** A value as a front end shows it: always `text/plain`, and what richer forms it has. */
export function toBundle(value: unknown): MimeBundle {
  return { "text/plain": inspect(value, { colors: false }) };
}

import { inspect } from "node:util";
import { withoutOurFrames } from "./error.ts";

/** A value as Node prints it, without colours. Never throws, whatever the value's own methods do. */
export function toPlain(value: unknown): string {
  try {
    const text = inspect(value, { colors: false, depth: 4, maxStringLength: 10_000 });
    return value instanceof Error ? withoutOurFrames(text) : text;
  } catch (error) {
    return `[value that cannot be shown: ${error instanceof Error ? error.message : typeof error}]`;
  }
}

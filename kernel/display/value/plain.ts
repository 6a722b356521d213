import { type InspectOptions, inspect } from "node:util";
import { boundsOf } from "./bounds.ts";
import { withoutOurFrames } from "./frames.ts";

/** Characters of a value's text at most. */
const MOST_TEXT = 40_000;
/** Properties of one object at most, where it has so many that nothing else can be shown. */
const MOST_KEYS = 100;

/** A value as Node prints it, without colours, shortened to what can be read. Never throws, whatever the value's own methods do. */
export function toPlain(value: unknown): string {
  return inspected(value, {});
}

/** A value in one line and few characters, as for a cell of a table. Never throws. */
export function toLine(value: unknown): string {
  const line = inspected(value, {
    depth: 1,
    maxArrayLength: 10,
    maxStringLength: 300,
    breakLength: Number.POSITIVE_INFINITY,
  });
  return value instanceof Error ? (line.split("\n", 1)[0] ?? "") : line;
}

function inspected(value: unknown, options: InspectOptions): string {
  try {
    const bounds = boundsOf(value);
    const { shown, more } = withFewKeys(value);
    const text = inspect(shown, { colors: false, ...bounds, ...options });
    const whole = more > 0 ? text.replace(/\s*\}$/, () => `,\n  ... ${more} more properties\n}`) : text;
    return shortened(withoutOurFrames(whole), MOST_TEXT);
  } catch (error) {
    return `[value that cannot be shown: ${wordsOf(error)}]`;
  }
}

/** Text of at most so many characters, and how many are left out. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most)}… ${text.length - most} more characters`;
}

/** The message of what was thrown, where it can be told. */
export function wordsOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : typeof thrown;
  } catch {
    return "its error cannot be told either";
  }
}

/** `inspect` has no limit for properties: of an object with very many, one with the first of them. */
function withFewKeys(value: unknown): { shown: unknown; more: number } {
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
    return { shown: value, more: 0 };
  const keys = Object.keys(value);
  if (keys.length <= 10 * MOST_KEYS || Object.prototype.toString.call(value) !== "[object Object]")
    return { shown: value, more: 0 };
  const shown: object = Object.create(Object.getPrototypeOf(value));
  for (const key of keys.slice(0, MOST_KEYS)) {
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (property) Object.defineProperty(shown, key, property);
  }
  return { shown, more: keys.length - MOST_KEYS };
}

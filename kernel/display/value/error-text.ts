import { inspect, types } from "node:util";
import { boundsOf } from "./bounds.ts";
import { withoutOurFrames } from "./frames.ts";
import { shortened, toPlain, wordsOf } from "./plain.ts";

/** Errors that one text tells of: causes of causes, and those that an AggregateError holds. */
const MOST_ERRORS = 50;
/** Characters of one error's stack and fields. */
const MOST_TEXT = 20_000;
/** Levels of an error's fields: a request or a response that hangs on it is a world of its own. */
const FIELD_DEPTH = 2;

/**
 * An error with its stack, its fields, its causes to the last and all errors that it gathers. `inspect` alone stops
 * after two causes.
 */
export function errorText(error: Error): string {
  const told = new Set<Error>();
  const tell = (one: unknown, label: string): string[] => {
    if (!isError(one)) return [label + toPlain(one)];
    if (told.has(one)) return [`${label}[told above] ${headOf(one)}`];
    if (told.size >= MOST_ERRORS) return told.size === MOST_ERRORS ? [`${label}… and more`] : [];
    told.add(one);
    const lines = `${label}${ownText(one)}`.split("\n");
    const caused = causeOf(one);
    if (caused) lines.push(...tell(caused.cause, "[cause]: "));
    for (const name of suppressedIn(one)) lines.push(...tell(Reflect.get(one, name), `[${name}]: `));
    const gathered = gatheredBy(one);
    for (const [i, inner] of gathered.entries()) {
      if (told.size >= MOST_ERRORS) {
        lines.push(`  … ${gathered.length - i} more errors`);
        break;
      }
      lines.push(...tell(inner, `[error ${i + 1} of ${gathered.length}]: `).map((line) => `  ${line}`));
    }
    return lines;
  };
  return tell(error, "").join("\n");
}

/** An error's stack and fields, without its causes. */
function ownText(error: Error): string {
  try {
    if (saysItsPlace(error)) return withoutOurFrames(String(error.stack));
    const shown = withoutOthers(error);
    const bounds = boundsOf(shown);
    const depth = Math.min(bounds.depth, FIELD_DEPTH);
    return shortened(withoutOurFrames(inspect(shown, { colors: false, ...bounds, depth })), MOST_TEXT);
  } catch (failure) {
    return `[error that cannot be shown: ${wordsOf(failure)}]`;
  }
}

/** The error without what is told by itself. A copy: the error is the user's. */
function withoutOthers(error: Error): Error {
  if (types.isProxy(error)) return error;
  const others = [
    ...(causeOf(error) ? ["cause"] : []),
    ...(gatheredBy(error).length > 0 ? ["errors"] : []),
    ...suppressedIn(error),
  ];
  if (others.length === 0) return error;
  const fields: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(error);
  for (const other of others) delete fields[other];
  return Object.create(Object.getPrototypeOf(error), fields);
}

/** A module that does not parse: its stack shows the place, and its fields say the same. */
const saysItsPlace = (error: Error): boolean =>
  error.name === "SyntaxError" && "frame" in error && error.stack?.includes(String(error.frame)) === true;

/** What caused it, boxed: a cause may be any value. */
const causeOf = (error: Error): { cause: unknown } | undefined =>
  Object.hasOwn(error, "cause") && error.cause !== undefined ? { cause: error.cause } : undefined;

/** The two errors of a SuppressedError: that of what `using` frees, and the one that was on its way. */
const suppressedIn = (error: Error): string[] =>
  error.name === "SuppressedError"
    ? ["error", "suppressed"].filter((name) => Object.hasOwn(error, name))
    : [];

/** The errors of an AggregateError, and of others that hold a list of errors. */
function gatheredBy(error: Error): readonly unknown[] {
  const errors: unknown = "errors" in error ? error.errors : undefined;
  if (!Array.isArray(errors)) return [];
  return error instanceof AggregateError || errors.every(isError) ? errors : [];
}

function headOf(error: Error): string {
  try {
    return `${error.name}: ${error.message}`.split("\n", 1)[0] ?? "";
  } catch {
    return "";
  }
}

/** Errors of another realm are not instances of our Error. */
export const isError = (value: unknown): value is Error => {
  try {
    return types.isNativeError(value) || value instanceof Error;
  } catch {
    // A proxy that answers nothing.
    return false;
  }
};

import { inspect } from "node:util";
import type { CellError } from "../../cells/cell.ts";
import type { TandemError } from "../../errors.ts";

const isFrame = (line: string) => /^\s+at /.test(line);
/** Where the engine hands code to V8: this frame and all below it are ours. */
const isEntry = (line: string) => line.includes("at Session.post (node:inspector:");
/** Frames of the bundles beside this one, and of Node beneath them. */
const isOurs = (line: string) => line.includes(__dirname) || /\(?node:internal\//.test(line);

/** Text without the stack frames that are ours, nor what we put into URLs of modules that were loaded again. */
export function withoutOurFrames(text: string): string {
  const kept: string[] = [];
  let belowEntry = false;
  for (const line of text.replace(/\?tandem-version=\d+/g, "").split("\n")) {
    belowEntry = isFrame(line) && (belowEntry || isEntry(line));
    if (!isFrame(line) || !(belowEntry || isOurs(line))) kept.push(line);
    // The brace opens the fields that follow the stack.
    else if (line.endsWith(" {")) kept.push(`${kept.pop() ?? ""} {`);
  }
  return kept.join("\n");
}

/**
 * A thrown value as Jupyter shows it: its stack with causes and fields. `position` is where code that did not parse
 * went wrong, as `cell-7.ts:2:9`.
 */
export function describeError(thrown: unknown, position?: string): CellError {
  if (isFromCatalogue(thrown)) {
    const ename = thrown.code.charAt(0).toUpperCase() + thrown.code.slice(1);
    return { ename, evalue: thrown.message, traceback: `${ename}: ${thrown.message}`.split("\n") };
  }
  const text = withoutOurFrames(inspect(thrown, { colors: false }));
  if (!(thrown instanceof Error || isErrorLike(thrown))) {
    return { ename: "Thrown", evalue: text, traceback: [`Uncaught ${text}`, ...at(position)] };
  }
  const evalue = String(thrown.message);
  return { ename: String(thrown.name), evalue, traceback: [...text.split("\n"), ...at(position)] };
}

function at(position: string | undefined): string[] {
  return position ? [`    at ${position}`] : [];
}

/** A TandemError of any bundle: each has a class of its own. Where it was thrown is no news to the user. */
const isFromCatalogue = (value: unknown): value is TandemError =>
  value instanceof Error && value.name === "TandemError" && "advice" in value;

/** Errors of another realm are not instances of our Error. */
function isErrorLike(value: unknown): value is Error {
  return typeof value === "object" && value !== null && "stack" in value && "message" in value;
}

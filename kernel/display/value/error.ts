import { inspect } from "node:util";
import type { CellError } from "../../cells/cell.ts";

const isFrame = (line: string) => /^\s+at /.test(line);
/** Where the engine hands code to V8: this frame and all below it are ours. */
const isEntry = (line: string) => line.includes("at Session.post (node:inspector:");
/** Frames of the bundles beside this one, and of Node beneath them. */
const isOurs = (line: string) => line.includes(__dirname) || /\(?node:internal\//.test(line);

/** Text without the stack frames that are ours. */
export function withoutOurFrames(text: string): string {
  const kept: string[] = [];
  let belowEntry = false;
  for (const line of text.split("\n")) {
    belowEntry = isFrame(line) && (belowEntry || isEntry(line));
    if (!isFrame(line) || !(belowEntry || isOurs(line))) kept.push(line);
  }
  return kept.join("\n");
}

/**
 * A thrown value as Jupyter shows it: its stack with causes and fields. `position` is where code that did not parse
 * went wrong, as `cell-7.ts:2:9`.
 */
export function describeError(thrown: unknown, position?: string): CellError {
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

/** Errors of another realm are not instances of our Error. */
function isErrorLike(value: unknown): value is Error {
  return typeof value === "object" && value !== null && "stack" in value && "message" in value;
}

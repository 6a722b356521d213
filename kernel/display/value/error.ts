import type { CellError } from "../../cells/cell.ts";
import type { TandemError } from "../../errors.ts";
import { errorText, isError } from "./error-text.ts";
import { withoutOurFrames } from "./frames.ts";
import { shortened, toPlain, wordsOf } from "./plain.ts";

/** Characters of `evalue`, which front ends show in one line. */
const MOST_MESSAGE = 10_000;

/**
 * A thrown value as Jupyter shows it: its stack with causes and fields. `position` is where code that did not parse
 * went wrong, as `cell-7.ts:2:9`. Never throws, whatever was thrown.
 */
export function describeError(thrown: unknown, position?: string): CellError {
  try {
    return described(thrown, position);
  } catch (error) {
    // A getter of the error's, or a proxy.
    const evalue = `what was thrown cannot be shown: ${wordsOf(error)}`;
    return { ename: "Thrown", evalue, traceback: [`Uncaught [${evalue}]`, ...at(position)] };
  }
}

function described(thrown: unknown, position: string | undefined): CellError {
  if (isFromCatalogue(thrown)) {
    const ename = thrown.code.charAt(0).toUpperCase() + thrown.code.slice(1);
    return { ename, evalue: thrown.message, traceback: `${ename}: ${thrown.message}`.split("\n") };
  }
  if (isError(thrown)) {
    const evalue = shortened(String(thrown.message), MOST_MESSAGE);
    return {
      ename: String(thrown.name),
      evalue,
      traceback: [...errorText(thrown).split("\n"), ...at(position)],
    };
  }
  const text = withoutOurFrames(toPlain(thrown));
  if (isErrorLike(thrown)) {
    const evalue = shortened(String(thrown.message), MOST_MESSAGE);
    return { ename: String(thrown.name), evalue, traceback: [...text.split("\n"), ...at(position)] };
  }
  return {
    ename: "Thrown",
    evalue: shortened(text, MOST_MESSAGE),
    traceback: [...`Uncaught ${text}`.split("\n"), ...at(position)],
  };
}

function at(position: string | undefined): string[] {
  return position ? [`    at ${position}`] : [];
}

/** A TandemError of any bundle: each has a class of its own. Where it was thrown is no news to the user. */
const isFromCatalogue = (value: unknown): value is TandemError =>
  value instanceof Error && value.name === "TandemError" && "advice" in value;

/** What a library throws in place of an Error. */
function isErrorLike(value: unknown): value is Error {
  return typeof value === "object" && value !== null && "stack" in value && "message" in value;
}

import type { Completeness } from "../cells/requests.ts";
import { CellSyntaxError } from "./syntax-error.ts";
import { transformCell } from "./transform.ts";

/** Whether a cell could run as it stands or waits for more lines, for consoles that ask at each Enter. */
export function isComplete(source: string): Completeness {
  const failure = syntaxError(source);
  if (failure === undefined) return { status: "complete" };
  const goesOn =
    endsEarly(failure) ||
    // The compiler calls an open template and an open string the same; a template alone may go on.
    (failure === "Unterminated string literal" && mayEnd(syntaxError(`${source}\``))) ||
    // The beginning of an object literal, which a cell may consist of: `{ a: 1, b:`.
    (source.trimStart().startsWith("{") && endsEarly(syntaxError(`(${source}`)));
  if (!goesOn) return { status: "invalid" };
  const last = source.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^[ \t]*/.exec(last)?.[0] ?? "";
  return { status: "incomplete", indent: /[{([]\s*$/.test(last) ? `${indent}  ` : indent };
}

function syntaxError(source: string): string | undefined {
  try {
    transformCell(source, { file: "cell.ts" });
    return undefined;
  } catch (error) {
    if (error instanceof CellSyntaxError) return error.message;
    throw error;
  }
}

/** The compiler's words for a text that stops in the middle. */
const endsEarly = (failure: string | undefined) =>
  failure !== undefined && /end of file|to terminate multi-line comment/.test(failure);

const mayEnd = (failure: string | undefined) => failure === undefined || endsEarly(failure);

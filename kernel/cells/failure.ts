import { describeError } from "../display/value/error.ts";
import { CallFailed } from "../engine/engine.ts";
import { TandemError } from "../errors.ts";
import { CellSyntaxError } from "../typescript/syntax-error.ts";
import type { CellError } from "./cell.ts";

/** What went wrong while a cell was prepared or run, as the front end shows it. */
export function toCellError(error: unknown): CellError {
  if (error instanceof CallFailed) return error.error;
  if (error instanceof TandemError) return describeError(error);
  if (error instanceof Error && error.name === "Interrupted") {
    return { ename: error.name, evalue: error.message, traceback: [`${error.name}: ${error.message}`] };
  }
  if (error instanceof CellSyntaxError) {
    return { ename: error.name, evalue: error.message, traceback: (error.stack ?? "").split("\n") };
  }
  // A fault of ours: its whole stack is what helps.
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { ename: name, evalue: message, traceback: (stack ?? message).split("\n") };
}

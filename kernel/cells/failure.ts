import { CallFailed } from "../engine/engine.ts";
import { TandemError } from "../errors.ts";
import { CellSyntaxError } from "../typescript/syntax-error.ts";
import type { CellError } from "./cell.ts";

/** What went wrong while a cell was prepared or run, as the front end shows it. */
export function toCellError(error: unknown): CellError {
  if (error instanceof CallFailed) return error.error;
  if (error instanceof TandemError || error instanceof CellSyntaxError) {
    const text = error instanceof CellSyntaxError ? (error.stack ?? error.message) : error.message;
    return { ename: error.name, evalue: error.message, traceback: text.split("\n") };
  }
  // A fault of ours: its whole stack is what helps.
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { ename: name, evalue: message, traceback: (stack ?? message).split("\n") };
}

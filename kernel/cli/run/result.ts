import type { TandemError } from "../../errors.ts";
import type { CellRun, Notebook } from "../../notebook/notebook.ts";

/** `interrupted`: the run was ended while it ran; `skipped`: an earlier cell failed, or the run had ended. */
export type CellStatus = "ok" | "failed" | "timeout" | "interrupted" | "skipped";

/** One cell of a run. */
export interface CellResult {
  /** Counted among the cells that are run, from 1, as in stacks (`cell-3.ts`). */
  readonly number: number;
  /** Position among all cells of the notebook, from 0. */
  readonly index: number;
  readonly id: string | undefined;
  readonly source: string;
  readonly status: CellStatus;
  readonly seconds: number;
  /** What it failed with. */
  readonly error?: { readonly name: string; readonly message: string; readonly traceback: readonly string[] };
  /** How its outputs differ from the stored ones, as a diff; only where they were compared and do. */
  readonly difference?: string;
}

/** One notebook of a run. */
export interface NotebookResult {
  /** The path as it was given. */
  readonly file: string;
  /** As it was run: with parameters, without outputs of this run. Undefined if it could not be read. */
  readonly notebook: Notebook | undefined;
  readonly cells: readonly CellResult[];
  /** What came of the cells that ran, by index. */
  readonly runs: ReadonlyMap<number, CellRun>;
  readonly seconds: number;
  /** Set if it could not be run, or its kernel ended on the way. */
  readonly error?: TandemError;
}

export type NotebookStatus = "ok" | "failed" | "interrupted";

/** A cell that did what it should. */
export const isGood = ({ status, difference }: CellResult): boolean =>
  (status === "ok" || status === "skipped") && difference === undefined;

/** What became of a notebook as a whole. */
export function statusOf({ cells, error }: NotebookResult): NotebookStatus {
  if (cells.some(({ status }) => status === "interrupted")) return "interrupted";
  return error || !cells.every(isGood) ? "failed" : "ok";
}

/** A cell's first line that says something, at most `width` characters. */
export function firstLine({ source }: { source: string }, width = 60): string {
  const line = source.trimStart().split(/\r?\n/, 1)[0] ?? "";
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

/** What is told of a cell that is not good. */
export function problemOf({ status, error, difference }: CellResult): string {
  if (status === "timeout") return error?.message ?? "It took too long.";
  if (status === "interrupted") return "It was interrupted.";
  if (error)
    return error.traceback.length > 0 ? error.traceback.join("\n") : `${error.name}: ${error.message}`;
  return difference === undefined ? "" : `The outputs differ from the stored ones:\n${difference}`;
}

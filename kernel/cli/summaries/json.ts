import { type NotebookResult, statusOf } from "../run/result.ts";

/** The form of the summary below; raised when a field changes its meaning. */
const VERSION = 1;

/** A run as JSON, for programs: docs/headless.md describes the fields. */
export function jsonSummary(results: readonly NotebookResult[], exitCode: number): string {
  const notebooks = results.map((result) => ({
    file: result.file,
    status: statusOf(result),
    seconds: rounded(result.seconds),
    ...(result.error && { error: result.error.message }),
    cells: result.cells.map(({ seconds, ...cell }) => ({ ...cell, seconds: rounded(seconds) })),
  }));
  return `${JSON.stringify({ version: VERSION, exitCode, notebooks }, null, 2)}\n`;
}

const rounded = (seconds: number) => Math.round(seconds * 1000) / 1000;

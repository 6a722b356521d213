import type { Diagnostic } from "vscode-languageserver";
import type { CellSource, LanguageClient, OpenedNotebook } from "./language-client.ts";

/** What the server says of a cell, and which. */
export interface Found {
  /** 0-based, among the given cells. */
  readonly cell: number;
  readonly diagnostic: Diagnostic;
}

/** Errors and warnings of a notebook's cells, once all of them were looked at: a last one, which is wrong, was. */
export async function findingsOf(
  client: LanguageClient,
  cells: readonly CellSource[],
  name?: string,
): Promise<Found[]> {
  const notebook = client.open([...cells, 'const __last: number = "wrong"'], name);
  try {
    await notebook.diagnosed(cells.length);
    return problemsIn(client, notebook, cells.length);
  } finally {
    notebook.close();
  }
}

/** Errors and warnings that the server has sent of the first `count` cells. */
export function problemsIn(client: LanguageClient, notebook: OpenedNotebook, count: number): Found[] {
  return Array.from({ length: count }, (_one, cell) =>
    (client.diagnostics.get(notebook.uriOf(cell)) ?? [])
      .filter(({ severity = 1 }) => severity <= 2)
      .map((diagnostic) => ({ cell, diagnostic })),
  ).flat();
}

/** A finding in one line: `cell line:character message`, 0-based. */
export const shown = ({ cell, diagnostic: { range, message } }: Found): string =>
  `${cell} ${range.start.line}:${range.start.character} ${message}`;

import type { Diagnostic } from "vscode-languageserver";
import type { EditedNotebook } from "./cell-language.ts";

/** What each language has said of each cell; a cell's diagnostics are those of all of them. */
export class Findings {
  readonly #byCell = new Map<string, Map<string, readonly Diagnostic[]>>();
  /** Cells by notebook, to learn which are gone. */
  readonly #cells = new Map<string, ReadonlySet<string>>();
  readonly #send: (cell: string, diagnostics: Diagnostic[]) => void;

  constructor(send: (cell: string, diagnostics: Diagnostic[]) => void) {
    this.#send = send;
  }

  set(cell: string, language: string, diagnostics: readonly Diagnostic[]): void {
    const byLanguage = this.#byCell.get(cell) ?? new Map<string, readonly Diagnostic[]>();
    // What was never wrong need not be told to be right.
    if (diagnostics.length === 0 && (byLanguage.get(language) ?? []).length === 0) return;
    byLanguage.set(language, diagnostics);
    this.#byCell.set(cell, byLanguage);
    this.#send(cell, [...byLanguage.values()].flat());
  }

  /** The notebook changed: what was said of cells that it no longer has is taken back. */
  keep({ uri, cells }: EditedNotebook): void {
    const now = new Set(cells.map((cell) => cell.uri));
    for (const cell of this.#cells.get(uri) ?? []) if (!now.has(cell)) this.#drop(cell);
    this.#cells.set(uri, now);
  }

  forget({ uri }: EditedNotebook): void {
    for (const cell of this.#cells.get(uri) ?? []) this.#drop(cell);
    this.#cells.delete(uri);
  }

  #drop(cell: string): void {
    if (this.#byCell.delete(cell)) this.#send(cell, []);
  }
}

import type { Location, TextEdit, WorkspaceEdit } from "vscode-languageserver";

/** Edits of cells from several languages, each once. */
export class Edits {
  readonly #byCell = new Map<string, Map<string, TextEdit>>();

  add(cell: string, edits: readonly TextEdit[]): void {
    if (edits.length === 0) return;
    const own = this.#byCell.get(cell) ?? new Map<string, TextEdit>();
    for (const edit of edits) own.set(JSON.stringify([edit.range, edit.newText]), edit);
    this.#byCell.set(cell, own);
  }

  join({ changes = {} }: WorkspaceEdit): void {
    for (const [cell, edits] of Object.entries(changes)) this.add(cell, edits);
  }

  of(cell: string): TextEdit[] {
    return [...(this.#byCell.get(cell)?.values() ?? [])];
  }

  /** What is changed. */
  get places(): Location[] {
    return [...this.#byCell.keys()].flatMap((uri) => this.of(uri).map(({ range }) => ({ uri, range })));
  }

  all(): WorkspaceEdit {
    return { changes: Object.fromEntries([...this.#byCell.keys()].map((uri) => [uri, this.of(uri)])) };
  }
}

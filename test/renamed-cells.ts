/** Cells whose names are renamed and looked for: `‸` is the cursor, one of several that mean the same. */
import { expect } from "vitest";
import type { Location, Position, WorkspaceEdit } from "vscode-languageserver";
import type { CellPosition, LanguageClient, OpenedNotebook } from "./language-client.ts";

/** One notebook for all cells of a client: to rust-analyzer another text is news, another notebook much work. */
export class RenamedCells {
  readonly #notebook: OpenedNotebook;

  constructor(client: LanguageClient) {
    // What a cell holds is told by its magic line.
    this.#notebook = client.open(["", "", "", "", ""]);
  }

  /** Gives the notebook these cells, and the place of the one cursor in them. */
  #show(cells: readonly string[]): { cell: number; position: Position } {
    let found: CellPosition | undefined;
    for (let index = 0; index < 5; index++) {
      const text = cells[index] ?? "";
      const place = this.#notebook.edit(index, text);
      if (text.includes("‸")) found = place;
    }
    if (!found) throw new Error("There is no cursor.");
    const { cell, ...position } = found;
    return { cell, position };
  }

  /** The cells after the rename of what stands at the cursor. */
  async renamed(cells: readonly string[], newName: string): Promise<string[]> {
    const { cell, position } = this.#show(cells);
    expect(await this.#notebook.ask("prepareRename", cell, { position })).not.toBeNull();
    const edit = await this.#notebook.ask<WorkspaceEdit | null>("rename", cell, { position, newName });
    const edits = (index: number) => edit?.changes?.[this.#notebook.uriOf(index)] ?? [];
    return cells.map((_, index) => this.#notebook.applied(index, edits(index)));
  }

  /** Cell, place and text of each reference to what stands at the cursor. */
  async references(cells: readonly string[], includeDeclaration = true): Promise<string[]> {
    const { cell, position } = this.#show(cells);
    const context = { includeDeclaration };
    const found = await this.#notebook.ask<Location[] | null>("references", cell, { position, context });
    return (found ?? []).map((one) => this.#told(one)).sort();
  }

  #told({ uri, range: { start, end } }: Location): string {
    const cell = [0, 1, 2, 3, 4].find((index) => this.#notebook.uriOf(index) === uri) ?? 0;
    const line = this.#notebook.textOf(cell).split("\n")[start.line] ?? "";
    return `${cell}:${start.line}:${start.character} ${line.slice(start.character, end.character)}`;
  }
}

/** The cells with one cursor of the many. */
export function* cursors(cells: readonly string[]): Generator<string[]> {
  const count = cells.join("\0").split("‸").length - 1;
  for (let kept = 0; kept < count; kept++) {
    let at = 0;
    yield cells
      .join("\0")
      .replace(/‸/g, () => (at++ === kept ? "‸" : ""))
      .split("\0");
  }
}

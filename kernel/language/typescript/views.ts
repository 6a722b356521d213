import type { Position } from "vscode-languageserver";
import type { BelowLine } from "../../cells/magic.ts";
import { findMagic, readHead } from "../../cells/magic-line.ts";
import { magics } from "../../cells/magics.ts";
import { noOutput } from "../../cells/no-output.ts";
import { noTypes } from "../../cells/no-types.ts";
import { nothingRuns, quietView } from "../../cells/quiet-view.ts";
import { KernelSession } from "../../cells/session-state.ts";
import { wrapObjectLiteral } from "../../typescript/read-cell.ts";
import type { EditedCell, EditedNotebook } from "../cell-language.ts";

/** A cell, and what the type service sees in its place. */
export interface CellView {
  readonly cell: EditedCell;
  /** Line N of it is line N of the cell; what is generated stands on the first line or below the last. */
  readonly text: string;
  /** Whether the cell's own text is TypeScript; else the view only declares what later cells may use. */
  readonly isTypeScript: boolean;
  /** As in `TypeView`. */
  readonly below?: readonly BelowLine[];
  /** Where an object literal, which would be a block, was put into parentheses: columns from here on are two more. */
  readonly wrapped?: { readonly line: number; readonly column: number };
}

/** The views of a notebook's cells, made anew as far as they may have changed. */
export class NotebookViews {
  #session: KernelSession | undefined;
  /** The text of all cells with magics, which may know of each other. */
  #magics = "";
  #views = new Map<string, CellView>();

  async update({ cells, folder }: EditedNotebook): Promise<readonly CellView[]> {
    const magics = JSON.stringify(cells.map(({ text }) => text).filter((text) => /^%/m.test(text)));
    if (magics !== this.#magics || !this.#session) {
      await this.#session?.close();
      this.#session = new KernelSession(folder, nothingRuns, noTypes);
      this.#magics = magics;
      this.#views = new Map([...this.#views].filter(([, { cell }]) => !/^%/m.test(cell.text)));
    }
    const views = new Map<string, CellView>();
    for (const cell of cells) {
      const known = this.#views.get(cell.uri);
      const view = known?.cell.text === cell.text ? { ...known, cell } : await viewOf(cell, this.#session);
      views.set(cell.uri, view);
    }
    this.#views = views;
    return [...views.values()];
  }

  async close(): Promise<void> {
    await this.#session?.close();
    this.#session = undefined;
  }
}

/** Languages of cells without a magic whose text is run as TypeScript. */
const likeTypeScript = new Set([
  "tandem-typescript",
  "typescript",
  "typescriptreact",
  "javascript",
  "javascriptreact",
]);

async function viewOf(cell: EditedCell, session: KernelSession): Promise<CellView> {
  const source = cell.text;
  if (!readHead(source) && !likeTypeScript.has(cell.language)) return { cell, text: "", isTypeScript: false };
  const number = cell.index + 1;
  const { signal } = new AbortController();
  const asked = { number, file: `cell-${number}.ts`, source, output: noOutput, signal };
  const { text, below } = await quietView(asked, session);
  if (text === undefined) return { cell, text: "", isTypeScript: false };
  const head = readHead(source);
  if (head) {
    const isTypeScript = findMagic(head.name, magics).holdsTypeScript === true;
    return { cell, text, isTypeScript, ...(below && { below }) };
  }
  const { text: whole, place } = wrapObjectLiteral(text);
  return { cell, text: whole, isTypeScript: true, ...(place && { wrapped: place }) };
}

/** A place of the cell in its view. */
export function toView({ wrapped }: CellView, { line, character }: Position): Position {
  const behind = wrapped?.line === line && character >= wrapped.column;
  return { line, character: behind ? character + 2 : character };
}

/** A place of the view in the cell; it need not be one that the cell has. */
export function toCell({ wrapped }: CellView, { line, character }: Position): Position {
  const behind = wrapped?.line === line && character > wrapped.column;
  return { line, character: behind ? character - 2 : character };
}

import type {
  DocumentSymbol,
  Location,
  Position,
  Range,
  SelectionRange,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver";
import type { EditedCell } from "../../cell-language.ts";
import type { OpenMirror } from "./open-mirror.ts";

const lastOf = (text: string): Position => {
  const lines = text.split("\n");
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
};

/** Whether a range is in the Rust of a cell: below its magic line, above what the mirror adds. */
export const isInside = ({ start, end }: Range, { text }: Pick<EditedCell, "text">): boolean =>
  start.line > 0 && end.line <= lastOf(text).line;

/** Edits of a mirror's file as edits of its cell. What would stand on the magic line goes below it; beyond the end is nobody's. */
export function cellEdits(edits: readonly TextEdit[], { text }: Pick<EditedCell, "text">): TextEdit[] {
  const last = lastOf(text);
  return edits.flatMap((edit) => {
    const { start, end } = edit.range;
    if (start.line > last.line) return [];
    if (start.line > 0) {
      return [{ ...edit, range: { start, end: end.line > last.line ? last : end } }];
    }
    const first = { line: 1, character: 0 };
    // A cell that is its magic line alone ends there.
    if (last.line === 0) return [{ range: { start: last, end: last }, newText: `\n${edit.newText}` }];
    return [{ ...edit, range: { start: first, end: end.line === 0 ? first : end } }];
  });
}

/** A place in the notebook, or in a file that everybody may read; nothing where it is the mirror's own. */
export function cellLocation({ uri, range }: Location, mirror: OpenMirror): Location[] {
  const cell = mirror.cellOf(uri);
  if (cell === undefined) return [{ uri, range }];
  const found = mirror.notebook.cells.find((one) => one.uri === cell);
  return found && isInside(range, found) ? [{ uri: cell, range }] : [];
}

/** An edit of the notebook's cells; undefined where files outside of it would change, or come or go. */
export function cellsEdit(
  { changes = {}, documentChanges = [] }: WorkspaceEdit,
  mirror: OpenMirror,
): WorkspaceEdit | undefined {
  const all = Object.entries(changes);
  for (const change of documentChanges) {
    if (!("textDocument" in change)) return undefined;
    // Neither snippets nor annotations are asked for: they are plain edits.
    all.push([change.textDocument.uri, change.edits as TextEdit[]]);
  }
  const mapped: Record<string, TextEdit[]> = {};
  for (const [uri, edits] of all) {
    const cell = mirror.cellOf(uri);
    if (cell === undefined) return undefined;
    const found = mirror.notebook.cells.find((one) => one.uri === cell);
    if (found) mapped[cell] = [...(mapped[cell] ?? []), ...cellEdits(edits, found)];
  }
  return { changes: mapped };
}

/** The symbols of a cell, without the mirror's. */
export function cellSymbols(symbols: readonly DocumentSymbol[], cell: EditedCell): DocumentSymbol[] {
  return symbols.filter(({ range }) => isInside(range, cell));
}

/** Without the ranges around that are larger than the cell. */
export function cellSelection({ range, parent }: SelectionRange, cell: EditedCell): SelectionRange {
  if (parent === undefined || !isInside(parent.range, cell)) return { range };
  return { range, parent: cellSelection(parent, cell) };
}

/** A text without the paths that are the mirror's: `notebook::cell_3::area` is `notebook::area`. */
export const plainPaths = (text: string): string =>
  text.replace(/\b(notebook|crate)::notebook_\d+(?:::(?:cell|above)_\d+)?\b/g, "$1");

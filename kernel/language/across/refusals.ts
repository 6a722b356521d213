import type { DocumentSymbol, Position, WorkspaceEdit } from "vscode-languageserver";
import { fail } from "../../errors.ts";
import type { EditedCell, EditedNotebook } from "../cell-language.ts";
import type { AskUses } from "../python/name-uses.ts";
import { pythonCells } from "../python/problems.ts";
import { refuse } from "../refuse.ts";
import { isBroken, symbolsOf } from "../rust/outline.ts";
import { isRust } from "../rust/rust-cells.ts";
import { type SharedPlace, sharedPlaces } from "../rust/shared-places.ts";
import { offsetOf } from "../typescript/places.ts";
import type { TypeScriptNames } from "../typescript/shared-names.ts";
import type { Edits } from "./edits.ts";
import { mentionsRust, wordAt, wordOf } from "./words.ts";

/** Refuses to change a Rust cell whose names are not known just now, where another language may have them. */
export function requireWhole(
  notebook: EditedNotebook,
  { changes = {} }: WorkspaceEdit,
  cell: EditedCell,
  { line, character }: Position,
): void {
  const broken = notebook.cells.find((one) => changes[one.uri] !== undefined && isRust(one) && isBroken(one));
  if (!broken) return;
  const name = wordAt(cell, { line, character });
  const others = notebook.cells.filter((one) => !isRust(one));
  if (others.some((one) => wordOf(name).test(one.text))) refuse(fail("renameBroken", name, broken.index + 1));
}

/** Refuses a parameter of what other languages call, where Python may pass it by its name. */
export async function requireNoKeyword(
  ask: AskUses,
  notebook: EditedNotebook,
  edits: Edits,
  name: string,
): Promise<void> {
  const python = pythonCells(notebook);
  const mentioning = python.filter(({ text }) => wordOf(name).test(text));
  const isImported = python.some(mentionsRust);
  if (mentioning.length === 0 || !isImported || !isInSignature(notebook, edits)) return;
  for (const cell of mentioning) {
    const uses = await ask(notebook, cell, name);
    if (!uses) refuse(fail("renamePythonUnread", name, cell.index + 1));
    else if (uses.keywords) refuse(fail("renameInPython", name, cell.index + 1, "keyword"));
  }
}

/** Whether something behind the name of a function is changed, up to its body. */
function isInSignature({ cells }: EditedNotebook, edits: Edits): boolean {
  return cells.some((cell) => {
    const own = edits.of(cell.uri).map(({ range: { start } }) => offsetOf(cell.text, start));
    if (own.length === 0) return false;
    return sharedPlaces(cell).some(({ kind, range }) => {
      if (kind !== "function" && kind !== "method") return false;
      const from = offsetOf(cell.text, range.end);
      const to = cell.text.slice(from).search(/[{;]|$(?![\s\S])/) + from;
      return own.some((offset) => offset >= from && offset < to);
    });
  });
}

/** Refuses a variant that TypeScript writes as text: nothing tells which text means it. */
export function requireNoText(names: TypeScriptNames, notebook: EditedNotebook, place: SharedPlace): void {
  const name = place.path.at(-1) ?? "";
  if (place.kind === "variant") {
    const text = new RegExp(`(["'\`])${name}\\1`, "u");
    const writing = names.cells(notebook).find((one) => text.test(one.text));
    if (writing) refuse(fail("renameText", name, writing.index + 1));
  }
}

/** Refuses a name that stands beside the old one already. */
export function requireUndeclared(cell: EditedCell, { range }: SharedPlace, newName: string): void {
  const key = JSON.stringify(range);
  const beside = (symbols: readonly DocumentSymbol[]): readonly DocumentSymbol[] =>
    symbols.some(({ selectionRange }) => JSON.stringify(selectionRange) === key)
      ? symbols
      : symbols.flatMap(({ children = [] }) => beside(children));
  if (beside(symbolsOf(cell)).some(({ name }) => name.replace(/^r#/, "") === newName.replace(/^r#/, "")))
    refuse(fail("renameTaken", newName, cell.index + 1, "declares"));
}

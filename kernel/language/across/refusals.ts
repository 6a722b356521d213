import type { DocumentSymbol, Position, WorkspaceEdit } from "vscode-languageserver";
import { fail } from "../../errors.ts";
import type { EditedCell, EditedNotebook } from "../cell-language.ts";
import { refuse } from "../refuse.ts";
import { isBroken, symbolsOf } from "../rust/outline.ts";
import { isRust } from "../rust/rust-cells.ts";
import type { SharedPlace } from "../rust/shared-places.ts";
import type { TypeScriptNames } from "../typescript/shared-names.ts";

/** A name as a word of its own. */
export const wordOf = (name: string): RegExp =>
  new RegExp(`(?<![\\p{ID_Continue}$])${name.replaceAll("$", "\\$")}(?![\\p{ID_Continue}$])`, "u");

/** Refuses to change a Rust cell whose names are not known just now, where another language may have them. */
export function requireWhole(
  notebook: EditedNotebook,
  { changes = {} }: WorkspaceEdit,
  cell: EditedCell,
  { line, character }: Position,
): void {
  const broken = notebook.cells.find((one) => changes[one.uri] !== undefined && isRust(one) && isBroken(one));
  if (!broken) return;
  const text = cell.text.split("\n")[line] ?? "";
  const before = /[\p{ID_Continue}$]*$/u.exec(text.slice(0, character))?.[0] ?? "";
  const name = before + (/^[\p{ID_Continue}$]*/u.exec(text.slice(character))?.[0] ?? "");
  const others = notebook.cells.filter((one) => !isRust(one));
  if (others.some((one) => wordOf(name).test(one.text))) refuse(fail("renameBroken", name, broken.index + 1));
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

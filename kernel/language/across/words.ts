import type { Position } from "vscode-languageserver";
import type { EditedCell } from "../cell-language.ts";

/** What Python imports Rust cells from. */
export const RUST_MODULE = "tandem_rust";

/** A name as a word of its own. */
export const wordOf = (name: string): RegExp =>
  new RegExp(`(?<![\\p{ID_Continue}$])${name.replaceAll("$", "\\$")}(?![\\p{ID_Continue}$])`, "u");

/** The name at a place, or what ends there. */
export function wordAt({ text }: EditedCell, { line, character }: Position): string {
  const content = text.split("\n")[line] ?? "";
  const before = /[\p{ID_Continue}$]*$/u.exec(content.slice(0, character))?.[0] ?? "";
  return before + (/^[\p{ID_Continue}$]*/u.exec(content.slice(character))?.[0] ?? "");
}

/** Whether a Python cell may have names of Rust cells. */
export const mentionsRust = ({ text }: EditedCell): boolean => wordOf(RUST_MODULE).test(text);

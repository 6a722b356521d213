import { type CodeAction, CodeActionKind, type Diagnostic } from "vscode-languageserver";
import { nearest } from "../../cells/nearest.ts";
import type { EditedCell } from "../cell-language.ts";
import { textIn } from "./places.ts";

/** "Cannot find name". */
const UNKNOWN_NAME = 2304;

/** A word in place of another: what the compiler's message proposes, else the name of a cell that is nearest. `names`: of all cells. */
export function spellingActions(
  found: readonly Diagnostic[],
  cell: EditedCell,
  names: readonly string[],
): CodeAction[] {
  return found.flatMap((diagnostic) => {
    const { range, code, message } = diagnostic;
    const [, proposed] = /Did you mean(?: to write)? '([\p{ID_Continue}$]+)'\?/u.exec(String(message)) ?? [];
    const word = textIn(cell.text, range);
    const near = code === UNKNOWN_NAME ? nearest(word, names) : undefined;
    const instead = proposed ?? near;
    // Some of the messages are of a whole expression.
    if (instead === undefined || !/^[\p{ID_Continue}$]+$/u.test(word)) return [];
    return [fix(`Change spelling to '${instead}'`, diagnostic, cell, instead)];
  });
}

/** `(await it).rows`, where the compiler asks whether it was forgotten, of a name that is not awaited. */
export function awaitActions(found: readonly Diagnostic[], cell: EditedCell): CodeAction[] {
  return found.flatMap((diagnostic) => {
    const { range, relatedInformation = [] } = diagnostic;
    if (!relatedInformation.some(({ message }) => /forget to use 'await'/.test(message))) return [];
    const before = cell.text.split("\n")[range.start.line]?.slice(0, range.start.character) ?? "";
    const [, awaited] =
      /(?<![\p{ID_Continue}$.)\]])([\p{ID_Start}$_][\p{ID_Continue}$]*)\.$/u.exec(before) ?? [];
    if (awaited === undefined) return [];
    const { line, character } = range.start;
    const start = { line, character: character - 1 - awaited.length };
    const place = { ...diagnostic, range: { start, end: { line, character: character - 1 } } };
    const action = fix("Add 'await'", place, cell, `(await ${awaited})`);
    return [{ ...action, diagnostics: [diagnostic] }];
  });
}

function fix(title: string, diagnostic: Diagnostic, { uri }: EditedCell, newText: string): CodeAction {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    edit: { changes: { [uri]: [{ range: diagnostic.range, newText }] } },
  };
}

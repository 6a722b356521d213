import { type Diagnostic, DiagnosticSeverity, type Range } from "vscode-languageserver";
import type { EditedCell, EditedNotebook } from "../cell-language.ts";
import type { Checked } from "./checker.ts";
import { isPython, optionsOf, pythonOf } from "./python-cells.ts";

/** A Python cell, and what Python says of its text. */
export interface CheckedCell {
  readonly cell: EditedCell;
  readonly checked: Checked;
}

/** The syntax error of a cell, at its place. */
export function syntaxOf({ text }: Pick<EditedCell, "text">, { error }: Checked): Diagnostic[] {
  if (!error) return [];
  const lines = text.split("\n");
  const line = Math.min(error.line, lines.length) - 1;
  const content = lines[line] ?? "";
  const character = Math.min(charactersIn(content, error.column - 1), content.length);
  const endLine = Math.min(error.endLine, lines.length) - 1;
  const end = charactersIn(lines[endLine], error.endColumn - 1);
  const isRange = endLine > line || (endLine === line && end > character);
  // Without an end, or at the end of a line, one sign is marked: the one that is there.
  const word = /^\w+/.exec(content.slice(character))?.[0].length ?? 1;
  const range: Range = {
    start: { line, character: isRange ? character : Math.min(character, Math.max(0, content.length - 1)) },
    end: isRange
      ? { line: endLine, character: end }
      : { line, character: Math.min(character + word, content.length) },
  };
  return [{ range, severity: DiagnosticSeverity.Error, source: "python", message: error.message }];
}

const charactersIn = (line: string | undefined, codePoints: number): number =>
  [...(line ?? "")].slice(0, Math.max(0, codePoints)).join("").length;

/** What else a text may do that gives names to the interpreter. */
const DYNAMIC = /\b(?:exec|eval|globals|setattr|vars|global)\b|\bimport\s*\*|__dict__/;

/**
 * Names of `--in` that stand nowhere else in the notebook, and of `--out` that no Python cell of it can have: what fails whatever the order
 * in which cells run.
 */
export function namesOf(
  { cell, checked }: CheckedCell,
  notebook: EditedNotebook,
  all: readonly CheckedCell[],
): Diagnostic[] {
  const options = optionsOf(cell);
  if (!options) return [];
  const others = notebook.cells.filter((one) => one.uri !== cell.uri);
  const isSomewhere = (name: string) => name in globalThis || others.some(({ text }) => text.includes(name));
  const missingIn = options.in.filter((name) => !isSomewhere(name));
  return [
    ...missingIn.map((name) =>
      warning(cell, "in", name, `No cell declares ${name}: --in takes values of the notebook's TypeScript.`),
    ),
    ...options.out
      .filter((name) => !mayBeBound(name, options.in, checked, all))
      .map((name) =>
        warning(cell, "out", name, `This cell assigns no ${name} and does not end with an expression.`),
      ),
  ];
}

function mayBeBound(
  name: string,
  taken: readonly string[],
  checked: Checked,
  all: readonly CheckedCell[],
): boolean {
  // Text that is no Python now may bind anything; so may code that is not read here.
  if (!checked.binds || checked.hasValue === true || taken.includes(name)) return true;
  return all.some(
    ({ cell, checked: one }) =>
      (one.binds ? one.binds.includes(name) : cell.text.includes(name)) ||
      optionsOf(cell)?.in.includes(name) !== false ||
      DYNAMIC.test(pythonOf(cell)),
  );
}

function warning(cell: EditedCell, option: string, name: string, message: string): Diagnostic {
  const [line = ""] = cell.text.split("\n", 1);
  const from = line.indexOf(`--${option}`);
  const escaped = name.replace(/\$/g, "\\$");
  const at = new RegExp(`(?<=[\\s,="'])${escaped}(?=[\\s,"']|$)`, "u").exec(line.slice(Math.max(0, from)));
  const character = at ? from + at.index : 0;
  const end = at ? character + name.length : line.length;
  return {
    range: { start: { line: 0, character }, end: { line: 0, character: end } },
    severity: DiagnosticSeverity.Warning,
    source: "tandem",
    message,
  };
}

/** The Python cells of a notebook. */
export const pythonCells = ({ cells }: EditedNotebook): EditedCell[] => cells.filter(isPython);

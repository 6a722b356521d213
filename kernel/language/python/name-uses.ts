import type { Location, Range } from "vscode-languageserver";
import { readSource, topLevelNames } from "../../python/source.ts";
import type { EditedCell, EditedNotebook } from "../cell-language.ts";
import { pythonCells } from "./problems.ts";
import { optionsOf, pythonOf } from "./python-cells.ts";

/** What a Python text does with a name (kernel/python/runner/tandem_runner/name_uses.py). Lines and UTF-16 columns from 0. */
export interface NameUses {
  /** It as a variable of the text's own. */
  readonly places: readonly (readonly [line: number, start: number])[];
  /** It behind a dot, with the whole chain: `["tandem_rust", "ns", "f"]`; "" for what begins with no name. */
  readonly attributes: readonly (readonly [chain: readonly string[], line: number, start: number])[];
  /** All imports; the place is that of the name, where it is what is imported. */
  readonly imports: readonly (readonly [
    module: string,
    name: string | null,
    bound: string,
    line?: number,
    start?: number,
  ])[];
  /** All names that functions, classes and comprehensions bind. */
  readonly inner: readonly string[];
  /** All names that the text itself binds, imports aside. */
  readonly outer: readonly string[];
  /** All names that are read as a whole, not for an attribute of them. */
  readonly bare: readonly string[];
  /** Whether it names an argument, or an attribute in a pattern. */
  readonly keywords: boolean;
  /** Whether a text in quotes mentions it. */
  readonly texts: boolean;
  /** Whether something else may mean it. */
  readonly unclear: boolean;
}

/** Asks Python of a cell and a name; undefined where none can say. */
export type AskUses = (
  notebook: EditedNotebook,
  cell: EditedCell,
  name: string,
) => Promise<NameUses | undefined>;

/** The Python cells whose interpreter is a cell's: they have their variables together. */
export function cellsBeside(notebook: EditedNotebook, cell: EditedCell): EditedCell[] {
  const python = optionsOf(cell)?.python;
  return pythonCells(notebook).filter((one) => optionsOf(one)?.python === python);
}

/** The variable of Python's at a place of its cell, where one of the interpreter's cells defines it at its top level. */
export function variableAt(
  notebook: EditedNotebook,
  cell: EditedCell,
  { line, character }: Range["start"],
): { name: string; range: Range } | undefined {
  const text = cell.text.split("\n")[line] ?? "";
  const start = character - (/[\p{L}\p{N}_]*$/u.exec(text.slice(0, character))?.[0].length ?? 0);
  const name = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(text.slice(start))?.[0];
  if (line === 0 || name === undefined || /\.\s*$/.test(text.slice(0, start))) return undefined;
  if (!cellsBeside(notebook, cell).some((one) => topLevelNames(pythonOf(one)).has(name))) return undefined;
  return {
    name,
    range: { start: { line, character: start }, end: { line, character: start + name.length } },
  };
}

/** The range of a name. */
export const rangeAt = (line: number, start: number, name: string): Range => ({
  start: { line, character: start },
  end: { line, character: start + name.length },
});

/** Where cells define a variable at their top level, as the text tells without Python. */
export function definitionsOf(cells: readonly EditedCell[], name: string): Location[] {
  return cells.flatMap((cell) => {
    const { definitions, variables } = readSource(pythonOf(cell));
    const lines = pythonOf(cell).split("\n");
    const starts = [...definitions, ...variables].filter((one) => one.name === name);
    return starts.map(({ nameStart }) => {
      let [line, left] = [0, nameStart];
      while (left > (lines[line]?.length ?? 0)) left -= (lines[line++]?.length ?? 0) + 1;
      return { uri: cell.uri, range: rangeAt(line, left, name) };
    });
  });
}

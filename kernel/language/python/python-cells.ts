import { readHead, readOptions } from "../../cells/magic-line.ts";
import { TandemError } from "../../errors.ts";
import { type PythonOptions, pythonMagic, pythonOptions } from "../../python/magic.ts";
import type { EditedCell } from "../cell-language.ts";

type Text = Pick<EditedCell, "text">;

export const isPython = ({ text }: Text): boolean => readHead(text)?.name === pythonMagic.name;

/** The Python of a cell, with blanks for its magic line: offsets are the cell's. */
export const pythonOf = ({ text }: Text): string =>
  text.replace(/^[^\n]*/, (line) => " ".repeat(line.length));

/** What its magic line says; undefined while that is wrong, which its own diagnostics tell. */
export function optionsOf({ text }: Text): PythonOptions | undefined {
  const head = readHead(text);
  if (!head) return undefined;
  try {
    return pythonOptions(readOptions(head, pythonMagic).options);
  } catch (error) {
    if (error instanceof TandemError) return undefined;
    throw error;
  }
}

import type { MagicOptions } from "../../cells/magic.ts";
import { readHead, readOptions } from "../../cells/magic-line.ts";
import { TandemError } from "../../errors.ts";
import { names, pythonMagic } from "../../python/magic.ts";
import type { EditedCell } from "../cell-language.ts";

type Text = Pick<EditedCell, "text">;

export const isPython = ({ text }: Text): boolean => readHead(text)?.name === pythonMagic.name;

/** The Python of a cell, with blanks for its magic line: offsets are the cell's. */
export const pythonOf = ({ text }: Text): string =>
  text.replace(/^[^\n]*/, (line) => " ".repeat(line.length));

/** What a Python cell's magic line says. */
export interface PythonOptions {
  readonly python: string | undefined;
  readonly in: readonly string[];
  readonly out: readonly string[];
}

/** Undefined while the line is wrong, which its own diagnostics tell. */
export function optionsOf({ text }: Text): PythonOptions | undefined {
  const head = readHead(text);
  if (!head) return undefined;
  let options: MagicOptions;
  try {
    ({ options } = readOptions(head, pythonMagic));
  } catch (error) {
    if (error instanceof TandemError) return undefined;
    throw error;
  }
  const python = options.get("python");
  return {
    python: typeof python === "string" ? python : undefined,
    in: names(options.get("in")),
    out: names(options.get("out")),
  };
}

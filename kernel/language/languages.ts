import { acrossLanguages } from "./across/across.ts";
import type { CellLanguage, LanguageHost } from "./cell-language.ts";
import { magicLines } from "./magic-lines/magic-lines.ts";
import { placeOfPythonName } from "./python/outline.ts";
import { pythonCellLanguage } from "./python/python.ts";
import { placeOfRustName } from "./rust/outline.ts";
import { rustCellLanguage } from "./rust/rust.ts";
import { typescriptCells } from "./typescript/typescript.ts";

/** Every language of the server, in the order in which they are asked. */
export function languages(host: LanguageHost): readonly CellLanguage[] {
  const typescript = typescriptCells(
    host,
    (cell, name) => placeOfRustName(cell, name) ?? placeOfPythonName(cell, name),
  );
  const rust = rustCellLanguage(host);
  const python = pythonCellLanguage(host);
  return [magicLines(host), acrossLanguages({ typescript, rust, python }), typescript, rust, python];
}

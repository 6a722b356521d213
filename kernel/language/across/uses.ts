import type { Location } from "vscode-languageserver";
import type { CellRequest, EditedNotebook } from "../cell-language.ts";
import { isRust } from "../rust/rust-cells.ts";
import { placeOfShared, sharedPlaces } from "../rust/shared-places.ts";
import type { SharedName } from "../typescript/shared-names.ts";
import type { Languages } from "./across.ts";
import { usesInPython } from "./rust-in-python.ts";

/** The names for other languages that are declared at one of these places. */
export function sharedIn(notebook: EditedNotebook, places: readonly Location[]): SharedName[] {
  return notebook.cells.filter(isRust).flatMap((cell) => {
    const own = places.filter(({ uri }) => uri === cell.uri).map(({ range }) => JSON.stringify(range));
    if (own.length === 0) return [];
    return sharedPlaces(cell)
      .filter(({ range }) => own.includes(JSON.stringify(range)))
      .map(({ path }) => ({ cell: cell.uri, path }));
  });
}

/** Every use of a name of a Rust cell, in all languages. */
export async function usesOf(
  { typescript, rust, python }: Languages,
  request: CellRequest,
  name: SharedName,
  includeDeclaration: boolean,
): Promise<Location[]> {
  const { notebook, token } = request;
  const found = await typescript.names.uses(notebook, name);
  const cell = notebook.cells.find(({ uri }) => uri === name.cell);
  const place = cell && placeOfShared(cell, name.path);
  if (!place) return found;
  const { uses } = await usesInPython(python.uses, notebook, cell, place);
  found.push(...uses.map((one) => ({ uri: one.cell.uri, range: one.range })));
  const declared: Location = { uri: cell.uri, range: place.range };
  const at = { notebook, cell, token, position: place.range.start };
  const inRust = await rust.references?.(at, includeDeclaration);
  return [...(inRust ?? (includeDeclaration ? [declared] : [])), ...found];
}

import type { Location } from "vscode-languageserver";
import type { CellLanguage, PlaceRequest } from "../cell-language.ts";
import { variableAt } from "../python/name-uses.ts";
import type { PythonCellLanguage } from "../python/python.ts";
import { isPython } from "../python/python-cells.ts";
import { isRust } from "../rust/rust-cells.ts";
import { sharedPlaceAt } from "../rust/shared-places.ts";
import { textIn } from "../typescript/places.ts";
import type { SharedName } from "../typescript/shared-names.ts";
import type { TypeScriptCells } from "../typescript/typescript.ts";
import { type PythonVariable, pythonReferences, renamedPython } from "./python.ts";
import { renamedOver } from "./rename.ts";
import { rustAt } from "./rust-in-python.ts";
import { sharedIn, usesOf } from "./uses.ts";

/** The languages whose names others use. */
export interface Languages {
  readonly typescript: TypeScriptCells;
  readonly rust: CellLanguage;
  readonly python: PythonCellLanguage;
}

/**
 * Names that one language declares and others use: asked before the languages themselves, it joins what each knows of its own cells.
 * What no other language has is left to its own.
 */
export function acrossLanguages(languages: Languages): CellLanguage {
  const { typescript, rust, python } = languages;
  return {
    name: "across",

    async prepareRename(at) {
      const { notebook, cell, position } = at;
      if (isPython(cell)) {
        const found = variableAt(notebook, cell, position) ?? (await rustAt(python.uses, at));
        return found && { range: found.range, placeholder: textIn(cell.text, found.range) };
      }
      // The name behind --as; the rest of the line is no name of the notebook's.
      const place = position.line === 0 ? sharedPlaceAt(cell, position) : undefined;
      return place && { range: place.range, placeholder: place.path[0] ?? "" };
    },

    async rename(at, newName) {
      if (isRust(at.cell) && at.position.line > 0)
        return renamedOver(languages, at, { place: at.position, newName });
      const found = await foundAt(at);
      if (!found) return undefined;
      return "names" in found
        ? renamedOver(languages, at, { names: found.names, newName })
        : renamedPython(languages, at, found, newName);
    },

    async references(at, includeDeclaration) {
      const own = await foundAt(at);
      if (!own) return undefined;
      const found: Location[] = [];
      // Beside those that have a type, there may be others of the same name.
      if (!isRust(at.cell)) found.push(...((await typescript.references?.(at, includeDeclaration)) ?? []));
      if ("names" in own)
        for (const name of own.names) found.push(...(await usesOf(languages, at, name, includeDeclaration)));
      else found.push(...(await pythonReferences(languages, at, own, includeDeclaration)));
      return [...new Map(found.map((one) => [JSON.stringify([one.uri, one.range]), one])).values()];
    },
  };

  /** The names of another language that a place stands for; those of TypeScript's own are left to it. */
  async function foundAt(at: PlaceRequest): Promise<{ names: SharedName[] } | PythonVariable | undefined> {
    const { notebook, cell, position } = at;
    if (isPython(cell)) {
      const variable = variableAt(notebook, cell, position);
      if (variable) return { name: variable.name, cell };
      const found = await rustAt(python.uses, at);
      return found && { names: [found.name] };
    }
    const names = isRust(cell) ? await inRust(at) : await typescript.names.at(at);
    const [first] = names;
    const owner = notebook.cells.find(({ uri }) => uri === first?.cell);
    const [top, member, ...more] = first?.path ?? [];
    if (owner && isPython(owner) && top === "py" && member !== undefined && more.length === 0)
      return { name: member, cell: owner };
    return first && { names };
  }

  /** The names for other languages of what stands at a place of a Rust cell. */
  async function inRust(at: PlaceRequest): Promise<SharedName[]> {
    const found = at.position.line > 0 ? await rust.references?.(at, true) : undefined;
    if (found) return sharedIn(at.notebook, found);
    const place = sharedPlaceAt(at.cell, at.position);
    return place ? [{ cell: at.cell.uri, path: place.path }] : [];
  }
}

import type { Location } from "vscode-languageserver";
import type { CellLanguage, PlaceRequest } from "../cell-language.ts";
import { isRust } from "../rust/rust-cells.ts";
import { sharedPlaceAt } from "../rust/shared-places.ts";
import type { SharedName } from "../typescript/shared-names.ts";
import type { TypeScriptCells } from "../typescript/typescript.ts";
import { renamedOver } from "./rename.ts";
import { sharedIn, usesOf } from "./uses.ts";

/** The languages whose names others use. */
export interface Languages {
  readonly typescript: TypeScriptCells;
  readonly rust: CellLanguage;
}

/**
 * Names that one language declares and others use: asked before the languages themselves, it joins what each knows of its own cells.
 * What no other language has is left to its own.
 */
export function acrossLanguages(languages: Languages): CellLanguage {
  const { typescript, rust } = languages;
  return {
    name: "across",

    async prepareRename({ cell, position }) {
      // The name behind --as; the rest of the line is no name of the notebook's.
      const place = position.line === 0 ? sharedPlaceAt(cell, position) : undefined;
      return place && { range: place.range, placeholder: place.path[0] ?? "" };
    },

    async rename(at, newName) {
      if (isRust(at.cell) && at.position.line > 0)
        return renamedOver(languages, at, { place: at.position, newName });
      const names = await namesAt(at);
      return names.length > 0 ? renamedOver(languages, at, { names, newName }) : undefined;
    },

    async references(at, includeDeclaration) {
      const own = await namesAt(at);
      if (own.length === 0) return undefined;
      const found: Location[] = [];
      if (!isRust(at.cell)) found.push(...((await typescript.references?.(at, includeDeclaration)) ?? []));
      for (const name of own) found.push(...(await usesOf(languages, at, name, includeDeclaration)));
      return [...new Map(found.map((one) => [JSON.stringify([one.uri, one.range]), one])).values()];
    },
  };

  /** The names of Rust cells that a place stands for. */
  async function namesAt(at: PlaceRequest): Promise<SharedName[]> {
    if (!isRust(at.cell)) return typescript.names.at(at);
    const found = at.position.line > 0 ? await rust.references?.(at, true) : undefined;
    if (found) return sharedIn(at.notebook, found);
    const place = sharedPlaceAt(at.cell, at.position);
    return place ? [{ cell: at.cell.uri, path: place.path }] : [];
  }
}

import type { Location, WorkspaceEdit } from "vscode-languageserver";
import { fail } from "../../errors.ts";
import { notebookName } from "../../rust/names.ts";
import type { EditedCell, EditedNotebook, PlaceRequest } from "../cell-language.ts";
import { refuse } from "../refuse.ts";
import { type GeneratedName, generatedNames } from "./generated-names.ts";
import { locationInCell, originOf } from "./navigation.ts";
import { type AllTypes, type Asked, askedOf, at, type OpenTypes } from "./open-types.ts";
import { optionEdits } from "./option-names.ts";
import { showsTypeScript } from "./places.ts";
import { merged } from "./rename.ts";
import { requireFree, requireName } from "./rename-check.ts";

/** A name that a cell of another language gives to TypeScript. */
export interface SharedName {
  /** The cell in whose view it is declared. */
  readonly cell: string;
  /** As TypeScript has it, with what it is a member of before it: `["orders", "Order", "total"]`, `["py", "mean"]`. */
  readonly path: readonly string[];
}

export interface Renamed {
  readonly edit: WorkspaceEdit;
  /** All names of other languages that are this one to the compiler: they change with it. */
  readonly names: readonly SharedName[];
}

/** What TypeScript knows of names that other languages declare. */
export interface TypeScriptNames {
  /** Those that a place of a TypeScript cell stands for. */
  at(place: PlaceRequest): Promise<SharedName[]>;
  /** Where cells use one. */
  uses(notebook: EditedNotebook, name: SharedName): Promise<Location[]>;
  /** Gives one a new name in TypeScript; throws a ResponseError where it cannot have that. */
  rename(notebook: EditedNotebook, name: SharedName, newName: string): Promise<Renamed>;
  /** The cells of TypeScript. */
  cells(notebook: EditedNotebook): EditedCell[];
}

/** The names of other languages in all open notebooks. */
export function sharedNames(all: AllTypes): TypeScriptNames {
  const opened = async (notebook: EditedNotebook) => {
    const open = all.of(notebook);
    // Views are those of the latest edit from here on.
    await open?.view("");
    await open?.types.settled;
    return open;
  };
  return {
    async at(place) {
      const asked = await askedOf(all, place);
      return asked ? sharedAt(asked, place) : [];
    },
    async uses(notebook, name) {
      const open = await opened(notebook);
      if (!open) return [];
      const found = await ask<Location[]>(open, name, "references", {
        context: { includeDeclaration: false },
      });
      const places = found.flat().flatMap((one) => locationInCell(open, one) ?? []);
      return [...new Map(places.map((one) => [JSON.stringify(one), one])).values()];
    },
    async rename(notebook, name, newName) {
      const open = await opened(notebook);
      if (!open) return { edit: { changes: {} }, names: [name] };
      const places = placesOf(open, name);
      // What stands in an object is called as its own language calls it.
      const own = places.some(({ isProperty }) => isProperty) ? newName : notebookName(newName);
      requireName(
        own,
        places.some(({ isProperty }) => isProperty),
      );
      await requireNew(open, name, own);
      const edits = await ask<WorkspaceEdit>(open, name, "rename", { newName: own });
      const changed = edits.flatMap(({ changes = {} }) =>
        Object.entries(changes).flatMap(([uri, all]) => all.map(({ range }) => ({ uri, range }))),
      );
      const [top = "", ...members] = name.path;
      if (members.length === 0) edits.push(optionEdits(open, name.cell, top, own));
      return { edit: merged(edits, open), names: namesAt(open, changed) };
    },
    cells(notebook) {
      const open = all.of(notebook);
      return notebook.cells.filter(({ uri }) => open?.viewNow(uri)?.isTypeScript === true);
    },
  };
}

async function sharedAt(asked: Asked, { position }: PlaceRequest): Promise<SharedName[]> {
  const { open, view } = asked;
  if (!showsTypeScript(view, position)) return [];
  const origin = await originOf(asked, position);
  if (origin) {
    const owner = open.viewNow(origin.key);
    return owner && !owner.isTypeScript ? [{ cell: origin.key, path: [origin.name] }] : [];
  }
  const context = { includeDeclaration: true };
  return namesAt(open, (await asked.ask<Location[]>("references", { ...at(view, position), context })) ?? []);
}

/** Those of other languages that are declared at one of these places of the compiler's documents. */
function namesAt(open: OpenTypes, places: readonly Location[]): SharedName[] {
  const found = places.flatMap(({ uri, range: { start } }) => {
    const key = open.types.cellOf(uri);
    const name =
      key !== undefined &&
      generatedIn(open, key).find(
        (one) => one.start.line === start.line && one.start.character === start.character,
      );
    return key !== undefined && name ? [{ cell: key, path: name.path }] : [];
  });
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

/** What is generated for a cell of another language. */
function generatedIn(open: OpenTypes, key: string): GeneratedName[] {
  const view = open.viewNow(key);
  return view && !view.isTypeScript ? generatedNames(view.text) : [];
}

const isPath = (a: readonly string[], b: readonly string[]) => a.join() === b.join();

function placesOf(open: OpenTypes, { cell, path }: SharedName): GeneratedName[] {
  const all = generatedIn(open, cell);
  const exact = all.filter((one) => isPath(one.path, path));
  // Fields of plain structs are called as in Rust, those of classes are not.
  return exact.length > 0
    ? exact
    : all.filter((one) => isPath(one.path.map(notebookName), path.map(notebookName)));
}

/** Asks about a name where it is declared, and in each cell that has it from there. */
async function ask<T>(open: OpenTypes, name: SharedName, method: string, params: object): Promise<T[]> {
  const { cell, path } = name;
  const [top = ""] = path;
  const places = [
    ...placesOf(open, name).map(({ start }) => ({ key: cell, position: start })),
    ...(path.length > 1 ? [] : open.types.users(cell, top)).map(({ key, line, character }) => ({
      key,
      position: { line, character },
    })),
  ];
  const answers: T[] = [];
  for (const { key, position } of places) {
    const answer = await open.types.ask<T | null>(method, key, { position, ...params });
    if (answer) answers.push(answer);
  }
  return answers;
}

/** Refuses a name that stands for something else where the old one is used. */
async function requireNew(open: OpenTypes, { cell, path }: SharedName, newName: string): Promise<void> {
  const index = open.viewNow(cell)?.cell.index ?? 0;
  const around = path.slice(0, -1);
  const [top = "", last] = [path[0], path.at(-1)];
  if (around.length === 0) {
    const users = open.types.users(cell, top).flatMap(({ key }) => open.viewNow(key) ?? []);
    requireFree(newName, open.viewNow(open.types.declaring(newName) ?? "")?.cell.index, users);
  } else if (generatedIn(open, cell).some((one) => isPath(one.path, [...around, newName])))
    refuse(fail("renameTaken", newName, index + 1, "declares"));
  if (last !== "new_") return;
  // `new Order(…)` is there because of this name alone.
  const created = { cell, path: [...around, "constructor"] };
  const context = { includeDeclaration: false };
  const uses = (await ask<Location[]>(open, created, "references", { context })).flat();
  for (const one of uses) {
    const user = open.viewNow(locationInCell(open, one)?.uri ?? "");
    if (user) refuse(fail("renameConstructor", around.at(-1) ?? "", user.cell.index + 1));
  }
}

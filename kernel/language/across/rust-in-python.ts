import type { Position, Range } from "vscode-languageserver";
import { fail, type TandemError } from "../../errors.ts";
import { notebookName } from "../../rust/names.ts";
import type { EditedCell, EditedNotebook, PlaceRequest } from "../cell-language.ts";
import { DYNAMIC, isPythonKeyword } from "../python/keywords.ts";
import { type AskUses, type NameUses, rangeAt } from "../python/name-uses.ts";
import { pythonCells } from "../python/problems.ts";
import { type SharedPlace, sharedPlaces } from "../rust/shared-places.ts";
import { textIn } from "../typescript/places.ts";
import type { SharedName } from "../typescript/shared-names.ts";
import { mentionsRust, RUST_MODULE, wordOf } from "./words.ts";

/** Where Python has a name of a Rust cell by the module `tandem_rust`. */
interface RustUse {
  readonly cell: EditedCell;
  readonly range: Range;
  /** An import's own name for it, which stays. */
  readonly bound?: string;
}

interface Found {
  readonly uses: readonly RustUse[];
  /** Why there may be others. */
  readonly doubt?: TandemError;
}

/** A name of Rust's in Python. */
export const pythonName = (name: string): string => {
  const plain = name.replace(/^r#/, "");
  return isPythonKeyword(plain) ? `${plain}_` : plain;
};

/** What stands for a use once the name is another. */
export function renamedUse({ bound }: RustUse, newName: string): string {
  const name = pythonName(newName);
  return bound === undefined || bound === name ? name : `${name} as ${bound}`;
}

/** The uses of what a Rust cell declares at `place`: of imports from `tandem_rust`, and of attributes of what they give. */
export async function usesInPython(
  ask: AskUses,
  notebook: EditedNotebook,
  owner: EditedCell,
  place: SharedPlace,
): Promise<Found> {
  const cells = pythonCells(notebook);
  const name = pythonName(textIn(owner.text, place.range));
  const isImported = cells.some(mentionsRust);
  const mentioning = cells.filter(({ text }) => wordOf(name).test(text));
  if (!isImported || mentioning.length === 0) return { uses: [] };
  const read: { cell: EditedCell; said: NameUses }[] = [];
  for (const cell of cells.filter((one) => mentionsRust(one) || mentioning.includes(one))) {
    const said = await ask(notebook, cell, name);
    if (!said) return { uses: [], doubt: fail("renamePythonUnread", name, cell.index + 1) };
    read.push({ cell, said });
  }
  return isItem(owner, place) ? itemUses(notebook, owner, place, name, read) : memberUses(name, place, read);
}

/** The name of a Rust cell that a place of a Python cell stands for. */
export async function rustAt(
  ask: AskUses,
  { notebook, cell, position }: PlaceRequest,
): Promise<{ name: SharedName; range: Range } | undefined> {
  const line = cell.text.split("\n")[position.line] ?? "";
  for (const owner of notebook.cells)
    for (const place of sharedPlaces(owner)) {
      if (!wordOf(pythonName(textIn(owner.text, place.range))).test(line)) continue;
      const { uses } = await usesInPython(ask, notebook, owner, place);
      const use = uses.find((one) => one.cell === cell && isIn(one.range, position));
      if (use) return { name: { cell: owner.uri, path: place.path }, range: use.range };
    }
  return undefined;
}

const isIn = ({ start, end }: Range, { line, character }: Position) =>
  start.line === line && start.character <= character && character <= end.character;

type Read = readonly { readonly cell: EditedCell; readonly said: NameUses }[];

/** Of which object an attribute is, shows as Python runs: members are found nowhere, and doubted wherever they may be. */
function memberUses(name: string, { kind }: SharedPlace, read: Read): Found {
  const inDoubt = read.find(
    ({ cell, said }) =>
      said.attributes.length > 0 ||
      said.keywords ||
      said.unclear ||
      (said.texts && (kind === "field" || kind === "variant" || DYNAMIC.test(cell.text))),
  );
  return inDoubt
    ? { uses: [], doubt: fail("renameInPython", name, inDoubt.cell.index + 1, "member") }
    : { uses: [] };
}

function itemUses(
  notebook: EditedNotebook,
  owner: EditedCell,
  { path }: SharedPlace,
  name: string,
  read: Read,
): Found {
  const uses: RustUse[] = [];
  let doubt: TandemError | undefined;
  const modules = modulesOf(read);
  const rebound = new Set(read.flatMap(({ said }) => said.outer));
  for (const { cell, said } of read) {
    if (!wordOf(name).test(cell.text) || declaring(notebook, cell, path) !== owner) continue;
    const unclear = fail("renameInPython", name, cell.index + 1, "unclear");
    for (const [module, imported, bound, line, start] of said.imports) {
      const [top, ...around] = module.split(".");
      if (top !== RUST_MODULE || imported === null) continue;
      if (imported === "*" && isPath(around, path.slice(0, -1))) doubt ??= unclear;
      if (!isPath([...around, imported], path)) continue;
      if (line === undefined || start === undefined) doubt ??= unclear;
      else uses.push({ cell, range: rangeAt(line, start, name), ...(bound === imported && { bound }) });
    }
    let isElsewhere = said.texts;
    for (const [[root = "", ...chain], line, start] of said.attributes) {
      const module = modules.get(root);
      if (!module) isElsewhere = true;
      else if (isPath([...module, ...chain], path)) {
        uses.push({ cell, range: rangeAt(line, start, name) });
        if (said.inner.includes(root) || rebound.has(root)) doubt ??= unclear;
      }
    }
    // A module that is handed on may be what has such an attribute.
    const isHandedOn = said.bare.some((one) => modules.has(one));
    if (said.unclear || (said.texts && DYNAMIC.test(cell.text)) || (isElsewhere && isHandedOn))
      doubt ??= unclear;
  }
  return { uses, ...(doubt && { doubt }) };
}

/** The names that imports give to `tandem_rust` and the modules in it, with their paths. */
function modulesOf(read: Read): Map<string, readonly string[]> {
  const modules = new Map<string, readonly string[]>();
  for (const { said } of read)
    for (const [module, imported, bound] of said.imports) {
      const [top, ...around] = module.split(".");
      if (top === RUST_MODULE) modules.set(bound, imported === null ? around : [...around, imported]);
    }
  return modules;
}

/** The Rust cell whose declaration a cell means: the nearest above, else the nearest below. */
function declaring(
  { cells }: EditedNotebook,
  { index }: EditedCell,
  path: readonly string[],
): EditedCell | undefined {
  const all = cells.filter((one) => sharedPlaces(one).some((place) => isPath(place.path, path)));
  return all.findLast((one) => one.index < index) ?? all.find((one) => one.index > index);
}

/** Whether it is a name of the cell or of a module in it, not of a type. */
function isItem(owner: EditedCell, { path, kind }: SharedPlace): boolean {
  if (kind === "field" || kind === "variant" || kind === "method") return false;
  const around = path.slice(0, -1);
  const parent = sharedPlaces(owner).find((one) => isPath(one.path, around));
  return around.length === 0 || parent?.kind === "module" || parent?.kind === "namespace";
}

/** Paths as TypeScript and Python have them: each puts `_` behind the words that it reserves. */
const isPath = (a: readonly string[], b: readonly string[]): boolean =>
  a.map(withoutMark).join() === b.map(withoutMark).join();

function withoutMark(name: string): string {
  const plain = name.replace(/_$/, "");
  return isPythonKeyword(plain) || notebookName(plain) !== plain ? plain : name;
}

import type { MagicOptions } from "../../cells/magic.ts";
import { findMagic, readHead, readOptions } from "../../cells/magic-line.ts";
import { optionNames } from "../../cells/option-values.ts";
import { TandemError } from "../../errors.ts";
import { type EarlierExports, parseCell } from "../../rust/addon.ts";
import { readAdd } from "../../rust/cargo-add.ts";
import { dependenciesOf, rustText } from "../../rust/cell-text.ts";
import { type Plan, planOf, type RustSource } from "../../rust/compile.ts";
import { type Crates, foundCrates } from "../../rust/crates.ts";
import type { Dependency } from "../../rust/dependencies.ts";
import { type CompiledCell, earlierRustCells, type Needed } from "../../rust/earlier.ts";
import { checkFiles } from "../../rust/expect.ts";
import type { RustExports } from "../../rust/exports.ts";
import { rustMagic } from "../../rust/magic.ts";
import { lockOf, notebookCrates } from "../../rust/notebook-crates.ts";
import type { Toolchain } from "../../rust/toolchain.ts";
import type { EditedCell, EditedNotebook } from "../cell-language.ts";

/** A `%%rust` cell as it stands, with what it is given by the notebook above it. */
export interface RustCell {
  readonly cell: EditedCell;
  readonly source: RustSource;
  /** The crates that it is compiled with. */
  readonly dependencies: readonly Dependency[];
  /** A cell above, by URI, that is no Rust just now and never was: what it is to declare is not known. */
  readonly below?: string;
  /** The codes of `--expect`. */
  readonly expected: readonly string[];
  /** How it is checked; left out where no compiler may be asked, or its crates are not built. */
  readonly check?: { readonly plan: Plan; readonly crates: Crates };
}

/** What stands for a cell that does not compile at the moment: its last text that did. */
export interface LastGood {
  readonly compiled: CompiledCell;
  readonly exports: RustExports;
  readonly needed: Needed;
  readonly crateArgs: readonly string[];
}

/** How cells are planned where a compiler may be asked. */
export interface Planning {
  readonly toolchain: Toolchain;
  /** Where the checks leave their files. */
  readonly folder: string;
  /** Of a cell, by URI, where this build of it, by its crate's name, or all of its text is known not to compile. */
  insteadOf(cell: string, name: string | undefined): LastGood | undefined;
  readonly signal: AbortSignal;
}

export const isRust = ({ text }: Pick<EditedCell, "text">): boolean =>
  readHead(text)?.name === rustMagic.name;

/** All of a notebook that its Rust cells depend on, as one text; `[]` where it has none. */
export function rustOf({ cells }: EditedNotebook): string {
  const of = (cell: EditedCell): [string, string][] => {
    if (isRust(cell)) return [[cell.uri, cell.text]];
    if (readHead(cell.text)) return [];
    return [...cell.text.matchAll(/^%cargo[ \t]+add.*$/gm)].map(([line]) => ["", line]);
  };
  return JSON.stringify(cells.flatMap(of));
}

/** The Rust of a cell, with empty lines in place of what is none, so that its lines are the cell's. */
export const textOf = ({ text }: Pick<EditedCell, "text">): string =>
  rustText({ body: readHead(text)?.body ?? "" });

/** The crates that `%cargo add` adds in cells of TypeScript. */
function addedCrates({ text }: Pick<EditedCell, "text">, folder: string): Dependency[] {
  if (readHead(text)) return [];
  return [...text.matchAll(/^%cargo[ \t]+add[ \t]+(.+)$/gm)].flatMap(([, words = ""]) =>
    orNothing(() => readAdd(words.trim().split(/\s+/), folder)),
  );
}

/** The crates that a Rust cell names itself. */
function namedCrates(cell: Pick<EditedCell, "text">, folder: string): Dependency[] {
  const body = readHead(cell.text)?.body ?? "";
  const asked = { body, source: cell.text, options: optionsOf(cell) };
  return orNothing(() => dependenciesOf(asked, folder));
}

/** All Rust cells in the order of the notebook, each with what those above it declare. Without `planning` nothing is started. */
export async function rustCells(notebook: EditedNotebook, planning?: Planning): Promise<RustCell[]> {
  const above = earlierRustCells();
  const crates = notebookCrates(notebook);
  const found: RustCell[] = [];
  let below: string | undefined;
  for (const cell of notebook.cells) {
    for (const one of addedCrates(cell, notebook.folder)) crates.add(one);
    if (!isRust(cell)) continue;
    const one = await readCell(cell, notebook.folder, above.exports(), planning, {
      needed: (exports) => above.needed(exports),
      wanted: (own, used) => crates.wanted(own, used),
    });
    found.push(below === undefined ? one : { ...one, below });
    // What must not compile declares nothing.
    if (one.expected.length > 0) continue;
    const { plan, crates: built } = one.check ?? {};
    const { exports, needed } = one.source;
    const good = planning?.insteadOf(cell.uri, exports.broken ? undefined : plan?.name);
    if (exports.broken && !good) below ??= cell.uri;
    if (good) {
      above.add(good.compiled, good.exports, good.needed, good.crateArgs);
      continue;
    }
    const name = plan?.name ?? `cell_${cell.index}`;
    const library = planning && plan ? `${planning.folder}/${checkFiles(plan).metadata}` : "";
    above.add({ name, library, file: cell.uri }, exports, needed, built?.args ?? []);
  }
  return found;
}

async function readCell(
  cell: EditedCell,
  folder: string,
  earlier: EarlierExports,
  planning: Planning | undefined,
  above: {
    needed(exports: RustExports): Needed;
    wanted(own: readonly Dependency[], used: readonly string[]): Dependency[];
  },
): Promise<RustCell> {
  const text = textOf(cell);
  const exports = parseCell(text, earlier);
  const dependencies = above.wanted(namedCrates(cell, folder), exports.used);
  const source: RustSource = { text, exports, needed: above.needed(exports), debug: false };
  const expected = optionNames(optionsOf(cell), "expect");
  const read: RustCell = { cell, source, dependencies, expected };
  if (!planning) return read;
  const { toolchain, signal } = planning;
  const crates = builtCrates(dependencies, folder, toolchain);
  return crates
    ? { ...read, check: { plan: await planOf(source, toolchain, crates, signal), crates } }
    : read;
}

/** What a run of a cell has built; nothing is built while somebody types. */
export function builtCrates(
  dependencies: readonly Dependency[],
  folder: string,
  toolchain: Toolchain,
): Crates | undefined {
  const [found] = orNothing(() => [foundCrates({ dependencies, lock: lockOf(folder), say() {} }, toolchain)]);
  return found;
}

/** The object that holds what a cell declares (`--as`). */
export function namespaceOf(cell: Pick<EditedCell, "text">): string | undefined {
  const name = optionsOf(cell).get("as");
  return typeof name === "string" ? name : undefined;
}

/** What its magic line says; nothing while that is wrong, which the magic line's own diagnostics tell. */
function optionsOf({ text }: Pick<EditedCell, "text">): MagicOptions {
  const head = readHead(text);
  if (!head) return new Map();
  const [read] = orNothing(() => [readOptions(head, findMagic(head.name, [rustMagic]))]);
  return read?.options ?? new Map();
}

/** A list, or none where the catalogue has a word for what is wrong. */
function orNothing<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof TandemError) return [];
    throw error;
  }
}

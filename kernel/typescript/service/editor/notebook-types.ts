import { isJsx } from "../../strip.ts";
import { type Declaration, type DocumentSymbol, declaredNames } from "../declarations.ts";
import type { TypeScriptServer } from "../server.ts";
import { type Import, type Suffix, suffixes, wordsOf } from "./cell-imports.ts";
import type { FolderProject } from "./folder-project.ts";
import { startsElement, type Unclosed, unclosedIn } from "./unclosed.ts";

/** A cell that is edited, as TypeScript sees it (`TypeView`). */
export interface CellText {
  /** Tells it from the notebook's other cells, whatever becomes of it. */
  readonly key: string;
  readonly text: string;
}

interface CellDocument {
  readonly id: number;
  readonly key: string;
  text: string;
  words: ReadonlySet<string>;
  /** Without its extension. */
  readonly name: string;
  extension: "ts" | "tsx";
  declared: ReadonlyMap<string, Declaration>;
  /** It is half-written. */
  unclosed: Unclosed | undefined;
  suffix: Suffix;
  /** Its declarations are not known yet. */
  fresh: boolean;
}

/** The notebook's cells at one moment, and those of them that were edited. */
interface Placed {
  readonly cells: readonly CellDocument[];
  readonly fresh: readonly CellDocument[];
}

/** LSP's, as far as it is used. */
export interface SemanticTokensLegend {
  tokenTypes: string[];
  tokenModifiers: string[];
}

/** Where a name of a cell comes from. */
export interface Origin {
  readonly name: string;
  /** The cell that declares it. */
  readonly key: string;
  readonly declaration: Declaration;
}

/** The types of an open notebook: each cell is a module that has from the others what it uses. */
export class NotebookTypes {
  readonly #server: TypeScriptServer;
  readonly #project: FolderProject;
  readonly #prefix: string;
  #cells: CellDocument[] = [];
  #ids = 0;
  /** Resolves when the texts of edited cells have been said. */
  #placed: Promise<Placed> = Promise.resolve({ cells: [], fresh: [] });
  #settled: Promise<void> = Promise.resolve();
  /** The cells are in the project. */
  #started = false;
  /** The cells as they were when what stands below all of them was last made; none while it is not known to fit. */
  #joined: readonly CellDocument[] = [];
  #globals: ReadonlySet<string> | undefined;
  /** How often a document was set. */
  #puts = 0;
  /** Cells that have other names than before, or from elsewhere. */
  #touched = new Set<string>();

  /** `number`: of the notebook, for the names of its documents. */
  constructor(server: TypeScriptServer, project: FolderProject, number: number) {
    this.#server = server;
    this.#project = project;
    this.#prefix = `.tandem-n${number}`;
  }

  /** The cells as they are now, in their order. What is asked from here on is asked of these. */
  update(cells: readonly CellText[]): void {
    const before = new Map(this.#cells.map((cell) => [cell.key, cell]));
    this.#cells = cells.map(({ key, text }) => {
      const known = before.get(key);
      before.delete(key);
      if (known?.text === text) return known;
      const made = known ?? this.#make(key);
      made.text = text;
      made.fresh = true;
      return made;
    });
    const gone = [...before.values()];
    this.#placed = this.#settled.then(() => this.#place(gone));
    this.#settled = this.#placed.then((placed) => this.#settle(placed)).catch(() => {});
  }

  /**
   * Asks `textDocument/<method>` about a cell. Undefined where it is gone. The caller knows the result's shape from the
   * protocol; its places may lie in other documents (`cellOf`) and below a cell's text.
   */
  async ask<T>(method: string, key: string, params: object, signal?: AbortSignal): Promise<T | undefined> {
    await this.#settled;
    return this.#askNow(method, key, params, signal);
  }

  /**
   * The same for what a person waits for while typing: it is asked beside what the edited cells declare, and again only where
   * that is other than before.
   */
  async askWhileTyping<T>(
    method: string,
    key: string,
    params: object,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    await (this.#started ? this.#placed : this.#settled);
    const puts = this.#puts;
    const answer = this.#askNow<T>(method, key, params, signal);
    // Where it is asked again, nobody waits for the first answer.
    answer.catch(() => {});
    await this.#settled;
    return puts === this.#puts ? answer : this.#askNow(method, key, params, signal);
  }

  /** Asks what is not about one document, such as more of an item. */
  request<T>(method: string, params: object): Promise<T> {
    return this.#server.request<T>(method, params);
  }

  /** The names of the numbers that the server's semantic tokens have. */
  async legend(): Promise<SemanticTokensLegend> {
    const answer = (await this.#server.initialized()) as
      | { capabilities?: { semanticTokensProvider?: { legend?: SemanticTokensLegend } } }
      | undefined;
    return answer?.capabilities?.semanticTokensProvider?.legend ?? { tokenTypes: [], tokenModifiers: [] };
  }

  /** Resolves when all that is known of the cells has been said. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** The cell that a document of the server's stands for; undefined for real files. */
  cellOf(uri: string): string | undefined {
    return this.#cells.find((cell) => this.#server.uriOf(nameOf(cell, this.#project)) === uri)?.key;
  }

  /** What a cell declares at its top level, generated declarations included. */
  declarations(key: string): readonly Declaration[] {
    return [...(this.#find(key)?.declared.values() ?? [])];
  }

  /** Looks at the files that the cells import: what was installed or written since is known from here on. */
  look(): boolean {
    return this.#project.look(this.#cells.map(({ text }) => text).join("\n"));
  }

  /** What a cell leaves open, which is closed below it: the compiler does not miss it. */
  unclosed(key: string): Unclosed | undefined {
    return this.#find(key)?.unclosed;
  }

  /** The names that a cell has from cells below it. */
  fromBelow(key: string): Origin[] {
    const index = this.#cells.findIndex((cell) => cell.key === key);
    const below = new Set(this.#cells.slice(index + 1).map(({ id }) => id));
    const imports = this.#cells[index]?.suffix.imports ?? [];
    return imports.filter(({ owner }) => below.has(owner)).flatMap((one) => this.#originOf(one) ?? []);
  }

  /** All names that the cells declare at their top levels. */
  get names(): string[] {
    return this.#cells.flatMap(({ declared }) => [...declared.keys()]);
  }

  /** The first cell that declares a name at its top level. */
  declaring(name: string): string | undefined {
    return this.#cells.find(({ declared }) => declared.has(name))?.key;
  }

  /** The cells whose names of other cells are not those that they were when this was last asked. */
  takeTouched(): ReadonlySet<string> {
    const touched = this.#touched;
    this.#touched = new Set();
    return touched;
  }

  /** The cells that have a name from this one, or from one that has; in their order. */
  dependants(keys: ReadonlySet<string>): string[] {
    const affected = new Set(this.#cells.filter(({ key }) => keys.has(key)).map(({ id }) => id));
    let size = 0;
    while (size !== affected.size) {
      size = affected.size;
      for (const cell of this.#cells)
        if (cell.suffix.imports.some(({ owner }) => affected.has(owner))) affected.add(cell.id);
    }
    return this.#cells.filter(({ id }) => affected.has(id)).map(({ key }) => key);
  }

  /** The names of other cells that a cell could have and does not mention: of those with one name the nearest above, else below. */
  offered(key: string): Origin[] {
    const index = this.#cells.findIndex((cell) => cell.key === key);
    const { words, declared } = this.#cells[index] ?? { words: new Set(), declared: new Map() };
    const found = new Map<string, Origin>();
    const add = (cell: CellDocument, again: boolean) => {
      for (const [name, declaration] of cell.declared)
        if (!words.has(name) && !declared.has(name) && (again || !found.has(name)))
          found.set(name, { name, key: cell.key, declaration });
    };
    for (const cell of this.#cells.slice(0, index)) add(cell, true);
    for (const cell of this.#cells.slice(index + 1)) add(cell, false);
    return [...found.values()];
  }

  /** Where the name comes from that a place below a cell's text brings it, as definitions lead there. */
  originAt(key: string, place: { line: number; character: number }): Origin | undefined {
    const cell = this.#find(key);
    if (!cell) return undefined;
    const offset = place.character;
    if (place.line !== lineCount(cell.text)) return undefined;
    const found = cell.suffix.imports.find(
      (one) => offset >= one.offset && offset <= one.offset + one.name.length,
    );
    return found && this.#originOf(found);
  }

  /** The cells that have a cell's name, each with the place below it that brings it. */
  users(key: string, name: string): { key: string; line: number; character: number; redeclared: boolean }[] {
    const owner = this.#find(key);
    if (!owner) return [];
    return this.#cells.flatMap((cell) =>
      cell.suffix.imports
        .filter((one) => one.name === name && one.owner === owner.id)
        .map(({ offset, redeclared }) => ({
          key: cell.key,
          line: lineCount(cell.text),
          character: offset,
          redeclared,
        })),
    );
  }

  close(): void {
    const gone = this.#cells;
    this.#cells = [];
    this.#settled = this.#settled.then(() => {
      for (const cell of gone) this.#server.remove(nameOf(cell, this.#project));
      this.#project.removeFile(`${this.#prefix}-all.ts`);
    });
  }

  #make(key: string): CellDocument {
    const id = ++this.#ids;
    const name = `${this.#prefix}-${id}`;
    const suffix: Suffix = { text: "", imports: [] };
    return {
      id,
      key,
      text: "",
      name,
      extension: "ts",
      declared: new Map(),
      unclosed: undefined,
      words: new Set(),
      suffix,
      fresh: true,
    };
  }

  #find(key: string): CellDocument | undefined {
    return this.#cells.find((cell) => cell.key === key);
  }

  #originOf({ name, owner }: Import): Origin | undefined {
    const cell = this.#cells.find(({ id }) => id === owner);
    const declaration = cell?.declared.get(name);
    return cell && declaration && { name, key: cell.key, declaration };
  }

  async #askNow<T>(
    method: string,
    key: string,
    params: object,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    const cell = this.#find(key);
    return cell && this.#server.ask<T>(method, nameOf(cell, this.#project), params, signal);
  }

  /** Says the texts that are new, as if their cells declared what they did before. */
  async #place(gone: readonly CellDocument[]): Promise<Placed> {
    for (const cell of gone) this.#server.remove(nameOf(cell, this.#project));
    const cells = [...this.#cells];
    const fresh = cells.filter((cell) => cell.fresh);
    for (const cell of fresh) {
      cell.fresh = false;
      this.#setExtension(cell);
      cell.words = wordsOf(cell.text, cell.extension);
      cell.unclosed = unclosedIn(cell.text, cell.extension === "tsx");
    }
    // New cells have none before it is known what they declare.
    const known = fresh.filter(({ suffix }) => suffix.text !== "");
    await this.#makeSuffixes(cells, known).catch(() => []);
    for (const cell of fresh) this.#put(cell);
    return { cells, fresh };
  }

  /** Learns what the edited cells declare, and says what follows from it for all. */
  async #settle({ cells, fresh }: Placed): Promise<void> {
    const joined = this.#joined;
    this.#joined = [];
    const symbols = await Promise.all(
      fresh.map((cell) => this.#server.ask<Symbols>("documentSymbol", nameOf(cell, this.#project))),
    );
    let same = cells.length === joined.length && cells.every((cell, index) => cell === joined[index]);
    for (const [index, cell] of fresh.entries()) {
      const declared = declarationsOf(symbols[index] ?? [], cell);
      same &&= areNamedAlike(declared, cell.declared);
      cell.declared = declared;
    }
    if (!same) await this.#join(cells);
    this.#joined = cells;
  }

  async #join(cells: readonly CellDocument[]): Promise<void> {
    for (const cell of await this.#makeSuffixes(cells, cells)) this.#put(cell);
    const all = `${this.#prefix}-all.ts`;
    const exports = cells.map(({ name }) => `export * from "./${name}";`);
    // Last: with it the cells are in the project, and the server reads all of them anew for each that it is told of after.
    this.#project.setFile(all, exports.join("\n"));
    if (this.#started) return;
    // To learn the globals, the project has to be there.
    this.#started = true;
    for (const cell of await this.#makeSuffixes(cells, cells)) this.#put(cell);
  }

  /** Makes what stands below some of the cells. Returns those where it is other than before. */
  async #makeSuffixes(
    cells: readonly CellDocument[],
    some: readonly CellDocument[],
  ): Promise<CellDocument[]> {
    const wanted = new Set(some.map(({ id }) => id));
    let depends = false;
    const make = () =>
      suffixes(cells, wanted, `${this.#prefix}-all`, (name) => {
        depends = true;
        return this.#globals?.has(name) ?? true;
      });
    let found = make();
    if (depends && !this.#globals && this.#started) {
      this.#globals = await this.#project.globals();
      found = make();
    }
    return some.filter((cell) => {
      const suffix = found.get(cell.id);
      if (!suffix || suffix.text === cell.suffix.text) return false;
      cell.suffix = suffix;
      this.#touched.add(cell.key);
      return true;
    });
  }

  #setExtension(cell: CellDocument): void {
    const extension = isJsx(cell.text) || startsElement(cell.text) ? "tsx" : "ts";
    if (extension === cell.extension) return;
    this.#server.remove(nameOf(cell, this.#project));
    cell.extension = extension;
  }

  #put(cell: CellDocument): void {
    this.#puts++;
    this.#server.set(nameOf(cell, this.#project), `${cell.text}\n${cell.suffix.text}`);
  }
}

type Symbols = readonly DocumentSymbol[] | null;

const nameOf = ({ name, extension }: CellDocument, project: FolderProject) =>
  project.path(`${name}.${extension}`);

const lineCount = (text: string) => text.split("\n").length;

function declarationsOf(symbols: NonNullable<Symbols>, { text }: CellDocument): Map<string, Declaration> {
  const lines = lineCount(text);
  // What stands below is the imports.
  const own = symbols.filter(({ selectionRange }) => selectionRange.start.line < lines);
  return new Map(declaredNames(own, text).map((one) => [one.name, one]));
}

/** Whether the same names are declared, as far as others see them. */
function areNamedAlike(a: ReadonlyMap<string, Declaration>, b: ReadonlyMap<string, Declaration>): boolean {
  return a.size === b.size && [...a].every(([name, { kind }]) => b.get(name)?.kind === kind);
}

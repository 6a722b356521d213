/** A name that a cell declares at its top level. */
export interface Declared {
  readonly name: string;
  /** Variables are declared again by their type, so that assignments to them are judged; all else is an alias. */
  readonly kind: "let" | "const" | "other";
}

interface CommittedCell {
  readonly number: number;
  readonly extension: Extension;
  readonly declared: ReadonlyMap<string, Declared["kind"]>;
  /** Numbers of the cells that its names came from when it ran. */
  readonly uses: ReadonlySet<number>;
}

type Extension = "ts" | "tsx";

/** Documents to set and to remove, by name. */
export interface DocumentChanges {
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
}

/** Where the names of all cells are made global, and the namespace that holds the cells for it. */
export const GLOBAL_NAMES = ".tandem-names.d.ts";
export const ALL_CELLS = ".tandem-cells.d.ts";
/** Patterns of the cells' own documents, as tsconfig.json has them. */
export const CELL_DOCUMENTS: readonly string[] = [".tandem-*.ts", ".tandem-*.tsx"];

/**
 * What the cells so far declare, as modules for the type checker. Each cell is a module that imports from the earlier
 * ones what it uses, for good: a later declaration of a name does not change what an earlier cell made of it. To the
 * next cell the names are globals, which its own declarations hide without a conflict. A name that is a global already
 * (`process`, `Event`) cannot be made one again: it is imported where it is used.
 */
export class CellScope {
  readonly #owners = new Map<string, CommittedCell>();
  readonly #cells = new Map<number, CommittedCell>();
  #globals: ReadonlySet<string> = new Set();
  #number = 0;

  /** The names that are there without any cell. */
  setGlobals(names: ReadonlySet<string>): void {
    this.#globals = names;
  }

  /** Adds a cell's declarations; a later declaration of a name wins. Cells that nobody can see any more go. */
  commit(text: string, extension: Extension, declared: readonly Declared[]): DocumentChanges {
    const names = new Map(declared.map(({ name, kind }) => [name, kind]));
    const used = this.#mentioned(text).filter(([name]) => !names.has(name));
    const cell: CommittedCell = {
      number: ++this.#number,
      extension,
      declared: names,
      uses: new Set(used.map(([, owner]) => owner.number)),
    };
    const suffix = `${used.map(importOf).join("")}export {${[...names.keys()].join(",")}};`;
    for (const name of names.keys()) this.#owners.set(name, cell);
    this.#cells.set(cell.number, cell);
    const dead = this.#removeDead();
    return {
      set: new Map([
        [documentOf(cell), `${text}\n${suffix}`],
        [ALL_CELLS, this.#cellsText()],
        [GLOBAL_NAMES, this.#namesText()],
      ]),
      remove: dead.map(documentOf),
    };
  }

  /** A name is no cell's any more. */
  forget(name: string): void {
    this.#owners.delete(name);
  }

  reset(): DocumentChanges {
    const remove = [...this.#cells.values()].map(documentOf);
    this.#owners.clear();
    this.#cells.clear();
    return { set: new Map([ALL_CELLS, GLOBAL_NAMES].map((name) => [name, ""])), remove };
  }

  /** Names that a cell has to import since they cannot be globals, if it does not declare them itself. */
  contested(text: string): readonly string[] {
    return this.#mentioned(text)
      .map(([name]) => name)
      .filter((name) => this.#globals.has(name));
  }

  /** The declarations of such names, to stand below a cell. */
  imports(names: readonly string[]): string {
    const entries = names.flatMap((name) => {
      const owner = this.#owners.get(name);
      return owner ? [[name, owner] as const] : [];
    });
    return entries
      .map(
        ([name, owner]) =>
          variable(name, owner, `import("./${moduleOf(owner)}").${name}`) ?? importOf([name, owner]),
      )
      .join("");
  }

  /** The names that a text mentions, with their owners. */
  #mentioned(text: string): [name: string, owner: CommittedCell][] {
    const words = new Set(text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
    return [...this.#owners].filter(([name]) => words.has(name));
  }

  /** Removes the cells that own no name and that no living cell uses. */
  #removeDead(): CommittedCell[] {
    const living = new Set<number>();
    const visit = (cell: CommittedCell | undefined) => {
      if (!cell || living.has(cell.number)) return;
      living.add(cell.number);
      for (const number of cell.uses) visit(this.#cells.get(number));
    };
    for (const owner of this.#owners.values()) visit(owner);
    const dead = [...this.#cells.values()].filter(({ number }) => !living.has(number));
    for (const { number } of dead) this.#cells.delete(number);
    return dead;
  }

  #cellsText(): string {
    const owners = new Set(this.#owners.values());
    const exports = [...owners].map((cell) => `export * as ${namespaceOf(cell)} from "./${moduleOf(cell)}";`);
    return [...exports, "export as namespace __tandem;"].join("\n");
  }

  #namesText(): string {
    const lines = [...this.#owners]
      .filter(([name]) => !this.#globals.has(name))
      .map(([name, owner]) => {
        const path = `__tandem.${namespaceOf(owner)}.${name}`;
        return variable(name, owner, path) ?? `import ${name} = ${path};`;
      });
    return lines.join("\n");
  }
}

const moduleOf = ({ number }: CommittedCell) => `.tandem-${number}`;
const documentOf = (cell: CommittedCell) => `${moduleOf(cell)}.${cell.extension}`;
const namespaceOf = ({ number }: CommittedCell) => `cell${number}`;

const importOf = ([name, owner]: readonly [string, CommittedCell]) =>
  `import {${name}} from "./${moduleOf(owner)}";`;

/** A variable's declaration by the type of what it stands for; nothing for other names. */
function variable(name: string, owner: CommittedCell, path: string): string | undefined {
  const kind = owner.declared.get(name);
  return kind === "let" || kind === "const" ? `declare ${kind} ${name}: typeof ${path};` : undefined;
}

/** Between a name and its cell's number, where all names of all cells stand side by side; nobody writes it. */
export const OF_CELL = "\u02d1";

/** A message or type without the names that stand for cells in it. */
export const withoutCellNames = (text: string): string =>
  text.replace(/(?:typeof )?import\("[^"]*\.tandem-[\w-]+"\)\.|__tandem\.cell\d+\.|\u02d1\d+/g, "");

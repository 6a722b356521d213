import type { Part, Session } from "../cells/session.ts";
import type { EarlierExports } from "./addon.ts";
import { isOwn, type RustExports } from "./exports.ts";

/** A compiled cell as later cells see it. */
export interface CompiledCell {
  /** The crate's name, `cell_<hash>`. */
  readonly name: string;
  readonly library: string;
  /** The cell's name in stacks: `cell-7.rs`. */
  readonly file: string;
}

/** What a cell needs of the cells above it. */
export interface Needed {
  /** The cells, with those that they need in turn. */
  readonly cells: readonly CompiledCell[];
  /** Of the shim: a module `earlier` with the names that the cell uses; empty where it uses none. */
  readonly shim: string;
  /** rustc's arguments of the crates that those cells were built with. */
  readonly args: readonly string[];
}

interface RunCell extends CompiledCell {
  readonly exports: RustExports;
  readonly needs: Needed;
  readonly crateArgs: readonly string[];
}

/** The Rust cells that have run, since the engine started: the latest declaration of a name is the one that counts. */
export interface EarlierCells extends Part {
  /** What all cells so far export, by paths that other cells can write. */
  exports(): EarlierExports;
  /** What a cell with these exports needs of them. */
  needed(exports: RustExports): Needed;
  /** Enters a cell that was loaded. Returns the cells, by file, that go on using what it declares anew. */
  add(cell: CompiledCell, exports: RustExports, needs: Needed, crateArgs: readonly string[]): Stale[];
}

/** A cell that was built with an earlier declaration of a name. */
export interface Stale {
  readonly file: string;
  readonly names: readonly string[];
}

export function earlierRustCells(_session?: Session): EarlierCells {
  const cells: RunCell[] = [];
  const owners = new Map<string, RunCell>();

  const ownNames = (exports: RustExports) => new Set(exports.offers);
  const used = (exports: RustExports) => {
    const own = ownNames(exports);
    return exports.used.filter((name) => owners.has(name) && !own.has(name));
  };

  return {
    exports() {
      const visible = [...new Set(owners.values())].map((cell) => {
        const won = (name: string) => owners.get(name.split("::", 1)[0] ?? name) === cell;
        const types = cell.exports.types.filter((one) => isOwn(one) && won(one.name));
        const traits = cell.exports.traits.filter((one) => isOwn(one) && won(one.name));
        // From here on other cells write its paths.
        const text = JSON.stringify({ types, traits }).replaceAll('"crate::', `"${cell.name}::`);
        return JSON.parse(text) as EarlierExports;
      });
      return {
        types: visible.flatMap(({ types }) => types),
        traits: visible.flatMap(({ traits }) => traits),
      };
    },

    needed(exports) {
      const names = used(exports);
      const direct = new Set(names.flatMap((name) => owners.get(name) ?? []));
      const all = new Map<string, CompiledCell>();
      for (const { name, library, file, needs } of direct) {
        for (const one of needs.cells) all.set(one.name, one);
        all.set(name, { name, library, file });
      }
      const lines = names.map((name) => `pub use ${owners.get(name)?.name}::cell::${name};`);
      // Methods of a trait are found only where the trait is in scope, also where nothing names it.
      for (const one of cells) {
        if (!all.has(one.name)) continue;
        const traits = one.exports.traits.filter(
          ({ name }) => owners.get(name) === one && !names.includes(name),
        );
        lines.push(...traits.map(({ name }) => `pub use ${one.name}::cell::${name} as _;`));
      }
      return {
        cells: [...all.values()],
        shim: lines.length === 0 ? "" : `mod earlier { ${lines.join(" ")} }\n`,
        args: [...new Set([...direct].flatMap((cell) => [...cell.crateArgs, ...cell.needs.args]))],
      };
    },

    add(cell, exports, needs, crateArgs) {
      const replaced = new Map<string, string[]>();
      for (const name of exports.offers) {
        const before = owners.get(name);
        if (before && before.name !== cell.name) {
          replaced.set(before.name, [...(replaced.get(before.name) ?? []), name]);
        }
      }
      const stale = cells
        .filter((one) => one.file !== cell.file && [...owners.values()].includes(one))
        .flatMap((one) => {
          const names = one.needs.cells.flatMap(({ name }) => replaced.get(name) ?? []);
          const mentioned = names.filter((name) => one.exports.used.includes(name));
          return mentioned.length === 0 ? [] : [{ file: one.file, names: [...new Set(mentioned)] }];
        });
      const entry: RunCell = { ...cell, exports, needs, crateArgs };
      cells.push(entry);
      for (const name of exports.offers) owners.set(name, entry);
      return stale;
    },

    engineReplaced() {
      cells.length = 0;
      owners.clear();
    },
    async close() {},
  };
}

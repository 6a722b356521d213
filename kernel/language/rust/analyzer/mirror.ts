import { join } from "node:path";
import { type RustCell, textOf } from "../rust-cells.ts";

/**
 * A notebook as a module of a crate. Each cell is a module in it with a file of its own, in which line N is line N of the cell;
 * what it sees of the cells above comes by a macro, since a `use` would be joined with those that are imported.
 */
export interface Mirror {
  /** Texts by path within the module's folder. */
  readonly files: ReadonlyMap<string, string>;
  /** The files of cells, by URI. */
  readonly fileOf: ReadonlyMap<string, string>;
}

/** Names of the mirror's own, which nobody wrote. */
export const MIRROR_NAMES = /\btandem_above_\d+|\bnotebook_\d+::/;

/** `numberOf`: the same for a cell wherever it stands. */
export function mirrorOf(cells: readonly RustCell[], numberOf: (cell: string) => number): Mirror {
  const files = new Map<string, string>();
  const fileOf = new Map<string, string>();
  const above: { module: string; offers: readonly string[] }[] = [];
  let root = "";
  for (const { cell, source, expected } of cells) {
    const number = numberOf(cell.uri);
    const module = `cell_${number}`;
    const file = `${module}.rs`;
    // In the magic line's place: below the last line an open brace would take it in.
    files.set(file, `tandem_above_${number}!{}${textOf(cell)}\n`);
    fileOf.set(cell.uri, file);
    root += `mod above_${number} {\n${seen(above)}}\n`;
    root += `macro_rules! tandem_above_${number} { () => { use super::above_${number}::*; } }\n`;
    root += `pub mod ${module};\n`;
    // What must not compile declares nothing.
    if (expected.length === 0) above.push({ module, offers: source.exports.offers });
  }
  files.set("mod.rs", root);
  return { files, fileOf };
}

/** The names of the cells above. Of what more than one declares, the last counts: a name goes before a glob. */
function seen(above: readonly { module: string; offers: readonly string[] }[]): string {
  const last = new Map<string, { module: string; times: number }>();
  for (const { module, offers } of above)
    for (const name of new Set(offers)) last.set(name, { module, times: (last.get(name)?.times ?? 0) + 1 });
  const globs = above.map(({ module }) => `    pub use super::${module}::*;\n`);
  const named = [...last].flatMap(([name, { module, times }]) =>
    times > 1 ? [`    pub use super::${module}::${name};\n`] : [],
  );
  return [...globs, ...named].join("");
}

/** The folder of a notebook's module within its crate. */
export const moduleFolder = (module: string): string => join("src", module);

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Dependency } from "../../../rust/dependencies.ts";
import { manifestLine } from "../../../rust/dependencies.ts";
import type { EditedNotebook } from "../../cell-language.ts";
import { type RustCell, textOf } from "../rust-cells.ts";

/**
 * A notebook as a crate. Each cell is a module with a file of its own, in which line N is line N of the cell; what it sees of
 * the cells above comes by a macro, since a `use` would be joined with those that are imported.
 */
export interface Mirror {
  /** Texts by path within the crate's folder; all but Cargo.toml change without a reload. */
  readonly files: ReadonlyMap<string, string>;
  /** The files of cells, by URI. */
  readonly fileOf: ReadonlyMap<string, string>;
}

/** Names of the mirror's own, which nobody wrote. */
export const MIRROR_NAMES = /\b(?:tandem_above|above|cell)_\d+\b/;

/** The folder of a notebook's crate within `base`. */
export const mirrorFolder = (base: string, notebook: string): string =>
  join(base, createHash("sha256").update(notebook).digest("hex").slice(0, 16));

/** `numberOf`: the same for a cell wherever it stands. `tandem`: the folder of the crate that every cell has. */
export function mirrorOf(
  notebook: EditedNotebook,
  cells: readonly RustCell[],
  dependencies: readonly Dependency[],
  numberOf: (cell: string) => number,
  tandem: string,
): Mirror {
  const files = new Map<string, string>();
  const fileOf = new Map<string, string>();
  const above: { module: string; offers: readonly string[] }[] = [];
  let root = "#![allow(unused_imports)]\n";
  for (const { cell, source, expected } of cells) {
    const number = numberOf(cell.uri);
    const module = `cell_${number}`;
    const file = join("src", `${module}.rs`);
    // In the magic line's place: below the last line an open brace would take it in.
    files.set(file, `tandem_above_${number}!{}${textOf(cell)}\n`);
    fileOf.set(cell.uri, file);
    root += `mod above_${number} {\n${seen(above)}}\n`;
    root += `macro_rules! tandem_above_${number} { () => { use crate::above_${number}::*; } }\n`;
    root += `pub mod ${module};\n`;
    // What must not compile declares nothing.
    if (expected.length === 0) above.push({ module, offers: source.exports.offers });
  }
  files.set(join("src", "lib.rs"), root);
  const lines = dependencies.map(manifestLine).join("");
  files.set(
    "Cargo.toml",
    `[package]\nname = "notebook"\nversion = "0.0.0"\nedition = "2021"\n\n[dependencies]\n` +
      `tandem = { path = ${JSON.stringify(tandem)} }\n${lines}\n[workspace]\n# ${JSON.stringify(notebook.uri)}\n`,
  );
  return { files, fileOf };
}

/** The names of the cells above. Of what more than one declares, the last counts: a name goes before a glob. */
function seen(above: readonly { module: string; offers: readonly string[] }[]): string {
  const last = new Map<string, { module: string; times: number }>();
  for (const { module, offers } of above)
    for (const name of new Set(offers)) last.set(name, { module, times: (last.get(name)?.times ?? 0) + 1 });
  const globs = above.map(({ module }) => `    pub use crate::${module}::*;\n`);
  const named = [...last].flatMap(([name, { module, times }]) =>
    times > 1 ? [`    pub use crate::${module}::${name};\n`] : [],
  );
  return [...globs, ...named].join("");
}

import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeShim } from "./addon.ts";
import { cacheFolder } from "./cache.ts";
import type { Crates } from "./crates.ts";
import type { CompiledCell, Needed } from "./earlier.ts";
import type { RustExports } from "./exports.ts";
import { linkersOf } from "./linker.ts";
import { buildPrelude, sharesLibraries } from "./prelude.ts";
import { type RustcEnd, type RustDiagnostic, runRustc } from "./rustc.ts";
import type { Toolchain } from "./toolchain.ts";

/** A cell ready to be compiled. */
export interface RustSource {
  /** The cell's text with an empty line in the magic line's place, so that the compiler's lines are the cell's. */
  readonly text: string;
  readonly exports: RustExports;
  /** What it uses of the cells above. */
  readonly needed: Needed;
  /** Checks of overflow and assertions on, optimisation off. */
  readonly debug: boolean;
}

export const needsNothing: Needed = { cells: [], shim: "", args: [] };

export type Compiled =
  | {
      readonly ok: true;
      /** The crate's name for later cells. */
      readonly name: string;
      readonly library: string;
      readonly warnings: readonly string[];
      readonly cached: boolean;
    }
  | { readonly ok: false; readonly errors: readonly RustDiagnostic[]; readonly otherwise: string };

/** What stands beside a library: enough to load it without its source. */
interface Manifest {
  readonly name: string;
  readonly exports: RustExports;
  /** The cells whose classes it knows, to be loaded before it. */
  readonly needs: readonly CompiledCell[];
  readonly warnings: readonly string[];
  /** `1.95.0, O3`: what made it. */
  readonly compiler: string;
  /** That the compiler took. */
  readonly seconds?: number;
}

/** Each linker to try: rustc's arguments, where `folders` are to be searched at run time. */
export type Linkers = (toolchain: Toolchain, folders: readonly string[]) => readonly (readonly string[])[];

/**
 * Compiles a cell, or finds what an earlier compilation of the same text with the same compiler, crates and cells above
 * left. On Unix the library is a Rust one, so that later cells can use its types as they are.
 */
export async function compile(
  source: RustSource,
  toolchain: Toolchain,
  crates: Crates,
  signal: AbortSignal,
  linkers: Linkers = linkersOf,
): Promise<Compiled> {
  const prelude = await buildPrelude(toolchain, signal);
  const { exports, needed } = source;
  const shim = writeShim(exports, /print|stdout/.test(source.text), crates.tasks) + crates.shim + needed.shim;
  // Items may stand in any order: what comes from the cells above is brought in below the user's last line.
  const text = needed.shim
    ? `${source.text}\n#[allow(unused_imports)] use crate::earlier::*;\n`
    : source.text;
  const folders = needed.cells.map(({ library }) => dirname(library));
  const args = [
    ...flagsOf(source.debug, toolchain),
    ...prelude.args,
    ...crates.args,
    ...needed.args.filter((one) => !crates.args.includes(one) && one.startsWith("-L")),
    ...needed.cells.map(({ name, library }) => `--extern=${name}=${library}`),
    ...folders.map((folder) => `-Ldependency=${folder}`),
  ];
  const parts = [toolchain.version, toolchain.sysroot, ...args, text, shim];
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
  const name = `cell_${hash}`;
  const folder = join(cacheFolder("rust"), hash);
  const file = libraryName(name);
  const library = join(folder, file);
  if (existsSync(library))
    return { ok: true, name, library, warnings: readManifest(library).warnings, cached: true };

  const aside = join(cacheFolder("rust"), `.build-${hash}-${randomBytes(4).toString("hex")}`);
  mkdirSync(aside, { mode: 0o700 });
  try {
    writeFileSync(join(aside, "cell.rs"), text);
    writeFileSync(join(aside, "shim.rs"), shim);
    const started = performance.now();
    let end: RustcEnd = { ok: false, diagnostics: [], otherwise: "" };
    for (const linker of linkers(toolchain, [prelude.folder, ...folders])) {
      const all = ["shim.rs", "-o", file, `--crate-name=${name}`, ...args, ...linker];
      end = await runRustc(toolchain.rustc, all, aside, signal);
      // A linker's failure has no place in the cell: another may know what this one lacks.
      if (end.ok || end.diagnostics.some(({ level, line }) => level === "error" && line !== undefined)) break;
    }
    if (!end.ok) {
      const errors = end.diagnostics.filter(
        ({ level, message }) => level === "error" && !summary.test(message),
      );
      return { ok: false, errors, otherwise: end.otherwise };
    }
    const warnings = end.diagnostics
      .filter(({ level, line }) => level === "warning" && line !== undefined)
      .map(({ rendered }) => rendered);
    const compiler = `${toolchain.release}, O${source.debug ? 0 : 3}`;
    const seconds = (performance.now() - started) / 1000;
    const manifest: Manifest = { name, exports, needs: needed.cells, warnings, compiler, seconds };
    writeFileSync(join(aside, "manifest.json"), JSON.stringify(manifest));
    try {
      renameSync(aside, folder);
    } catch (error) {
      // Another notebook compiled the same cell meanwhile.
      if (!existsSync(library)) throw error;
    }
    return { ok: true, name, library, warnings, cached: false };
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** The closing line that rustc counts its errors in. */
const summary = /^aborting due to/;

function libraryName(name: string): string {
  if (process.platform === "win32") return `${name}.dll`;
  return `lib${name}.${process.platform === "darwin" ? "dylib" : "so"}`;
}

/** What a compiled library exports and needs. */
export function readManifest(library: string): Manifest {
  // Written by `compile` beside the library.
  return JSON.parse(readFileSync(join(library, "..", "manifest.json"), "utf8")) as Manifest;
}

function flagsOf(debug: boolean, toolchain: Toolchain): string[] {
  const checks = debug ? "yes" : "no";
  return [
    "--edition=2021",
    `--crate-type=${sharesLibraries(toolchain) ? "dylib" : "cdylib"}`,
    "--error-format=json",
    `-Copt-level=${debug ? 0 : 3}`,
    "-Ccodegen-units=1",
    `-Coverflow-checks=${checks}`,
    `-Cdebug-assertions=${checks}`,
    "-Cstrip=debuginfo",
  ];
}

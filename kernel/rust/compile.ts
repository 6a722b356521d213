import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { writeShim } from "./addon.ts";
import { type Build, buildAlone, buildOnEarlier } from "./build.ts";
import { cacheFolder, diskFull } from "./cache.ts";
import { useEntry } from "./cache-use.ts";
import type { Crates } from "./crates.ts";
import type { CompiledCell, Needed } from "./earlier.ts";
import type { RustExports } from "./exports.ts";
import { linkersOf, placed } from "./linker.ts";
import { buildPrelude, sharesLibraries } from "./prelude.ts";
import type { RustDiagnostic } from "./rustc.ts";
import { isWhole, publish, sealFile } from "./seal.ts";
import type { Priority } from "./tool.ts";
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
  /** Without optimisation, to be called sooner; the checks are those of the optimised build. */
  readonly quick?: boolean;
}

/** Of a cell that uses none above it. */
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
  /** The library of its crates, to be loaded before it. */
  readonly crates?: string;
  readonly warnings: readonly string[];
  /** `1.95.0, O3`: what made it. */
  readonly compiler: string;
  /** That the compiler took. */
  readonly seconds?: number;
}

/** Each linker to try: rustc's arguments, where `folders` are to be searched at run time. */
export type Linkers = (toolchain: Toolchain, folders: readonly string[]) => readonly (readonly string[])[];

/** A cell's build, before anything is compiled: where it will lie, and what the compiler is given. */
export interface Plan {
  readonly text: string;
  readonly shim: string;
  readonly args: readonly string[];
  /** Where the library finds at run time what it is linked with. */
  readonly folders: readonly string[];
  readonly hash: string;
  readonly name: string;
  readonly folder: string;
  readonly library: string;
}

/** How a cell is built. */
export async function planOf(
  source: RustSource,
  toolchain: Toolchain,
  crates: Crates,
  signal: AbortSignal,
): Promise<Plan> {
  const prelude = await buildPrelude(toolchain, signal);
  const { exports, needed } = source;
  const shim = writeShim(exports, /print|stdout/.test(source.text), crates.tasks) + crates.shim + needed.shim;
  // Items may stand in any order: what comes from the cells above is brought in below the user's last line.
  const text = needed.shim
    ? `${source.text}\n#[allow(unused_imports)] use crate::earlier::*;\n`
    : source.text;
  const folders = needed.cells.map(({ library }) => dirname(library));
  const args = [
    ...flagsOf(source, toolchain, standsAlone(source, crates)),
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
  const library = join(folder, libraryName(name));
  return { text, shim, args, folders: [prelude.folder, ...folders], hash, name, folder, library };
}

/** What an earlier compilation of the same text with the same compiler, crates and cells above left; undefined where nothing did. */
export async function findCompiled(
  source: RustSource,
  toolchain: Toolchain,
  crates: Crates,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly library: string; readonly there: boolean }> {
  const { name, library, folder } = await planOf(source, toolchain, crates, signal);
  return { name, library, there: isWhole(folder, basename(library)) };
}

/**
 * Compiles a cell, or finds what an earlier compilation left. On Unix the library is a Rust one, so that later cells can use
 * its types as they are. `priority` low: behind whatever the user waits for.
 */
export async function compile(
  source: RustSource,
  toolchain: Toolchain,
  crates: Crates,
  signal: AbortSignal,
  linkers: Linkers = linkersOf,
  priority: Priority = "normal",
): Promise<Compiled> {
  const plan = await planOf(source, toolchain, crates, signal);
  const { hash, name, library, folder } = plan;
  useEntry(folder);
  if (isWhole(folder, basename(library)))
    return { ok: true, name, library, warnings: readManifest(library).warnings, cached: true };

  const aside = join(cacheFolder("rust"), `.build-${hash}-${randomBytes(4).toString("hex")}`);
  try {
    mkdirSync(aside, { mode: 0o700 });
    const started = performance.now();
    const { args, shim, text } = plan;
    const output = join(aside, basename(library));
    const { rustc } = toolchain;
    const found = linkers(toolchain, plan.folders);
    const all = levelOf(source) > 0 ? placed(found) : found;
    const build: Build = { text, shim, args, name, output, linkers: all, rustc, signal, priority };
    const end =
      (standsAlone(source, crates) && (await buildOnEarlier(build, source.exports.offers))) ||
      (await buildAlone(build, aside));
    if (!end.ok) {
      const said = end.otherwise + end.diagnostics.map(({ rendered }) => rendered).join("");
      const full = diskFull(undefined, said);
      if (full) throw full;
      const errors = end.diagnostics.filter(
        ({ level, message }) => level === "error" && !summary.test(message),
      );
      return { ok: false, errors, otherwise: end.otherwise };
    }
    const warnings = end.diagnostics
      .filter(({ level, line }) => level === "warning" && line !== undefined)
      .map(({ rendered }) => rendered);
    const compiler = `${toolchain.release}, O${levelOf(source)}`;
    const seconds = (performance.now() - started) / 1000;
    const { exports, needed } = source;
    const manifest: Manifest = {
      name,
      exports,
      needs: needed.cells,
      ...(crates.library !== undefined && { crates: crates.library }),
      warnings,
      compiler,
      seconds,
    };
    writeFileSync(join(aside, "manifest.json"), JSON.stringify(manifest));
    sealFile(aside, basename(library));
    publish(aside, folder, basename(library));
    return { ok: true, name, library, warnings, cached: false };
  } catch (error) {
    throw diskFull(error);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/**
 * Whether nothing outlives the cell's calls in other libraries: its builds may then have one crate name, by which rustc knows what
 * it has compiled before. Else a type of one build, kept by a crate, could be taken for that of another.
 */
const standsAlone = ({ quick, needed }: RustSource, crates: Crates): boolean =>
  quick === true && crates.args.length === 0 && needed.cells.length === 0;

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

const levelOf = ({ debug, quick }: RustSource) => (debug || quick ? 0 : 3);

/** Quick and optimised builds have the same checks: the one may replace the other while the cell is in use. */
function flagsOf(source: RustSource, toolchain: Toolchain, alone: boolean): string[] {
  const checks = source.debug ? "yes" : "no";
  return [
    "--edition=2021",
    // No later cell is built upon one that stands alone: it needs no metadata.
    `--crate-type=${sharesLibraries(toolchain) && !alone ? "dylib" : "cdylib"}`,
    "--error-format=json",
    `-Copt-level=${levelOf(source)}`,
    // What an edit leaves alone is taken over by units; each costs a first build a little.
    `-Ccodegen-units=${alone ? Math.min(16, 2 + 2 * source.exports.functions.length) : 1}`,
    `-Coverflow-checks=${checks}`,
    `-Cdebug-assertions=${checks}`,
    "-Cstrip=debuginfo",
  ];
}

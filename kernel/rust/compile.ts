import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { abiSource, writeShim } from "./addon.ts";
import { cacheFolder } from "./cache.ts";
import type { Crates } from "./crates.ts";
import type { RustFunction } from "./exports.ts";
import { linkersOf } from "./linker.ts";
import { type RustcEnd, type RustDiagnostic, runRustc } from "./rustc.ts";
import type { Toolchain } from "./toolchain.ts";

/** A cell ready to be compiled. */
export interface RustSource {
  /** The cell's text with an empty line in the magic line's place, so that the compiler's lines are the cell's. */
  readonly text: string;
  readonly functions: readonly RustFunction[];
  /** Checks of overflow and assertions on, optimisation off. */
  readonly debug: boolean;
}

export type Compiled =
  | {
      readonly ok: true;
      readonly library: string;
      readonly warnings: readonly string[];
      readonly cached: boolean;
    }
  | { readonly ok: false; readonly errors: readonly RustDiagnostic[]; readonly otherwise: string };

/** What stands beside a library: enough to load it without its source. */
interface Manifest {
  readonly functions: readonly RustFunction[];
  readonly warnings: readonly string[];
  /** `1.95.0, O3`: what made it. */
  readonly compiler: string;
}

const extension = { win32: "dll", darwin: "dylib" }[process.platform as string] ?? "so";

/**
 * Compiles a cell, or finds what an earlier compilation of the same text with the same compiler and crates left.
 * `linkers`: rustc's arguments for each linker to try, in their order.
 */
export async function compile(
  source: RustSource,
  toolchain: Toolchain,
  crates: Crates,
  signal: AbortSignal,
  linkers: readonly (readonly string[])[] = linkersOf(toolchain),
): Promise<Compiled> {
  const flags = flagsOf(source.debug);
  const shim = writeShim(source.functions, /print|stdout/.test(source.text)) + crates.shim;
  const abi = abiSource();
  const parts = [toolchain.version, toolchain.sysroot, ...flags, ...crates.args, source.text, shim, abi];
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
  const folder = join(cacheFolder("rust"), hash);
  const library = join(folder, `${hash}.${extension}`);
  if (existsSync(library))
    return { ok: true, library, warnings: readManifest(library).warnings, cached: true };

  const aside = join(cacheFolder("rust"), `.build-${hash}-${randomBytes(4).toString("hex")}`);
  mkdirSync(aside, { mode: 0o700 });
  try {
    writeFileSync(join(aside, "cell.rs"), source.text);
    writeFileSync(join(aside, "tandem_abi.rs"), abi);
    writeFileSync(join(aside, "shim.rs"), shim);
    const args = ["shim.rs", "-o", `${hash}.${extension}`, ...flags, ...crates.args];
    let end: RustcEnd = { ok: false, diagnostics: [], otherwise: "" };
    for (const linker of linkers) {
      end = await runRustc(toolchain.rustc, [...args, ...linker], aside, signal);
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
    const manifest: Manifest = { functions: source.functions, warnings, compiler };
    writeFileSync(join(aside, "manifest.json"), JSON.stringify(manifest));
    try {
      renameSync(aside, folder);
    } catch (error) {
      // Another notebook compiled the same cell meanwhile.
      if (!existsSync(library)) throw error;
    }
    return { ok: true, library, warnings, cached: false };
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** The closing line that rustc counts its errors in. */
const summary = /^aborting due to/;

/** The functions of a compiled library. */
export function readManifest(library: string): Manifest {
  // Written by `compile` beside the library.
  return JSON.parse(readFileSync(join(library, "..", "manifest.json"), "utf8")) as Manifest;
}

function flagsOf(debug: boolean): string[] {
  const checks = debug ? "yes" : "no";
  return [
    "--edition=2021",
    "--crate-type=cdylib",
    "--crate-name=cell",
    "--error-format=json",
    `-Copt-level=${debug ? 0 : 3}`,
    "-Ccodegen-units=1",
    `-Coverflow-checks=${checks}`,
    `-Cdebug-assertions=${checks}`,
    "-Cstrip=debuginfo",
  ];
}

import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../errors.ts";
import { preludeSources } from "./addon.ts";
import { cacheFolder, diskFull } from "./cache.ts";
import { useEntry } from "./cache-use.ts";
import { linkersOf } from "./linker.ts";
import { runRustc } from "./rustc.ts";
import { isWhole, publish, sealFile } from "./seal.ts";
import type { Toolchain } from "./toolchain.ts";

/** The built crate `tandem`. */
export interface Prelude {
  /** rustc's arguments that make it visible to a cell. */
  readonly args: readonly string[];
  /** Where it lies at run time. */
  readonly folder: string;
}

/** Whether libraries of a process can share Rust libraries: not on Windows, where nothing says where those lie. */
export const sharesLibraries = ({ host }: Toolchain): boolean => !host.includes("-windows-");

/** Those that this process has found whole: each cell asks, and reading all of it takes a millisecond. */
const found = new Set<string>();

/**
 * Builds the crate `tandem` once for a compiler: what every cell needs is then compiled already, which halves the time of
 * a small cell, and types that cells share are the same in all of them.
 */
export async function buildPrelude(toolchain: Toolchain, signal: AbortSignal): Promise<Prelude> {
  const sources = preludeSources();
  const shared = sharesLibraries(toolchain);
  const key = JSON.stringify([toolchain.version, toolchain.sysroot, sources, shared]);
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 32);
  const folder = join(cacheFolder("prelude"), hash);
  const extension = toolchain.host.includes("-darwin") ? "dylib" : "so";
  const file = shared ? `libtandem.${extension}` : "libtandem.rlib";
  const prelude = { args: [`--extern=tandem=${join(folder, file)}`], folder };
  useEntry(folder);
  if (found.has(folder) && existsSync(join(folder, file))) return prelude;
  if (isWhole(folder, file)) {
    found.add(folder);
    return prelude;
  }

  const aside = join(cacheFolder("prelude"), `.build-${hash}-${randomBytes(4).toString("hex")}`);
  try {
    mkdirSync(aside, { mode: 0o700 });
    for (const [name, text] of sources) writeFileSync(join(aside, name), text);
    const kind = shared ? "dylib" : "rlib";
    const flags = ["--edition=2021", `--crate-type=${kind}`, "--crate-name=tandem", "--error-format=json"];
    const options = ["-Copt-level=3", "-Ccodegen-units=1", "-Cstrip=debuginfo"];
    let said = "";
    for (const linker of linkersOf(toolchain)) {
      const args = ["lib.rs", "-o", file, ...flags, ...options, ...linker];
      const end = await runRustc(toolchain.rustc, args, aside, signal);
      if (end.ok) {
        said = "";
        break;
      }
      said = end.diagnostics.map(({ rendered }) => rendered).join("\n") || end.otherwise;
    }
    const full = said && diskFull(undefined, said);
    if (full) throw full;
    if (said) throw fail("rustPrelude", toolchain.release, said);
    sealFile(aside, file);
    publish(aside, folder, file);
    return prelude;
  } catch (error) {
    throw diskFull(error);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

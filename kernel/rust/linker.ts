import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import type { Toolchain } from "./toolchain.ts";

/**
 * rustc's arguments for each linker that may serve here, the fastest first. `folders`: where the library finds at run time
 * what it is linked with.
 */
export function linkersOf(toolchain: Toolchain, folders: readonly string[] = []): string[][] {
  const fast = fastLinker(toolchain, folders);
  return [...(fast ? [fast] : []), usualLinker(toolchain, folders)];
}

/**
 * The linkers for optimised code, of which each function begins on a line of the processor's cache of its own: the same code of a small
 * recursive function takes up to a seventh more or less time by where it lies, which every other function of the cell would
 * change. The option is LLVM's own; a compiler that has lost it refuses it, and the next try is without.
 */
export const placed = (linkers: readonly (readonly string[])[]): (readonly string[])[] =>
  linkers.flatMap((one) => [[...one, "-Cllvm-args=-align-all-functions=6"], one]);

/**
 * Arguments that link with the toolchain's own lld, where the machine allows it: three times as fast as the system's
 * linker, and no C compiler is needed. What `-lc` and the like would find in a C compiler's folders is given as linker
 * scripts that name the machine's libraries. Undefined elsewhere: rustc links in its usual way.
 */
function fastLinker({ sysroot, host }: Toolchain, folders: readonly string[]): string[] | undefined {
  const [arch] = host.split("-", 1);
  if (!host.endsWith("-linux-gnu") || !arch) return undefined;
  const lld = join(sysroot, "lib", "rustlib", host, "bin", "rust-lld");
  const folder = [`/lib/${arch}-linux-gnu`, `/usr/lib/${arch}-linux-gnu`, "/lib64", "/usr/lib64"].find(
    (path) => ["libc.so.6", "libm.so.6", "libgcc_s.so.1"].every((name) => existsSync(join(path, name))),
  );
  if (!existsSync(lld) || !folder) return undefined;
  return [
    "-Cprefer-dynamic",
    `-Clinker=${lld}`,
    "-Clinker-flavor=ld.lld",
    `-Lnative=${stubs(folder)}`,
    "-Clink-arg=-znodelete",
    // A cell is too small for more.
    "-Clink-arg=--threads=1",
    ...[join(sysroot, "lib", "rustlib", host, "lib"), join(sysroot, "lib"), ...folders].map(
      (one) => `-Clink-arg=-rpath=${one}`,
    ),
  ];
}

/**
 * Arguments for the machine's usual linker, found by rustc. A cell shares the toolchain's std where it can find it at
 * run time; Windows has no such search path, and there each cell has its own.
 */
export function usualLinker({ sysroot, host }: Toolchain, folders: readonly string[] = []): string[] {
  if (host.includes("-windows-")) return [];
  const all = [join(sysroot, "lib", "rustlib", host, "lib"), ...folders];
  return ["-Cprefer-dynamic", ...all.map((one) => `-Clink-arg=-Wl,-rpath,${one}`)];
}

/** The folder of linker scripts for the libraries in `folder`. */
function stubs(folder: string): string {
  const name = `stubs${folder.replaceAll("/", "-")}`;
  const made = join(cacheFolder("rust"), name);
  if (existsSync(made)) return made;
  const aside = `${made}.${process.pid}`;
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  const loader = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"].find(existsSync);
  const scripts: Record<string, string> = {
    c: `INPUT(${join(folder, "libc.so.6")}${loader ? ` AS_NEEDED(${loader})` : ""})`,
    m: `INPUT(${join(folder, "libm.so.6")})`,
    gcc_s: `INPUT(${join(folder, "libgcc_s.so.1")})`,
  };
  // glibc has these inside libc since 2.34; before, a cell that needs one of them falls back to the usual linker.
  for (const empty of ["util", "rt", "pthread", "dl"]) scripts[empty] = "INPUT()";
  for (const [library, script] of Object.entries(scripts)) {
    writeFileSync(join(aside, `lib${library}.so`), `${script}\n`);
  }
  try {
    renameSync(aside, made);
  } catch (error) {
    // Another notebook was faster.
    if (!existsSync(made)) throw error;
  }
  return made;
}

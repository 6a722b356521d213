import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../errors.ts";
import { cacheFolder } from "./cache.ts";
import { runTool } from "./tool.ts";
import type { Toolchain } from "./toolchain.ts";

/** Built crates: rustc's arguments that make them visible to a cell. */
export interface Crates {
  readonly args: readonly string[];
}

export const noCrates: Crates = { args: [] };

/** A crate as `--dep` names it. */
export interface Dependency {
  readonly name: string;
  /** Cargo's requirement; `*` is the newest. */
  readonly version: string;
}

/** Reads `rayon` or `rayon=1.10`. */
export function readDependency(text: string): Dependency {
  const [, name, version = "*"] = /^([A-Za-z][\w-]*)(?:=(.+))?$/.exec(text.trim()) ?? [];
  if (!name || /["\n]/.test(version)) throw fail("badDependency", text);
  return { name, version };
}

/** Builds the crates once with cargo and remembers them; `say` hears each crate as cargo begins it. */
export async function buildCrates(
  dependencies: readonly Dependency[],
  toolchain: Toolchain,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Crates> {
  if (dependencies.length === 0) return noCrates;
  const sorted = dependencies.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const key = JSON.stringify([toolchain.version, sorted]);
  const folder = join(cacheFolder("crates"), createHash("sha256").update(key).digest("hex").slice(0, 32));
  const done = join(folder, "args.json");
  // Written last, by the line below.
  if (existsSync(done)) return { args: JSON.parse(readFileSync(done, "utf8")) as string[] };
  mkdirSync(join(folder, "src"), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, "src", "lib.rs"), "");
  const lines = sorted.map(({ name, version }) => `${name} = ${JSON.stringify(version)}\n`).join("");
  writeFileSync(
    join(folder, "Cargo.toml"),
    `[package]\nname = "cell-crates"\nversion = "0.0.0"\nedition = "2021"\n\n[dependencies]\n${lines}\n[workspace]\n`,
  );
  const args = await cargoBuild(folder, sorted, toolchain, signal, say);
  writeFileSync(done, JSON.stringify(args));
  return { args };
}

/** Cargo locks the folder itself: two notebooks may build the same crates at once. */
async function cargoBuild(
  folder: string,
  dependencies: readonly Dependency[],
  { cargo }: Toolchain,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<string[]> {
  const libraries = new Map<string, string>();
  let last: string[] = [];
  const code = await runTool(cargo, ["build", "--release", "--message-format=json"], folder, signal, {
    stdout(line) {
      // Cargo's own format: "External tools" in the cargo book.
      const message = JSON.parse(line) as {
        reason: string;
        target?: { name: string };
        filenames?: string[];
      };
      const file = message.filenames?.find((name) => /\.(rlib|so|dylib|dll)$/.test(name));
      if (message.reason === "compiler-artifact" && message.target && file) {
        libraries.set(message.target.name.replaceAll("-", "_"), file);
      }
    },
    stderr(line) {
      last = [...last, line].slice(-12);
      if (/^\s*(Compiling|Downloaded|Downloading|Updating)\b/.test(line)) say(line.trim());
    },
  });
  const names = dependencies.map(({ name }) => name);
  if (code !== 0) throw fail("cratesNotBuilt", names, last.join("\n"));
  const externs = names.map((name) => {
    const crate = name.replaceAll("-", "_");
    return `--extern=${crate}=${libraries.get(crate) ?? ""}`;
  });
  return [`-Ldependency=${join(folder, "target", "release", "deps")}`, ...externs];
}

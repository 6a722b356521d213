import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fail } from "../errors.ts";
import { type Bundle, bundleFlags, bundleOf, drawsBars, writeBundle } from "./bundle.ts";
import { cacheFolder, diskFull } from "./cache.ts";
import { useEntry } from "./cache-use.ts";
import { type Dependency, joined, sourcesHash } from "./dependencies.ts";
import { isWhole, sealFile } from "./seal.ts";
import { runTool } from "./tool.ts";
import type { Toolchain } from "./toolchain.ts";

/** Built crates. */
export interface Crates {
  /** rustc's arguments that make them visible to a cell. */
  readonly args: readonly string[];
  /** Belongs to the cell's shim. */
  readonly shim: string;
  /** The path of the function that runs `async fn`s; without one the crate `tandem`'s own does. */
  readonly tasks?: string;
  /** The dynamic library that holds them, to be loaded before the cell. */
  readonly library?: string;
}

export const noCrates: Crates = { args: [], shim: "" };

/** How far cargo is: `of` crates, and what it does now. */
export interface BuildStep {
  readonly done: number;
  readonly of: number;
  readonly now: string;
}

/** What a build of crates is given besides them. */
export interface CratesRequest {
  readonly dependencies: readonly Dependency[];
  /** The text of the notebook's Cargo.lock: the versions to use. */
  readonly lock?: string | undefined;
  /** Hears how far it is. */
  say(step: BuildStep): void;
}

/** Of what a build leaves: another one is another folder. */
const FORMAT = 2;

/** Where the crates of a request are, built or not. */
export function cratesFolder({ dependencies, lock }: CratesRequest, toolchain: Toolchain): string {
  const local = dependencies.flatMap(({ path }) => (path === undefined ? [] : [sourcesHash(path)]));
  const key = JSON.stringify([
    FORMAT,
    toolchain.version,
    toolchain.sysroot,
    joined(dependencies),
    local,
    lock ?? "",
    ...(drawsBars(dependencies, toolchain) ? ["bars"] : []),
  ]);
  return join(cacheFolder("crates"), createHash("sha256").update(key).digest("hex").slice(0, 32));
}

/** What an earlier build of these crates left; undefined where there was none. */
export function foundCrates(request: CratesRequest, toolchain: Toolchain): Crates | undefined {
  if (request.dependencies.length === 0) return noCrates;
  const folder = cratesFolder(request, toolchain);
  useEntry(folder);
  const done = join(folder, "crates.json");
  if (!existsSync(done)) return undefined;
  // Written last, below.
  const { crates, file } = JSON.parse(readFileSync(done, "utf8")) as { crates: Crates; file: string };
  return isWhole(folder, file) ? crates : undefined;
}

/** Builds the crates once with cargo, or finds what an earlier build left. */
export async function buildCrates(
  request: CratesRequest,
  toolchain: Toolchain,
  signal: AbortSignal,
): Promise<Crates> {
  const before = foundCrates(request, toolchain);
  if (before) return before;
  const dependencies = joined(request.dependencies);
  const folder = cratesFolder(request, toolchain);
  const done = join(folder, "crates.json");
  try {
    const bundle = bundleOf(folder, dependencies, toolchain);
    writeBundle(folder, bundle, dependencies, request.lock);
    const { crates, library } = await cargoBuild(folder, bundle, dependencies, toolchain, signal, request);
    const file = library.slice(folder.length + 1);
    sealFile(folder, file);
    writeFileSync(`${done}.${process.pid}`, JSON.stringify({ crates, file, names: namesOf(dependencies) }));
    renameSync(`${done}.${process.pid}`, done);
    return crates;
  } catch (error) {
    throw diskFull(error);
  }
}

const namesOf = (dependencies: readonly Dependency[]) => dependencies.map(({ name }) => name);

/** Cargo locks the folder itself: two notebooks may build the same crates at once. */
async function cargoBuild(
  folder: string,
  bundle: Bundle,
  dependencies: readonly Dependency[],
  { cargo, rustc }: Toolchain,
  signal: AbortSignal,
  { say }: CratesRequest,
): Promise<{ crates: Crates; library: string }> {
  const libraries = new Map<string, string>();
  let last: string[] = [];
  // Cargo tells a terminal how far it is; asked for that, it tells it anyway.
  const progress = ["--config=term.progress.when='always'", "--config=term.progress.width=100"];
  // The user's settings may name another folder for what is built.
  const target = join(folder, "target");
  const options = ["--lib", "--release", `--target-dir=${target}`, "--message-format=json", ...progress];
  const flags = bundleFlags(bundle);
  const listeners = {
    stdout(line: string) {
      if (!line.startsWith("{")) return;
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
    stderr(line: string) {
      const step = readStep(line);
      if (step) say(step);
      else if (line.trim()) last = [...last, line].slice(-12);
    },
  };
  // rustup's `rustc` would be another one where a crate's folder names a toolchain of its own.
  const env = { RUSTC: rustc };
  const words = ["rustc", ...options, ...(flags.length > 0 ? ["--", ...flags] : [])];
  const code = await runTool(cargo, words, folder, signal, listeners, "normal", env);
  const names = namesOf(dependencies);
  if (code !== 0) throw notBuilt(names, last.join("\n"));
  const tokio = names.includes("tokio");
  const tasks = tokio ? { tasks: `::${bundle.name}::tandem_tokio::run_task` } : {};
  const visible = bundle.shared || tokio ? [...names, bundle.name] : names;
  const externs = visible.map((name) => {
    const crate = name.replaceAll("-", "_");
    return `--extern=${crate}=${libraries.get(crate) ?? ""}`;
  });
  const library = whereCompiled(libraries.get(bundle.name) ?? "");
  const args = [`-Ldependency=${join(target, "release", "deps")}`, ...externs];
  if (!bundle.shared) return { crates: { args, shim: "", ...tasks }, library };
  const shim = `extern crate ${bundle.name} as _;\n`;
  return { crates: { args: [...args, "-Crpath=yes"], shim, library, ...tasks }, library };
}

/**
 * The library as rustc has written it. Cargo links it to the folder above, too, and from there the paths inside it, which are
 * relative, lead to no standard library.
 */
function whereCompiled(library: string): string {
  const written = join(dirname(library), "deps", basename(library));
  return existsSync(written) ? written : library;
}

/** `Building [====>  ] 3/12: tokio, serde`, as cargo draws it for a terminal. */
function readStep(line: string): BuildStep | undefined {
  const [, done, of, now = ""] =
    /^\s*Building \[[=> ]*\] (\d+)\/(\d+)(?:: (.*))?$/.exec(line.trimEnd()) ?? [];
  if (done !== undefined && of !== undefined) return { done: Number(done), of: Number(of), now };
  const [, what, rest = ""] = /^\s*(Updating|Downloading|Downloaded) (.*)$/.exec(line) ?? [];
  return what === undefined ? undefined : { done: 0, of: 0, now: `${what.toLowerCase()} ${rest}` };
}

function notBuilt(names: readonly string[], said: string): unknown {
  const full = diskFull(undefined, said);
  if (full) return full;
  const offline =
    /Could(?:n't| not) resolve host|failed to connect|spurious network error|network failure|Connection refused|timed out|--offline/i;
  return fail(offline.test(said) ? "cratesOffline" : "cratesNotBuilt", names, said);
}

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../errors.ts";
import { cacheFolder } from "./cache.ts";
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
}

export const noCrates: Crates = { args: [], shim: "" };

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
  const key = JSON.stringify([toolchain.version, toolchain.sysroot, sorted]);
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 32);
  const folder = join(cacheFolder("crates"), hash);
  const done = join(folder, "crates.json");
  // Written last, by the line below.
  if (existsSync(done)) return JSON.parse(readFileSync(done, "utf8")) as Crates;
  // The name is the library's too, and the loader takes two libraries of one name for the same.
  const bundle: Bundle = { name: `crates_${hash}`, shared: !toolchain.host.includes("-windows-") };
  writeBundle(folder, bundle, sorted);
  const crates = await cargoBuild(folder, bundle, sorted, toolchain, signal, say);
  writeFileSync(done, JSON.stringify(crates));
  return crates;
}

/**
 * The crate that all crates of a cell are built for. Where it is `shared`, it is a dynamic library that holds them, so
 * that cells with the same crates share what is there once in a process: rayon's threads. Not on Windows, where such a
 * library would not be found when a cell is loaded.
 */
interface Bundle {
  readonly name: string;
  readonly shared: boolean;
}

function writeBundle(folder: string, { name, shared }: Bundle, dependencies: readonly Dependency[]): void {
  mkdirSync(join(folder, "src"), { recursive: true, mode: 0o700 });
  const held = dependencies.map((one) => `pub extern crate ${one.name.replaceAll("-", "_")};\n`).join("");
  writeFileSync(join(folder, "src", "lib.rs"), `${held}${hasTokio(dependencies) ? tokioTasks : ""}`);
  const lines = dependencies.map((one) => `${one.name} = ${requirement(one)}\n`).join("");
  writeFileSync(
    join(folder, "Cargo.toml"),
    `[package]\nname = "${name}"\nversion = "0.0.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["${shared ? "dylib" : "rlib"}"]\n\n` +
      `[dependencies]\n${lines}\n[workspace]\n`,
  );
}

const hasTokio = (dependencies: readonly Dependency[]): boolean =>
  dependencies.some(({ name }) => name === "tokio");

/** Cargo's requirement of a crate. Tokio does nothing without its features. */
function requirement({ name, version }: Dependency): string {
  const text = JSON.stringify(version);
  return name === "tokio" ? `{ version = ${text}, features = ["full"] }` : text;
}

/**
 * What runs `async fn`s of cells with tokio: one runtime, in the library that holds the crates, so that all cells with these
 * crates share it. It is tokio's own, started by the first call.
 */
const tokioTasks = `pub fn run_task(task: std::pin::Pin<Box<dyn std::future::Future<Output = ()> + Send>>) {
    static RUNTIME: std::sync::OnceLock<tokio::runtime::Runtime> = std::sync::OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Runtime::new().expect("tokio's runtime")).spawn(task);
}
`;

/** Cargo locks the folder itself: two notebooks may build the same crates at once. */
async function cargoBuild(
  folder: string,
  bundle: Bundle,
  dependencies: readonly Dependency[],
  { cargo }: Toolchain,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Crates> {
  const libraries = new Map<string, string>();
  let last: string[] = [];
  const options = ["--lib", "--release", "--message-format=json"];
  const flags = bundle.shared ? ["--", "-Cprefer-dynamic", "-Crpath=yes"] : [];
  const code = await runTool(cargo, ["rustc", ...options, ...flags], folder, signal, {
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
  const tasks = hasTokio(dependencies) ? { tasks: `::${bundle.name}::run_task` } : {};
  const visible = bundle.shared || hasTokio(dependencies) ? [...names, bundle.name] : names;
  const externs = visible.map((name) => {
    const crate = name.replaceAll("-", "_");
    return `--extern=${crate}=${libraries.get(crate) ?? ""}`;
  });
  const args = [`-Ldependency=${join(folder, "target", "release", "deps")}`, ...externs];
  if (!bundle.shared) return { args, shim: "", ...tasks };
  return { args: [...args, "-Crpath=yes"], shim: `extern crate ${bundle.name} as _;\n`, ...tasks };
}

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { type Dependency, manifestLine } from "./dependencies.ts";
import { sharesLibraries } from "./prelude.ts";
import type { Toolchain } from "./toolchain.ts";

/**
 * The crate that all crates of a cell are built for. Where it is `shared`, it is a dynamic library that holds them, so
 * that cells with the same crates share what is there once in a process: rayon's threads. Not on Windows, where such a
 * library would not be found when a cell is loaded.
 */
export interface Bundle {
  readonly name: string;
  readonly shared: boolean;
  /** Whether indicatif's bars are to be drawn; see `barsSource`. */
  readonly bars: boolean;
}

/** The bundle that is built in `folder`. */
export function bundleOf(folder: string, dependencies: readonly Dependency[], toolchain: Toolchain): Bundle {
  // The name is the library's too, and the loader takes two libraries of one name for the same.
  const name = `crates_${folder.slice(-32)}`;
  return { name, shared: sharesLibraries(toolchain), bars: drawsBars(dependencies, toolchain) };
}

/** rustc's arguments for the bundle alone. */
export function bundleFlags({ shared, bars }: Bundle): string[] {
  if (!shared) return [];
  return ["-Cprefer-dynamic", "-Crpath=yes", ...(bars ? ["-Clink-arg=-Wl,--wrap=isatty"] : [])];
}

/** Writes cargo's package of the bundle. `lock`: the text of the Cargo.lock to use. */
export function writeBundle(
  folder: string,
  { name, shared, bars }: Bundle,
  dependencies: readonly Dependency[],
  lock: string | undefined,
): void {
  mkdirSync(join(folder, "src"), { recursive: true, mode: 0o700 });
  const held = dependencies.map((one) => `pub extern crate ${one.name.replaceAll("-", "_")};\n`).join("");
  const tokio = dependencies.find((one) => one.name === "tokio");
  const tasks = tokio ? "pub extern crate tandem_tokio;\n" : "";
  writeFileSync(join(folder, "src", "lib.rs"), held + tasks + (bars ? barsSource : ""));
  const lines = dependencies.map(manifestLine).join("");
  const runtime = tokio ? `tandem_tokio = { path = ${JSON.stringify(writeRuntime(tokio))} }\n` : "";
  writeFileSync(
    join(folder, "Cargo.toml"),
    `[package]\nname = "${name}"\nversion = "0.0.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["${shared ? "dylib" : "rlib"}"]\n\n` +
      `[dependencies]\n${lines}${runtime}\n[workspace]\n`,
  );
  if (lock !== undefined) writeFileSync(join(folder, "Cargo.lock"), lock);
}

/**
 * What runs `async fn`s of cells with tokio: one runtime, tokio's own, started by the first call. It is a crate of its own, in
 * one place, so that it is the same crate in all sets of crates.
 */
const runtimeSource = `pub fn run_task(task: std::pin::Pin<Box<dyn std::future::Future<Output = ()> + Send>>) {
    static RUNTIME: std::sync::OnceLock<tokio::runtime::Runtime> = std::sync::OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Runtime::new().expect("tokio's runtime")).spawn(task);
}
`;

function writeRuntime(tokio: Dependency): string {
  const needed = manifestLine({ ...tokio, features: [...(tokio.features ?? ["full"]), "rt-multi-thread"] });
  const manifest = `[package]\nname = "tandem_tokio"\nversion = "0.0.0"\nedition = "2021"\n\n[dependencies]\n${needed}`;
  const hash = createHash("sha256").update(manifest).update(runtimeSource).digest("hex").slice(0, 16);
  const folder = cacheFolder("runtime", hash, "src");
  writeFileSync(join(folder, "lib.rs"), runtimeSource);
  writeFileSync(join(folder, "..", "Cargo.toml"), manifest);
  return join(folder, "..");
}

/**
 * indicatif draws where the C library says that stderr is a terminal. A cell's is none, and yet somebody looks at it: the
 * linker leads the question of these crates, and of no others in the process, to the answer here.
 */
const barsSource = `extern "C" {
    fn __real_isatty(fd: i32) -> i32;
}
#[no_mangle]
extern "C" fn __wrap_isatty(fd: i32) -> i32 {
    // SAFETY: the C library's isatty takes any number.
    if fd == 2 { 1 } else { unsafe { __real_isatty(fd) } }
}
`;

/** Whether indicatif is among the crates and its bars can be drawn: only GNU's linker and lld, for ELF, take `--wrap`. */
export const drawsBars = (dependencies: readonly Dependency[], toolchain: Toolchain): boolean =>
  toolchain.host.includes("-linux-") &&
  sharesLibraries(toolchain) &&
  dependencies.some(({ name }) => name === "indicatif");

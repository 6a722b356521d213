import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../errors.ts";
import type { RustExports, RustFunction } from "./exports.ts";

/** A loaded function: `call` in place, `async` on another thread; `id` names it to `timeCalls` in this process. */
export interface LoadedFunction {
  readonly name: string;
  readonly id: number;
  call(...values: unknown[]): unknown;
  async(...values: unknown[]): Promise<unknown>;
}

/** The Node addon as it exports itself (native/node-addon/src/lib.rs). */
interface NativeAddon {
  parseCell(source: string): string;
  writeShim(functions: string, flush: boolean): string;
  abiSource(): string;
  loadCell(path: string, functions: string, file: string, bigAsNumber: boolean): LoadedFunction[];
  timeCalls(id: number, values: unknown[], iterations: number): { ns: number; result: unknown };
}

/** What a cell's text exports. Takes under a millisecond for a small cell. */
export function parseCell(source: string): RustExports {
  // The addon writes what exports.ts describes; both come from one build.
  return JSON.parse(native().parseCell(source)) as RustExports;
}

/** The Rust source that exposes the functions; `flush` where the cell prints. */
export function writeShim(functions: readonly RustFunction[], flush: boolean): string {
  return native().writeShim(JSON.stringify(functions), flush);
}

/** The source file that stands beside each shim. */
export function abiSource(): string {
  return native().abiSource();
}

/** Loads a library for good. `file`: the cell's name, told by panics. */
export function loadCell(
  library: string,
  functions: readonly RustFunction[],
  file: string,
  bigAsNumber: boolean,
): LoadedFunction[] {
  return native().loadCell(library, JSON.stringify(functions), file, bigAsNumber);
}

/** Calls a function so many times inside native code: nanoseconds of the whole loop, and the last result. */
export function timeCalls(id: number, values: readonly unknown[], iterations: number) {
  return native().timeCalls(id, [...values], iterations);
}

let loaded: NativeAddon | undefined;

function native(): NativeAddon {
  if (loaded) return loaded;
  // Beside the bundle; above it for the bundles of tests; in dist/ for the sources themselves.
  const folders = [__dirname, join(__dirname, ".."), join(__dirname, "..", "..", "dist")];
  const names = addonNames();
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name))).filter(existsSync);
  if (paths.length === 0) throw fail("addonMissing", names.join(" or "));
  let reason = "";
  for (const path of paths) {
    const addon: { exports: unknown } = { exports: {} };
    try {
      process.dlopen(addon as NodeJS.Module, path);
    } catch (error) {
      reason ||= error instanceof Error ? error.message : String(error);
      continue;
    }
    loaded = addon.exports as NativeAddon;
    return loaded;
  }
  throw fail("addonBroken", paths.join(", "), reason);
}

/** What napi-rs calls the addon of this platform: `tandem.linux-x64-gnu.node`. Which libc this Node uses, loading tells. */
function addonNames(): string[] {
  const base = `tandem.${process.platform}-${process.arch}`;
  if (process.platform === "win32") return [`${base}-msvc.node`];
  return process.platform === "linux" ? [`${base}-gnu.node`, `${base}-musl.node`] : [`${base}.node`];
}

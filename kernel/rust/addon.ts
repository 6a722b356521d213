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
  const name = `tandem.${triple()}.node`;
  // Beside the bundle; above it for the bundles of tests; in dist/ for the sources themselves.
  const folders = [__dirname, join(__dirname, ".."), join(__dirname, "..", "..", "dist")];
  const path = folders.map((folder) => join(folder, name)).find(existsSync);
  if (!path) throw fail("addonMissing", name);
  const addon: { exports: unknown } = { exports: {} };
  try {
    process.dlopen(addon as NodeJS.Module, path);
  } catch (error) {
    throw fail("addonBroken", path, error instanceof Error ? error.message : String(error));
  }
  loaded = addon.exports as NativeAddon;
  return loaded;
}

/** The platform in napi-rs's names: `linux-x64-gnu`, `darwin-arm64`, `win32-x64-msvc`. */
function triple(): string {
  const base = `${process.platform}-${process.arch}`;
  if (process.platform === "win32") return `${base}-msvc`;
  if (process.platform !== "linux") return base;
  // Node's report knows the glibc it runs on; musl has none.
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return `${base}-${report.header?.glibcVersionRuntime ? "gnu" : "musl"}`;
}

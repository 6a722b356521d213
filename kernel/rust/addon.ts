import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../errors.ts";
import type { RustDefinition, RustExports, RustTrait } from "./exports.ts";
import type { RustOutline } from "./outline.ts";

/** A loaded function: `call` in place, `async` on another thread; `id` names it to `timeCalls` in this process. */
export interface LoadedFunction {
  readonly id: number;
  call(this: unknown, ...values: unknown[]): unknown;
  async(this: unknown, ...values: unknown[]): Promise<unknown>;
  /**
   * `call` where each slice's value is a typed array of its kind: nothing else may be passed, and it is not asked again. Where a
   * function has slices and nothing that takes longer.
   */
  known?(...values: unknown[]): unknown;
}

/** The Node addon as it exports itself (native/node-addon/src/lib.rs). */
interface NativeAddon {
  parseCell(source: string, earlier: string): string;
  outlineCell(source: string): string;
  writeShim(exports: string, flush: boolean, tasks: string | undefined): string;
  endSystemCall(): boolean;
  endWithPipe(fd: number): boolean;
  cancelNext(): number;
  cancelCall(id: number): void;
  takeSpans(): string[];
  startCalls(): void;
  stopCalls(): string;
  spanClocks(): number[];
  preludeSources(): string;
  loadCell(path: string, name: string, exports: string, file: string, bigAsNumber: boolean): LoadedFunction[];
  loadCrates(path: string): void;
  swapCell(path: string, name: string, exports: string, ids: number[]): void;
  useSymbol(symbol: symbol): void;
  setMaker(path: string, maker: (handle: number) => object): void;
  dispose(handle: number): boolean;
  timeCalls(id: number, values: unknown[], iterations: number): { ns: number; result: unknown };
  createShared(bytes: number): number;
  mapShared(fd: number, bytes: number): ArrayBuffer;
}

/** Which Rust functions ran when (native/node-addon/src/calls.rs); ns of a clock of its own, of which `now` is the present. */
export interface NotedCalls {
  readonly now: number;
  /** How many stretches were too many to keep. */
  readonly lost: number;
  /** Calls of one function with less than 0.1 ms between them are one stretch; `elsewhere`: on another thread, for `.async`. */
  readonly calls: readonly (readonly [
    name: string,
    file: string,
    start: number,
    end: number,
    elsewhere: boolean,
  ])[];
}

/** What the cells above a cell export, by paths that its shim can use. */
export interface EarlierExports {
  readonly types: readonly RustDefinition[];
  readonly traits: readonly RustTrait[];
}

/** What a cell's text exports. Takes under a millisecond for a small cell. */
export function parseCell(
  source: string,
  { types, traits }: EarlierExports = { types: [], traits: [] },
): RustExports {
  // The addon writes what exports.ts describes; both come from one build.
  return JSON.parse(native().parseCell(source, JSON.stringify({ types, traits }))) as RustExports;
}

/** The items of a cell's text with their places, public or not. */
export function outlineCell(source: string): RustOutline {
  // The addon writes what outline.ts describes.
  return JSON.parse(native().outlineCell(source)) as RustOutline;
}

/**
 * The Rust source that exposes what a cell exports; `flush` where the cell prints. `tasks`: the path of the function that
 * runs its `async fn`s, where its crates bring a runtime.
 */
export function writeShim(exports: RustExports, flush: boolean, tasks?: string): string {
  return native().writeShim(JSON.stringify(exports), flush, tasks);
}

/** Ends this process at once, whatever it runs, when the other end of the pipe closes. False where the addon cannot: on Windows. */
export function endWithPipe(fd: number): boolean {
  return native().endWithPipe(fd);
}

/** Ends the system call in which the main thread waits, such as a read of a pipe. False where that cannot be. */
export function endSystemCall(): boolean {
  return native().endSystemCall();
}

/** Makes the next `.async` call one that can be given up; the number to do it by. */
export function cancelNext(): number {
  return native().cancelNext();
}

/** The spans that cells have marked since this was last asked, as JSON of each library that collects. */
export function takeSpans(): string[] {
  return native().takeSpans();
}

/** Notes from now on which Rust functions this thread calls when, and what `.async` runs elsewhere. Nothing where no cell is loaded. */
export function startCalls(): void {
  loaded?.startCalls();
}

/** Ends that. Nothing where no cell is loaded. */
export function stopCalls(): NotedCalls | undefined {
  const text = loaded?.stopCalls();
  // Written by the addon of the same build.
  return text === undefined ? undefined : (JSON.parse(text) as NotedCalls);
}

/** What the clocks of those spans show now, in nanoseconds, in the same order. */
export function spanClocks(): number[] {
  return native().spanClocks();
}

/** Gives a call up: Rust sees it in `tandem::cancelled()`. Nothing where it has ended. */
export function cancelCall(id: number): void {
  native().cancelCall(id);
}

/** The files of the crate `tandem` that shims are compiled against: pairs of name and text. */
export function preludeSources(): [name: string, text: string][] {
  // Written by the addon of the same build.
  return JSON.parse(native().preludeSources()) as [string, string][];
}

/** Loads a library for good; its functions in the order of the exports. `file`: the cell's name, told by panics. */
export function loadCell(
  library: string,
  name: string,
  exports: RustExports,
  file: string,
  bigAsNumber: boolean,
): LoadedFunction[] {
  return native().loadCell(library, name, JSON.stringify(exports), file, bigAsNumber);
}

/**
 * Loads the library of a cell's crates for the whole process. A crate that another such library holds too, in the same version and
 * with the same features, is then there once: one pool of rayon's for all cells.
 */
export function loadCrates(library: string): void {
  native().loadCrates(library);
}

/** Runs the code of another build of a loaded cell from the next call on; `ids`: of its functions. */
export function swapCell(library: string, name: string, exports: RustExports, ids: readonly number[]): void {
  native().swapCell(library, name, JSON.stringify(exports), [...ids]);
}

/** Where objects hold the handles of Rust's instances; the addon of this thread knows it from the first use on. */
export const handleSymbol: symbol = Symbol("tandem.rust.handle");

/** What makes the objects of a class in this thread, by the class's path as other cells write it. */
export function setMaker(path: string, maker: (handle: number) => object): void {
  if (!symbolSet) native().useSymbol(handleSymbol);
  symbolSet = true;
  native().setMaker(path, maker);
}
let symbolSet = false;

/** Lets go of an instance; false where it was gone already. */
export function disposeInstance(handle: number): boolean {
  return native().dispose(handle);
}

/** Calls a function so many times inside native code: nanoseconds of the whole loop, and the last result. */
export function timeCalls(id: number, values: readonly unknown[], iterations: number) {
  return native().timeCalls(id, [...values], iterations);
}

/** A new anonymous file of so many bytes: its descriptor; -1 where this system has none. Throws without the addon. */
export function createShared(bytes: number): number {
  return native().createShared(bytes);
}

/** A file's content as a buffer, which closes the descriptor in the end. Throws where the runtime allows none. */
export function mapShared(fd: number, bytes: number): ArrayBuffer {
  return native().mapShared(fd, bytes);
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
    // The addon that is built with this kernel; package and build keep them together.
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

import { renameSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { takeIncrement } from "./increments.ts";
import { type RustcEnd, runRustc } from "./rustc.ts";
import type { Priority } from "./tool.ts";

/** What rustc is to make of a cell. */
export interface Build {
  readonly text: string;
  readonly shim: string;
  readonly args: readonly string[];
  /** The crate's name. */
  readonly name: string;
  /** What it is to leave: a path. */
  readonly output: string;
  /** The arguments of each linker to try. */
  readonly linkers: readonly (readonly string[])[];
  readonly rustc: string;
  readonly signal: AbortSignal;
  readonly priority: Priority;
}

/** Compiles a cell in a folder of its own. */
export function buildAlone(build: Build, folder: string): Promise<RustcEnd> {
  return run(build, folder, [`--crate-name=${build.name}`, "-o", build.output]);
}

/**
 * Compiles what differs from the last build of a cell with one of these names; undefined where that fails for no reason of
 * the cell's.
 */
export async function buildOnEarlier(build: Build, names: readonly string[]): Promise<RustcEnd | undefined> {
  const increment = takeIncrement(names);
  let sound = true;
  try {
    // rustc takes over what it has under one crate name, one output and one working folder.
    const output = `cell${extname(build.output)}`;
    const state = `-Cincremental=${join(increment.folder, "state")}`;
    const end = await run(build, increment.folder, ["--crate-name=cell_quick", "-o", output, state]);
    sound = end.ok || isRefused(end);
    if (end.ok) renameSync(join(increment.folder, output), build.output);
    return sound ? end : undefined;
  } finally {
    increment.release(sound);
  }
}

async function run(build: Build, folder: string, more: readonly string[]): Promise<RustcEnd> {
  const { text, shim, args, linkers, rustc, signal, priority } = build;
  writeFileSync(join(folder, "cell.rs"), text);
  writeFileSync(join(folder, "shim.rs"), shim);
  let end: RustcEnd = { ok: false, diagnostics: [], otherwise: "" };
  for (const linker of linkers) {
    end = await runRustc(rustc, ["shim.rs", ...more, ...args, ...linker], folder, signal, priority);
    // A linker's failure has no place in the cell: another may know what this one lacks.
    if (end.ok || isRefused(end)) break;
  }
  return end;
}

const isRefused = ({ diagnostics }: RustcEnd) =>
  diagnostics.some(({ level, line }) => level === "error" && line !== undefined);

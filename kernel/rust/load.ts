import { loadCell } from "./addon.ts";
import { readManifest } from "./compile.ts";
import { remember } from "./registry.ts";

/** A function of a cell: called in place, or by `.async` on another thread. */
export interface RustCallable {
  (...values: unknown[]): unknown;
  async(...values: unknown[]): Promise<unknown>;
}

/** Loads a compiled cell into this process, in the main thread or a worker: its functions by their names in Rust. */
export function loadLibrary(library: string, file: string, bigAsNumber: boolean): Map<string, RustCallable> {
  const { functions } = readManifest(library);
  const made = new Map<string, RustCallable>();
  for (const { name, id, call, async } of loadCell(library, functions, file, bigAsNumber)) {
    const callable = Object.assign(call, { async });
    remember(call, { library, name, file, bigAsNumber, async: false, id });
    remember(async, { library, name, file, bigAsNumber, async: true, id });
    made.set(name, callable);
  }
  return made;
}

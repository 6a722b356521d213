import { displayFunction } from "../display/value/display-function.ts";
import type { Context } from "./context.ts";
import { denoNames } from "./deno.ts";

/** Puts into the notebook's scope what cells find there without an import. */
export function installGlobals(context: Context): void {
  const { load, require, meta } = context.importer;
  const globals: Record<string, unknown> = {
    display: displayFunction(context.displays),
    require,
    __dirname: meta.dirname,
    __filename: meta.filename,
    __tandem_import: load,
    __tandem_meta: meta,
    // Under a name of our own: libraries take a global `Deno` for the runtime they are in.
    __tandem_deno: denoNames(context.displays),
    _: undefined,
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
}

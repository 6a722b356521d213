import { toBundle } from "../display/value/bundle.ts";
import { givenBundle } from "../display/value/given-bundle.ts";
import type { Context } from "./context.ts";
import { denoNames } from "./deno.ts";
import { show } from "./importer.ts";

export interface DisplayOptions {
  /** Names the output: showing it again with the same id replaces it. */
  id?: string;
  /** The value is a MIME bundle already: MIME type → data. */
  raw?: boolean;
}

/** Puts into the notebook's scope what cells find there without an import. */
export function installGlobals(context: Context): void {
  const shown = new Set<string>();
  const display = (value: unknown, options: DisplayOptions = {}): void => {
    const data = options.raw ? givenBundle(value) : toBundle(value);
    const { id } = options;
    if (id !== undefined && shown.has(id)) context.updateDisplay(id, data);
    else context.display(data, undefined, id);
    if (id !== undefined) shown.add(id);
  };
  const { load, require, meta } = context.importer;
  const globals: Record<string, unknown> = {
    display,
    require,
    __dirname: meta.dirname,
    __filename: meta.filename,
    __tandem_import: load,
    __tandem_meta: meta,
    // Under a name of our own: libraries take a global `Deno` for the runtime they are in.
    __tandem_deno: denoNames(show),
    _: undefined,
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
}

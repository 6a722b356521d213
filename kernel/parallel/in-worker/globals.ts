import { toBundle } from "../../display/value/bundle.ts";
import { displayFunction } from "../../display/value/display-function.ts";
import type { Importer } from "../../engine/importer.ts";
import { fail } from "../../errors.ts";
import type { FromWorker, WORKER_NAMES } from "../protocol.ts";
import type { ItemFunction } from "./items.ts";

/** Puts what cells find without an import into a worker's scope. */
export function installGlobals(importer: Importer, post: (message: FromWorker) => void): void {
  const display = displayFunction({
    show: ({ data }) => post({ type: "display", data }),
    showValue: (value) => post({ type: "display", data: toBundle(value) }),
  });
  const { load, require, meta } = importer;
  const globals: Record<(typeof WORKER_NAMES)[number], unknown> = {
    display,
    require,
    pmap: inOrder,
    __pmap: inOrder,
    __dirname: meta.dirname,
    __filename: meta.filename,
    __tandem_import: load,
    __tandem_meta: meta,
  };
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  Object.defineProperty(globalThis, "py", {
    configurable: true,
    get: () => {
      throw fail("parallelPython", "py");
    },
  });
}

/** A parallel run inside a parallel run: its workers are all busy, so it runs here, one item after the other. */
async function inOrder(
  items: Iterable<unknown> | AsyncIterable<unknown>,
  fn: ItemFunction,
): Promise<unknown[]> {
  const results: unknown[] = [];
  for await (const item of items) results.push(await fn(item, results.length));
  return results;
}

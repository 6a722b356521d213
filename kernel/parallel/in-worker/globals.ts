import { toBundle } from "../../display/value/bundle.ts";
import { displayFunction } from "../../display/value/display-function.ts";
import type { Importer } from "../../engine/importer.ts";
import { fail } from "../../errors.ts";
import { span } from "../../timeline/recorder.ts";
import type { FromWorker, WORKER_NAMES } from "../protocol.ts";
import { nested } from "./nested.ts";

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
    ...nested,
    span,
    // What cells become is called by the main thread alone.
    __pmap: undefined,
    __preduce: undefined,
    __pfirst: undefined,
    __peach: undefined,
    __own: own,
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

let declared: object | undefined;

/** Takes the variables that a set-up declares, as accessors. */
function own(variables: object): void {
  declared = variables;
}

/** Runs a set-up; what it declares is known to the items of this worker only if it went well: its variables, not copies. */
export async function setUp(
  fn: (item: undefined, index: number) => unknown,
  index: number,
): Promise<unknown> {
  declared = undefined;
  const value = await fn(undefined, index);
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(declared ?? {})))
    Object.defineProperty(globalThis, name, { ...descriptor, configurable: true, enumerable: false });
  return value;
}

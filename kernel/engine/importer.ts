import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction, constants } from "node:vm";

export interface Importer {
  /** Imports as a module in the notebook's folder would. */
  load(specifier: string, options?: ImportCallOptions): Promise<unknown>;
  require: NodeJS.Require;
}

/** The importer of a notebook's folder. */
export function createImporter(folder: string): Importer {
  // Never read: it stands for the notebook as the importing module.
  const parent = join(folder, "notebook.ts");
  const { emitWarning } = process;
  process.emitWarning = () => {}; // This one use of an experimental constant is no news to the user.
  try {
    const load = compileFunction("return import(specifier, options)", ["specifier", "options"], {
      filename: parent,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }) as Importer["load"];
    return { load, require: createRequire(parent) };
  } finally {
    process.emitWarning = emitWarning;
  }
}

import { readFileSync } from "node:fs";
import { createRequire, isBuiltin, register } from "node:module";
import { isAbsolute, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { compileFunction, constants } from "node:vm";
import { tsconfigPaths } from "../typescript/tsconfig.ts";
import type { HooksData } from "./hooks.ts";
import { portForMaps } from "./module-maps.ts";
import { RequiredModules, requireByTypeScriptNames } from "./require-local.ts";
import { requireTypeScript } from "./require-typescript.ts";
import { explainMissing, explainUnknown, nodeSpecifier } from "./specifiers.ts";
import { type Show, tslabModule } from "./tslab.ts";

/** `import.meta` as cells see it: that of a module `notebook.ts` in the notebook's folder. */
export interface NotebookMeta {
  readonly url: string;
  readonly dirname: string;
  readonly filename: string;
  resolve(specifier: string): string;
}

/** Imports as a module in the notebook's folder would. */
export interface Importer {
  /**
   * Resolves to the module's namespace. Of a CommonJS module, `names` that Node did not see as its exports are taken
   * from `module.exports`; a name that is not there at all is a SyntaxError, as in a module, but for those that are
   * `optional`: the cell uses them for no value, so they may be types.
   */
  load(
    specifier: string,
    attributes?: ImportAttributes,
    names?: readonly string[],
    optional?: readonly string[],
  ): Promise<object>;
  readonly require: NodeJS.Require;
  readonly meta: NotebookMeta;
}

type NativeImport = (specifier: string, options: ImportCallOptions | undefined) => Promise<object>;

/** The importer of a notebook's folder. */
export function createImporter(folder: string): Importer {
  // Never read: it stands for the notebook as the importing module.
  const filename = join(folder, "notebook.ts");
  const url = pathToFileURL(filename).href;
  const require = createRequire(filename);
  requireTypeScript(require);
  const native = nativeImport(filename);
  const paths = tsconfigPaths(folder);
  requireByTypeScriptNames(paths.candidates);
  const required = new RequiredModules(require.cache);
  let hooked = false;
  const hook = (again = false) => {
    // They cost a thread: only for those who import files of their own.
    const maps = portForMaps();
    const data: HooksData = { url, maps, again };
    register(pathToFileURL(join(__dirname, "hooks.cjs")).href, { data, transferList: [maps] });
    hooked = true;
  };
  const importNow = async (name: string, attributes: ImportAttributes | undefined): Promise<object> => {
    // A notebook of tslab's runs where tslab is not installed.
    if (name === "tslab") return tslabModule(show);
    const options = attributes && { with: attributes };
    required.refresh();
    try {
      return await native(name, options);
    } catch (error) {
      // A workspace's package may be TypeScript as it stands.
      if (hooked || (error as NodeJS.ErrnoException).code !== "ERR_UNKNOWN_FILE_EXTENSION") throw error;
      hook(true);
      return await native(name, options);
    } finally {
      required.note();
    }
  };
  const requireNow = Object.assign((specifier: string): unknown => {
    if (specifier === "tslab") return tslabModule(show);
    const name = nodeSpecifier(specifier);
    required.refresh();
    try {
      return require(name);
    } catch (error) {
      throw explainUnknown(isLocal(name) ? error : explainMissing(specifier, error, folder), name);
    } finally {
      required.note();
    }
  }, require);

  const load: Importer["load"] = async (specifier, attributes, names = [], optional = []) => {
    const name = nodeSpecifier(specifier);
    if (!hooked && (isLocal(name) || paths.matches(name))) hook();
    const namespace = await importNow(name, attributes).catch((error: unknown) => {
      const explained = isLocal(name)
        ? unparsed(error, new URL(name, url))
        : explainMissing(specifier, error, folder);
      throw explainUnknown(explained, name);
    });
    if (names.length === 0) return namespace;
    const { found, missing } = withNames(namespace, names);
    const needed = missing.find((one) => !optional.includes(one));
    if (needed === undefined) return found;
    throw new SyntaxError(`The module "${specifier}" has no export named ${needed}.`);
  };
  const meta: NotebookMeta = {
    url,
    dirname: folder,
    filename,
    resolve: (specifier) => {
      if (isBuiltin(specifier)) return specifier.startsWith("node:") ? specifier : `node:${specifier}`;
      if (isLocal(specifier)) return new URL(specifier, url).href;
      return pathToFileURL(require.resolve(specifier)).href;
    },
  };
  return { load, require: requireNow, meta };
}

/** By the notebook's `display`, whatever a cell has declared under that name. */
export const show: Show = (bundle, id) => {
  const { display } = globalThis as unknown as { display(value: unknown, options: object): void };
  display(bundle, { raw: true, id, update: true });
};

/** V8 names no file where a module of JavaScript does not parse: the error with its place, if that is the file imported. */
function unparsed(error: unknown, url: URL): unknown {
  if (!(error instanceof SyntaxError) || /\n\s+at /.test(error.stack ?? "")) return error;
  try {
    const file = fileURLToPath(url);
    const { stripTypes } = createRequire(__filename)("./hooks.cjs") as typeof import("./hooks.ts");
    stripTypes(readFileSync(file, "utf8"), file);
    return error;
  } catch (found) {
    return found instanceof SyntaxError ? found : error;
  }
}

const isLocal = (specifier: string) => /^(?:\.{1,2}(?:\/|$)|file:)/.test(specifier) || isAbsolute(specifier);

/** `import()` that resolves from a file's folder, be there a file or not. */
function nativeImport(filename: string): NativeImport {
  const load = compileFunction("return import(specifier, options)", ["specifier", "options"], {
    filename,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as NativeImport;
  return (specifier, options) => {
    const { emitWarning } = process;
    process.emitWarning = () => {}; // That the constant is experimental, told at its first use, is no news to the user.
    try {
      return load(specifier, options);
    } finally {
      process.emitWarning = emitWarning;
    }
  };
}

/** The namespace with names that Node did not see taken from `module.exports`, and the names that are in neither. */
function withNames(namespace: object, names: readonly string[]): { found: object; missing: string[] } {
  const unseen = names.filter((name) => !(name in namespace));
  if (unseen.length === 0) return { found: namespace, missing: [] };
  const exports: unknown = Reflect.get(namespace, "default");
  const found: Record<string, unknown> = { ...namespace };
  const missing: string[] = [];
  for (const name of unseen) {
    if (isObject(exports) && name in exports) found[name] = Reflect.get(exports, name);
    else missing.push(name);
  }
  return { found, missing };
}

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

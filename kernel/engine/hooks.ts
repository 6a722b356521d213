import { existsSync, readFileSync, statSync } from "node:fs";
import type { InitializeHook, LoadHook, ResolveHook } from "node:module";
import { dirname, extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { MessagePort } from "node:worker_threads";
import { stripTypes } from "../typescript/strip.ts";
import { type TsconfigPaths, tsconfigPaths } from "../typescript/tsconfig.ts";
import type { ModuleMap } from "./module-maps.ts";
import { ModuleVersions } from "./versions.ts";
import { wasmModule } from "./wasm-module.ts";
import { sourcesOf } from "./written-as.ts";

/**
 * Node's module hooks for the local modules of a notebook: TypeScript files, `./x.js` meaning `x.ts`, no extension
 * at all, JSON without an import attribute. They run in a thread of Node's own.
 */

const SOURCES = [".ts", ".mts", ".cts", ".tsx"];
const TRIED = [".ts", ".tsx", ".js", ".mjs", ".json", "/index.ts", "/index.js"];

/** Stands in the URL of a module that was loaded again. */
const VERSION = "tandem-version";

let versions = new ModuleVersions();
/** The URL that cells import from. */
let notebook = "";
let paths: TsconfigPaths | undefined;
/** To the engine's main thread: source maps of modules whose code is not line for line what runs. */
let maps: MessagePort | undefined;

export interface HooksData {
  /** The URL that cells import from. */
  readonly url: string;
  readonly maps: MessagePort;
  /** Node has tried to load a module without these hooks, and remembers that it failed: it has to have another URL. */
  readonly again: boolean;
}

export const initialize: InitializeHook<HooksData> = (data) => {
  ({ url: notebook, maps } = data);
  versions = new ModuleVersions(data.again ? 1 : 0);
  paths = tsconfigPaths(dirname(fileURLToPath(notebook)));
};

/** Resolves as Node does, then as TypeScript does; a local module that has changed to a new URL. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const resolved = await find(specifier, context, next);
  const url = URL.canParse(resolved.url) ? new URL(resolved.url) : undefined;
  if (url?.protocol !== "file:" || url.pathname.includes("/node_modules/")) return resolved;
  const path = fileURLToPath(url);
  const { parentURL } = context;
  if (parentURL !== notebook && parentURL?.startsWith("file:"))
    versions.connect(fileURLToPath(parentURL), path);
  const version = parentURL === notebook ? versions.refresh(path) : versions.current(path);
  if (version > 0) url.searchParams.set(VERSION, String(version));
  return { ...resolved, url: url.href };
};

const find: ResolveHook = async (specifier, context, next) => {
  const fromNotebook = context.parentURL === undefined || !context.parentURL.includes("/node_modules/");
  for (const path of (fromNotebook && paths?.candidates(specifier)) || []) {
    const url = pathToFileURL(path);
    const found = isFile(path) ? url.href : typeScriptFile(url);
    if (found) return await next(found, context);
  }
  try {
    return await next(specifier, context);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "ERR_UNSUPPORTED_DIR_IMPORT") throw error;
    if (!/^(?:\.{1,2}(?:\/|$)|\/|file:)/.test(specifier)) throw error;
    const found = typeScriptFile(new URL(specifier, context.parentURL));
    if (!found) throw error;
    return await next(found, context);
  }
};

/** The URL of the file that a URL without an exact file stands for. */
function typeScriptFile(url: URL): string | undefined {
  const { pathname } = url;
  const extension = extname(pathname);
  const stem = pathname.slice(0, pathname.length - extension.length);
  const candidates = [
    ...sourcesOf(extension).map((written) => stem + written),
    ...TRIED.map((tried) => pathname.replace(/\/$/, "") + tried),
  ];
  for (const candidate of candidates) {
    const file = new URL(url);
    file.pathname = candidate;
    if (isFile(fileURLToPath(file))) return file.href;
  }
  return undefined;
}

const isFile = (path: string) => existsSync(path) && statSync(path).isFile();

// For `require`, which loads in the main thread.
export { stripTypes };

/** Loads TypeScript as JavaScript, WebAssembly by its exports, and JSON as a module with a default export. */
export const load: LoadHook = async (url, context, next) => {
  const { protocol, pathname } = new URL(url);
  if (protocol !== "file:") return next(url, context);
  const extension = extname(pathname);
  // In node_modules too: packages of a workspace are linked there.
  if (SOURCES.includes(extension)) {
    const file = fileURLToPath(url);
    const { code, map } = stripTypes(readFileSync(file, "utf8"), file, { folder: dirname(file) });
    if (map) maps?.postMessage({ name: url, mappings: map.mappings } satisfies ModuleMap);
    return { format: extension === ".cts" ? "commonjs" : "module", source: code, shortCircuit: true };
  }
  if (extension === ".json" && context.importAttributes.type === undefined) {
    const json: unknown = JSON.parse(readFileSync(fileURLToPath(url), "utf8"));
    return { format: "module", source: `export default ${literal(json)};`, shortCircuit: true };
  }
  if (extension === ".wasm") {
    const source = wasmModule(readFileSync(fileURLToPath(url)));
    return { format: "module", source, shortCircuit: true };
  }
  return await next(url, context);
};

/** JSON as a JavaScript expression; `__proto__` would be special in a plain literal. */
const literal = (json: unknown) => `JSON.parse(${JSON.stringify(JSON.stringify(json))})`;

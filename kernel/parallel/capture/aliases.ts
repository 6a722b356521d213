import { createRequire, isBuiltin } from "node:module";
import { types } from "node:util";
import type { SymbolName } from "../protocol.ts";

/** Where a function of the language or of Node is found again: from globalThis, or from a module's exports. */
export interface Alias {
  readonly module?: string;
  readonly path: readonly (string | SymbolName)[];
}

let aliases: Map<unknown, Alias> | undefined;
/** How many of the loaded modules are in `aliases`. */
let listed = 0;

/** The path to a function or symbol of the language, or to a built-in module that is loaded or a function of it. */
export function findAlias(value: unknown): Alias | undefined {
  aliases ??= aliasesOfLanguage();
  const found = aliases.get(value);
  if (found) return found;
  // A namespace of a built-in module stands for what `require` gives.
  const exports: unknown =
    isObject(value) && types.isModuleNamespaceObject(value) ? Reflect.get(value, "default") : value;
  if (!isObject(exports)) return undefined;
  // Only of a module that is loaded can something have come into the notebook.
  const { moduleLoadList = [] } = process as unknown as { moduleLoadList?: readonly string[] };
  for (; listed < moduleLoadList.length; listed++) addModule(moduleLoadList[listed] ?? "", aliases);
  return aliases.get(exports);
}

/** The file of the CommonJS module whose exports a value is; undefined if of none. */
export function findRequired(value: unknown): string | undefined {
  for (const module of Object.values(require.cache))
    if (module && module.exports === value) return module.filename;
  return undefined;
}

function aliasesOfLanguage(): Map<unknown, Alias> {
  const found = new Map<unknown, Alias>();
  const add = (value: unknown, path: Alias["path"]) => {
    if (typeof value === "function" && !found.has(value)) found.set(value, { path });
  };
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(globalThis))) {
    // Accessors load modules (fetch), and enumerable names may be the user's.
    if (!("value" in descriptor) || descriptor.enumerable || !isObject(descriptor.value)) continue;
    add(descriptor.value, [name]);
    addMembers(descriptor.value, [name], add);
    const { prototype } = descriptor.value as { prototype?: unknown };
    if (isObject(prototype)) addMembers(prototype, [name, "prototype"], add);
  }
  for (const name of Object.getOwnPropertyNames(Symbol)) {
    const value: unknown = Reflect.get(Symbol, name);
    if (typeof value === "symbol") found.set(value, { path: ["Symbol", name] });
  }
  return found;
}

function addMembers(
  owner: object,
  path: readonly (string | SymbolName)[],
  add: (value: unknown, path: Alias["path"]) => void,
): void {
  for (const key of Reflect.ownKeys(owner)) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, key);
    const name = typeof key === "string" ? key : wellKnown(key);
    if (descriptor && "value" in descriptor && name !== undefined) add(descriptor.value, [...path, name]);
  }
}

function wellKnown(symbol: symbol): SymbolName | undefined {
  const name = symbol.description?.replace(/^Symbol\./, "") ?? "";
  return Reflect.get(Symbol, name) === symbol ? { symbol: name } : undefined;
}

const require = createRequire(__filename);

/** `entry`: as Node lists what it loaded, `NativeModule fs`. */
function addModule(entry: string, found: Map<unknown, Alias>): void {
  const name = entry.replace(/^NativeModule /, "");
  if (name === entry || name.startsWith("_") || !isBuiltin(`node:${name}`)) return;
  const module = `node:${name}`;
  const exports: unknown = require(module);
  if (!isObject(exports)) return;
  if (!found.has(exports)) found.set(exports, { module, path: [] });
  addMembers(exports, [], (value, path) => {
    if (typeof value === "function" && !found.has(value)) found.set(value, { module, path });
  });
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

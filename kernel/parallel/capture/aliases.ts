import { createRequire } from "node:module";
import { types } from "node:util";
import type { SymbolName } from "../protocol.ts";

/** Where a function of the language or of Node is found again: from globalThis, or from a module's exports. */
export interface Alias {
  readonly module?: string;
  readonly path: readonly (string | SymbolName)[];
}

let language: Map<unknown, Alias> | undefined;
const modules = new Map<string, Map<unknown, Alias>>();

/** The path to a function or symbol of the language, or to a built-in module that is loaded or a function of it. */
export function findAlias(value: unknown): Alias | undefined {
  language ??= aliasesOfLanguage();
  const found = language.get(value);
  if (found) return found;
  // A namespace of a built-in module stands for what `require` gives.
  const exports: unknown =
    isObject(value) && types.isModuleNamespaceObject(value) ? Reflect.get(value, "default") : value;
  if (!isObject(exports)) return undefined;
  for (const name of loadedModules()) {
    const alias = aliasesOfModule(name).get(exports);
    if (alias) return alias;
  }
  return undefined;
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

/** Built-in modules that something has loaded: only of those can a function have come into the notebook. */
function loadedModules(): string[] {
  const { moduleLoadList = [] } = process as unknown as { moduleLoadList?: readonly string[] };
  return moduleLoadList.flatMap((entry) => {
    const name = entry.replace(/^NativeModule /, "");
    return name === entry || name.startsWith("internal/") || name.startsWith("_") ? [] : [name];
  });
}

function aliasesOfModule(name: string): Map<unknown, Alias> {
  const made = modules.get(name);
  if (made) return made;
  const found = new Map<unknown, Alias>();
  modules.set(name, found);
  try {
    const exports: unknown = require(`node:${name}`);
    const add = (value: unknown, path: Alias["path"]) => {
      if (typeof value === "function" && !found.has(value))
        found.set(value, { module: `node:${name}`, path });
    };
    if (isObject(exports)) {
      found.set(exports, { module: `node:${name}`, path: [] });
      addMembers(exports, [], add);
    }
  } catch {
    // Listed, but not for users.
  }
  return found;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

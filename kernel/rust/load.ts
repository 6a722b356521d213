import { loadCell, loadCrates, swapCell } from "./addon.ts";
import { type LoadedMember, lastName, makeClass } from "./classes.ts";
import { readManifest } from "./compile.ts";
import { isOwn, type RustDefinition, type RustFunction } from "./exports.ts";
import { followCallbacks } from "./follow-callbacks.ts";
import { withKnownArrays } from "./known-arrays.ts";
import { makeLazy } from "./lazy.ts";
import { notebookName } from "./names.ts";
import { type RustCallable, type RustOrigin, remember } from "./registry.ts";
import { withSignal } from "./signals.ts";

export type { RustCallable } from "./registry.ts";

/** A cell loaded into this thread. */
export interface LoadedCell {
  /** What the cell declares at its top level, by its name in the notebook. */
  readonly declared: ReadonlyMap<string, unknown>;
  /** All functions and classes, by their paths in the cell: `orders::place`, `Counter::new`, `Counter`. */
  readonly byPath: ReadonlyMap<string, unknown>;
  /** The addon's numbers of its functions, in the order of the exports. */
  readonly ids: readonly number[];
  /** What workers are told to load. */
  readonly origins: readonly { library: string }[];
}

const loadedHere = new Map<string, LoadedCell>();

/** Loads a compiled cell into this process, in the main thread or a worker, once for each. */
export function loadLibrary(library: string, file: string, bigAsNumber: boolean): LoadedCell {
  const key = `${library}\0${bigAsNumber}`;
  const before = loadedHere.get(key);
  if (before) return before;
  const { name, exports, needs, crates } = readManifest(library);
  if (crates !== undefined) loadCrates(crates);
  // Their classes are what this cell's instances are made with.
  for (const one of needs) loadLibrary(one.library, one.file, false);
  const functions = loadCell(library, name, exports, file, bigAsNumber);
  const origins: { library: string }[] = [];
  const enter = (value: object, one: Pick<RustOrigin, "name" | "async" | "id">) => {
    const origin = { library, file, bigAsNumber, ...one };
    origins.push(origin);
    remember(value, origin);
  };
  const byPath = new Map<string, unknown>();
  const declared = new Map<string, unknown>();

  const members = functions.map((loaded, index): LoadedMember => {
    // The addon gives one for each of the exports.
    const signature = exports.functions[index] as RustFunction;
    const { id, async } = loaded;
    const known = signature.async ? withSignal(loaded.call) : withKnownArrays(loaded, signature);
    const call = followCallbacks(known, signature);
    return { signature, loaded: { id, call, async: withSignal(followCallbacks(async, signature)) } };
  });
  const callable = ({ signature, loaded: { id, call, async } }: LoadedMember): RustCallable => {
    const fn = Object.assign(call, { async }) as RustCallable;
    const path = pathOf(signature);
    enter(call, { name: path, async: false, id });
    enter(async, { name: path, async: true, id });
    byPath.set(path, fn);
    return fn;
  };

  for (const member of members) {
    const { signature } = member;
    if (signature.owner !== null) continue;
    const value = signature.role === "constant" ? constant(member) : callable(member);
    place(declared, signature.module, signature.name, value);
  }
  for (const definition of exports.types.filter(isOwn)) {
    const own = members.filter(({ signature }) => signature.owner === definition.name);
    if (definition.shape.kind === "lazy") {
      makeLazy(definition, definition.path.replace(/^crate/, name), own);
      continue;
    }
    const value = typeValue(definition, name, own, callable);
    if (value === undefined) continue;
    enter(value, { name: definition.name, async: false, id: -1 });
    byPath.set(definition.name, value);
    place(declared, definition.name.split("::").slice(0, -1), lastName(definition.name), value);
  }
  const loaded = { declared, byPath, ids: functions.map(({ id }) => id), origins };
  loadedHere.set(key, loaded);
  return loaded;
}

/** From the next call on, what was loaded of a library runs the code of another build of the same cell. */
export function swapLibrary(from: string, to: string): void {
  const { name, exports } = readManifest(to);
  for (const bigAsNumber of [false, true]) {
    const loaded = loadedHere.get(`${from}\0${bigAsNumber}`);
    const key = `${to}\0${bigAsNumber}`;
    if (!loaded || loadedHere.has(key)) continue;
    swapCell(to, name, exports, loaded.ids);
    for (const origin of loaded.origins) origin.library = to;
    loadedHere.set(key, loaded);
  }
}

/** A class; for data with functions an object that holds them; nothing for plain data. */
function typeValue(
  definition: RustDefinition,
  cell: string,
  members: readonly LoadedMember[],
  callable: (member: LoadedMember) => RustCallable,
): object | undefined {
  const constants = members.filter(({ signature }) => signature.role === "constant");
  let value: object;
  if (definition.shape.kind === "class") {
    value = makeClass(definition, definition.path.replace(/^crate/, cell), members, callable);
  } else {
    const functions = members.filter(({ signature }) => signature.role !== "constant");
    if (members.length === 0) return undefined;
    value = Object.fromEntries(
      functions.map((member) => [notebookName(member.signature.name), callable(member)]),
    );
  }
  for (const member of constants) {
    Object.defineProperty(value, notebookName(member.signature.name), {
      value: constant(member),
      enumerable: true,
    });
  }
  return value;
}

/** Read once: it never changes. One that cannot be read as this host reads it (too large a number) is undefined. */
function constant({ loaded, signature }: LoadedMember): unknown {
  try {
    return loaded.call();
  } catch (error) {
    process.stderr.write(`${signature.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}

/** Puts a value into the objects of its modules, which are made as they are needed. */
export function place(
  declared: Map<string, unknown>,
  module: readonly string[],
  name: string,
  value: unknown,
): void {
  const [first, ...rest] = module.map(notebookName);
  if (first === undefined) {
    declared.set(notebookName(name), value);
    return;
  }
  if (!declared.has(first)) declared.set(first, {});
  let holder = declared.get(first) as Record<string, unknown>;
  for (const one of rest) {
    holder[one] ??= {};
    holder = holder[one] as Record<string, unknown>;
  }
  holder[notebookName(name)] = value;
}

/** With its modules or its type before it. */
export function pathOf({ owner, module, name }: RustFunction): string {
  return [...(owner === null ? module : [owner]), name].join("::");
}

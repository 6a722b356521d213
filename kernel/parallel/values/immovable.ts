import { types } from "node:util";
import { describe, immovable, kindOf } from "./kind.ts";

/** A part of a value that cannot cross to another thread. */
export interface Immovable {
  /** From the value to the part: `.rows[3].socket`; empty for the value itself. */
  readonly path: string;
  /** What it is: `an instance of Socket`. */
  readonly what: string;
}

/** The first part of a value that cannot cross to another thread; undefined where all of it can. */
export function findImmovable(value: unknown): Immovable | undefined {
  return isMovable(value, 0) ? undefined : search(value, new Set());
}

/** Whether a value is encoded as a whole: it crosses, and no part of it is shared memory by itself. */
export function isPlainData(value: unknown): boolean {
  return (
    isMovable(value, 0, false) || (search(value, new Set()) === undefined && !holdsShared(value, new Set()))
  );
}

/** The same for the value alone, without what it holds. */
export function isImmovable(value: unknown): boolean {
  return typeof value !== "number" && typeof value !== "string" && immovable.has(kindOf(value));
}

/** Deeper than this, or in a circle, the slower search decides. */
const DEEP = 64;

/** Whether all of a value surely crosses. Run for every result: it makes no paths and no sets. */
function isMovable(value: unknown, depth: number, shared = true): boolean {
  const kind = kindOf(value);
  switch (kind) {
    case "primitive":
    case "data":
    case "view":
      return true;
    case "shared":
      return shared;
    case "array": {
      if (depth > DEEP) return false;
      const array = value as readonly unknown[];
      for (let i = 0; i < array.length; i++) {
        const part = array[i];
        if (typeof part !== "number" && typeof part !== "string" && !isMovable(part, depth + 1, shared))
          return false;
      }
      return true;
    }
    case "object": {
      if (depth > DEEP || types.isProxy(value)) return false;
      const object = value as Record<string, unknown>;
      for (const key in object) {
        const part = object[key];
        if (typeof part !== "number" && typeof part !== "string" && !isMovable(part, depth + 1, shared))
          return false;
      }
      return true;
    }
    default:
      return false;
  }
}

function search(value: unknown, seen: Set<unknown>): Immovable | undefined {
  const kind = kindOf(value);
  if (immovable.has(kind)) return { path: "", what: describe(value, kind) };
  if (types.isProxy(value)) return { path: "", what: describe(value, "proxy") };
  if (!containers.has(kind) || seen.has(value)) return undefined;
  seen.add(value);
  // An array, a map, a set or an object without a class.
  for (const [step, part] of partsOf(value as object)) {
    const found = search(part, seen);
    if (found) return { path: step + found.path, what: found.what };
  }
  return undefined;
}

function holdsShared(value: unknown, seen: Set<unknown>): boolean {
  const kind = kindOf(value);
  if (kind === "shared") return true;
  if (!containers.has(kind) || seen.has(value)) return false;
  seen.add(value);
  for (const [, part] of partsOf(value as object)) if (holdsShared(part, seen)) return true;
  return false;
}

const containers: ReadonlySet<string> = new Set(["array", "object", "map", "set"]);

/** What an object, array, map or set holds, each with the way to it. */
export function* partsOf(object: object): Generator<[step: string, part: unknown]> {
  if (Array.isArray(object)) {
    for (let i = 0; i < object.length; i++) yield [`[${i}]`, object[i]];
  } else if (object instanceof Map) {
    for (const [key, part] of object) {
      yield [".keys()", key];
      yield [`.get(${typeof key === "string" ? JSON.stringify(key) : String(key)})`, part];
    }
  } else if (object instanceof Set) {
    for (const part of object) yield [".values()", part];
  } else {
    for (const [key, part] of Object.entries(object)) yield [property(key), part];
  }
}

/** A property access: `.name`, `["a b"]`. */
export function property(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

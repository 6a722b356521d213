import { types } from "node:util";

/** How a value can travel to another thread. */
export type Kind =
  | "primitive"
  | "symbol"
  | "function"
  /** An object without a class of its own. */
  | "object"
  | "array"
  | "map"
  | "set"
  /** A typed array, DataView or Buffer. */
  | "view"
  /** Cloned as a whole: dates, regular expressions, errors, buffers, boxed primitives. */
  | "data"
  | "shared"
  | "module"
  | "promise"
  | "proxy"
  | "generator"
  | "weak"
  /** An object of a class: it would lose its methods and private fields. */
  | "instance";

const byPrototype = new Map<object | null, Kind>([
  [Object.prototype, "object"],
  [Array.prototype, "array"],
  [Map.prototype, "map"],
  [Set.prototype, "set"],
  [SharedArrayBuffer.prototype, "shared"],
  ...[Date, RegExp, ArrayBuffer, Number, String, Boolean, BigInt].map(
    ({ prototype }) => [prototype, "data"] as const,
  ),
  ...[Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError].map(
    ({ prototype }) => [prototype, "data"] as const,
  ),
  ...[Promise].map(({ prototype }) => [prototype, "promise"] as const),
  ...[WeakMap, WeakSet, WeakRef].map(({ prototype }) => [prototype as object, "weak"] as const),
]);

/** How a value can travel. A Proxy counts as what it stands for; see `isProxy`. */
export function kindOf(value: unknown): Kind {
  if (typeof value === "function") return "function";
  if (typeof value === "symbol") return "symbol";
  if (typeof value !== "object" || value === null) return "primitive";
  return byPrototype.get(Object.getPrototypeOf(value) as object | null) ?? rareKind(value);
}

function rareKind(value: object): Kind {
  if (types.isModuleNamespaceObject(value)) return "module";
  if (Object.getPrototypeOf(value) === null) return "object";
  if (ArrayBuffer.isView(value)) return isPlainView(value) ? "view" : "instance";
  if (types.isPromise(value)) return "promise";
  if (types.isGeneratorObject(value)) return "generator";
  return "instance";
}

/** Whether it is one of the language's typed arrays, a DataView or a Buffer, and no subclass of these. */
function isPlainView(value: ArrayBufferView): boolean {
  const View = value.constructor;
  return View === Buffer || View === Reflect.get(globalThis, View.name);
}

/** Kinds that cannot cross to another thread. */
export const immovable: ReadonlySet<Kind> = new Set<Kind>([
  "symbol",
  "function",
  "module",
  "promise",
  "proxy",
  "generator",
  "weak",
  "instance",
]);

/** What a value that cannot cross is, in a few words: `an instance of Socket`. */
export function describe(value: unknown, kind: Kind = kindOf(value)): string {
  switch (kind) {
    case "function":
      return "a function";
    case "symbol":
      return "a symbol";
    case "module":
      return "a module";
    case "promise":
      return "a promise";
    case "proxy":
      return "a Proxy";
    case "generator":
      return "a generator";
    case "weak":
      return `a ${className(value)}`;
    default:
      return `an instance of ${className(value)}`;
  }
}

/** The name of an object's class. */
export function className(value: unknown): string {
  const Class: unknown = Reflect.get(Object(value), "constructor");
  return typeof Class === "function" && Class.name ? Class.name : "an unnamed class";
}

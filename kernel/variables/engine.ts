import { toBundle } from "../display/value/bundle.ts";
import { toPlain } from "../display/value/plain.ts";
import type { EngineContext, EnginePart } from "../engine/part.ts";
import type { MimeBundle } from "../wire/message.ts";
import { beginningOf, type Listed, sizeOf } from "./listed.ts";

/** A variable as the Debug Adapter Protocol shows it. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  /** What reaches it in the notebook's scope. */
  readonly evaluateName: string;
  /** To ask for what is in it by; 0 where there is nothing. */
  readonly variablesReference: number;
  /** How many entries there are in it, of which `variables` gives the first ones. */
  readonly indexedVariables?: number;
}

/** Values that a front end may look into, by reference. Dropped when the variables are listed anew. */
const references = new Map<number, { value: object; path: string }>();

const MOST_CHILDREN = 500;
const MOST_TEXT = 300;

/** The engine's part of the variable inspector. */
export const variables: EnginePart = {
  handlers: {
    /** The variables that cells declared. */
    list: (_: unknown, context): Variable[] => {
      references.clear();
      return [...context.declaredNames].flatMap((name) => {
        try {
          return [describe(name, context.read(name), name)];
        } catch {
          // Declared by a cell that failed before it got there, or a type.
          return [];
        }
      });
    },
    /** The same for `%who`, by name. */
    sizes: (_: unknown, context): Listed[] =>
      [...context.declaredNames].sort().flatMap((name) => {
        try {
          const value = context.read(name);
          return [{ name, type: typeName(value), size: sizeOf(value), value: beginningOf(value) }];
        } catch {
          return [];
        }
      }),
    /** What is in the value of a reference. */
    children: ({ reference }: { reference: number }): Variable[] => {
      const found = references.get(reference);
      return found ? children(found.value, found.path) : [];
    },
    /** A value as a MIME bundle: a variable of the notebook by its name. */
    show: ({ name }: { name: string }, context: EngineContext): MimeBundle => {
      if (![...context.declaredNames].includes(name)) return { "text/plain": "" };
      return toBundle(context.read(name));
    },
  },
};

function describe(name: string, value: unknown, path: string): Variable {
  const text = toPlain(value);
  const expandable = typeof value === "object" && value !== null;
  let variablesReference = 0;
  if (expandable) {
    variablesReference = references.size + 1;
    references.set(variablesReference, { value, path });
  }
  const indexed = Array.isArray(value) || isView(value) ? { indexedVariables: value.length } : {};
  return {
    name,
    value: text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text,
    type: typeName(value),
    evaluateName: path,
    variablesReference,
    ...indexed,
  };
}

/** Own properties only, and no getters: looking must not run the user's code. */
function children(value: object, path: string): Variable[] {
  if (value instanceof Map) {
    const entries = [...value].slice(0, MOST_CHILDREN);
    return entries.map(([key, item]) => describe(toPlain(key), item, ""));
  }
  if (value instanceof Set) {
    return [...value].slice(0, MOST_CHILDREN).map((item, i) => describe(String(i), item, ""));
  }
  const keys = Object.keys(value).slice(0, MOST_CHILDREN);
  return keys.flatMap((key) => {
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (!property || !("value" in property)) return [];
    const step = /^\d+$/.test(key)
      ? `[${key}]`
      : /^[\w$]+$/.test(key)
        ? `.${key}`
        : `[${JSON.stringify(key)}]`;
    return [describe(key, property.value, path && path + step)];
  });
}

/** The class of an object, `typeof` of anything else. */
function typeName(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  const tag = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (tag !== "Object") return tag;
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  return prototype?.constructor?.name || tag;
}

const isView = (value: unknown): value is Uint8Array =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

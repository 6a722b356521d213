import { rustName } from "./names.ts";
import type { TsType } from "./type-parser.ts";

/** Numbers as they lie in an array. */
export type Store = "f64" | "f32" | "i64" | "u64" | "i32" | "u32" | "i16" | "u16" | "i8" | "u8";

/** A type of the translated function. `f64` and `int` are JavaScript's numbers, `big` its bigints. */
export type Type =
  | { readonly kind: "f64" | "int" | "big" | "bool" | "string" | "unit" }
  /** `typed`: a typed array, which is lent; `store` where its items are numbers. */
  | { readonly kind: "array"; readonly of: Type; readonly store?: Store; readonly typed: boolean }
  | { readonly kind: "struct"; readonly name: string; readonly fields: ReadonlyMap<string, Type> }
  | { readonly kind: "option"; readonly of: Type }
  | { readonly kind: "tuple"; readonly items: readonly Type[] }
  | { readonly kind: "map"; readonly key: Type; readonly value: Type }
  | { readonly kind: "set"; readonly of: Type };

const TYPED: Readonly<Record<string, readonly [Store, "f64" | "int" | "big"]>> = {
  Float64Array: ["f64", "f64"],
  Float32Array: ["f32", "f64"],
  Int32Array: ["i32", "int"],
  Uint32Array: ["u32", "int"],
  Int16Array: ["i16", "int"],
  Uint16Array: ["u16", "int"],
  Int8Array: ["i8", "int"],
  Uint8Array: ["u8", "int"],
  BigInt64Array: ["i64", "big"],
  BigUint64Array: ["u64", "big"],
};

const PLAIN: Readonly<Record<string, Type>> = {
  number: { kind: "f64" },
  bigint: { kind: "big" },
  boolean: { kind: "bool" },
  string: { kind: "string" },
  void: { kind: "unit" },
  undefined: { kind: "unit" },
};

/** The typed array that JavaScript calls so. */
export function typedArray(name: string): Type | undefined {
  const [store, kind] = TYPED[name] ?? [];
  return store && kind && { kind: "array", of: { kind }, store, typed: true };
}

/** Turns TypeScript's types into Rust's, and gathers the structs that they need and what has no counterpart. */
export class TypeMap {
  /** By name, in the order in which they are declared. */
  readonly structs = new Map<string, ReadonlyMap<string, Type>>();
  readonly #known: ReadonlyMap<string, TsType>;
  readonly #note: (text: string) => void;
  readonly #open = new Set<string>();

  /** `known`: the interfaces and aliases of the notebook. `note` is told what could not be translated. */
  constructor(known: ReadonlyMap<string, TsType>, note: (text: string) => void) {
    this.#known = known;
    this.#note = note;
  }

  /** `what` names it in notes, and a struct made for an object without a name: `the parameter from`. */
  translate(type: TsType, what: string): Type {
    switch (type.kind) {
      case "literal":
        return PLAIN[type.of] ?? { kind: "f64" };
      case "tuple":
        return { kind: "tuple", items: type.items.map((item) => this.translate(item, what)) };
      case "object":
        return this.#struct(structName(what), type.fields, what);
      case "union":
        return this.#union(type.of, what);
      case "name":
        return this.#named(type.name, type.args, what);
      default:
        return this.#unknown("its type", what);
    }
  }

  #union(of: readonly TsType[], what: string): Type {
    const isNothing = (one: TsType) =>
      one.kind === "name" && (one.name === "null" || one.name === "undefined");
    const rest = of.filter((one) => !isNothing(one));
    const [first] = rest;
    if (!first) return { kind: "unit" };
    const types = rest.map((one) => this.translate(one, what));
    const texts = new Set(types.map((one) => rustType(one)));
    const [type] = types;
    if (texts.size > 1 || !type) return this.#unknown("a union of several types", what);
    if (rest.some(({ kind }) => kind === "literal"))
      this.#note(
        `${what} takes any ${rest[0]?.kind === "literal" ? rest[0].of : "value"}: Rust has no literal types.`,
      );
    return rest.length < of.length ? { kind: "option", of: type } : type;
  }

  #named(name: string, args: readonly TsType[], what: string): Type {
    const plain = PLAIN[name] ?? typedArray(name);
    if (plain) return plain;
    const [first, second] = args;
    if ((name === "Array" || name === "ReadonlyArray") && first) return listOf(this.translate(first, what));
    if ((name === "Readonly" || name === "NonNullable") && first) return this.translate(first, what);
    if (name === "Promise" && first) {
      this.#note(`${what} is a Promise in TypeScript: \`name.async(…)\` of the Rust function gives one.`);
      return this.translate(first, what);
    }
    if ((name === "Map" || name === "ReadonlyMap" || name === "Record") && first && second)
      return this.#keyed(
        { kind: "map", key: this.translate(first, what), value: this.translate(second, what) },
        what,
      );
    if ((name === "Set" || name === "ReadonlySet") && first)
      return this.#keyed({ kind: "set", of: this.translate(first, what) }, what);
    const known = this.#known.get(name);
    if (!known || args.length > 0) return this.#unknown(`the type ${name}`, what);
    return known.kind === "object" ? this.#struct(name, known.fields, what) : this.#alias(name, known, what);
  }

  #alias(name: string, known: TsType, what: string): Type {
    if (this.#open.has(name)) return this.#unknown(`the type ${name}, which holds itself`, what);
    this.#open.add(name);
    const type = this.translate(known, what);
    this.#open.delete(name);
    return type;
  }

  #struct(
    name: string,
    fields: readonly { name: string; optional: boolean; type: TsType }[],
    what: string,
  ): Type {
    const there = this.structs.get(name);
    if (there) return { kind: "struct", name, fields: there };
    if (this.#open.has(name)) return this.#unknown(`the type ${name}, which holds itself`, what);
    this.#open.add(name);
    const types = new Map<string, Type>();
    for (const field of fields) {
      const type = this.translate(field.type, `${name}.${field.name}`);
      types.set(field.name, field.optional && type.kind !== "option" ? { kind: "option", of: type } : type);
    }
    this.#open.delete(name);
    this.structs.set(name, types);
    return { kind: "struct", name, fields: types };
  }

  /** Rust's hashes take no floating-point numbers as keys. */
  #keyed<T extends Type & { kind: "map" | "set" }>(type: T, what: string): Type {
    const key = type.kind === "map" ? type.key : type.of;
    if (["int", "big", "bool", "string"].includes(key.kind)) return type;
    return this.#unknown(`a ${type.kind} whose keys are ${rustType(key)}`, what);
  }

  #unknown(which: string, what: string): Type {
    this.#note(`${what}: ${which} has no counterpart that is known here; f64 stands in its place.`);
    return { kind: "f64" };
  }
}

const listOf = (of: Type): Type => ({
  kind: "array",
  of,
  typed: false,
  ...(of.kind === "f64" && { store: "f64" as const }),
  ...(of.kind === "big" && { store: "i64" as const }),
});

/** `the parameter from` → `From`. */
function structName(what: string): string {
  const word = /[\p{ID_Continue}$]+$/u.exec(what)?.[0] ?? "Object";
  return word[0]?.toUpperCase() + word.slice(1);
}

/** A type as Rust writes it where a value is owned. */
export function rustType(type: Type): string {
  switch (type.kind) {
    case "f64":
    case "bool":
      return type.kind;
    case "int":
    case "big":
      return "i64";
    case "string":
      return "String";
    case "unit":
      return "()";
    case "array":
      return `Vec<${type.store ?? rustType(type.of)}>`;
    case "struct":
      return rustName(type.name);
    case "option":
      return `Option<${rustType(type.of)}>`;
    case "tuple":
      return `(${type.items.map(rustType).join(", ")}${type.items.length === 1 ? "," : ""})`;
    case "map":
      return `std::collections::HashMap<${rustType(type.key)}, ${rustType(type.value)}>`;
    case "set":
      return `std::collections::HashSet<${rustType(type.of)}>`;
  }
}

/** A type as Rust writes it for a parameter: what need not be copied is lent. `written`: the function writes into it. */
export function parameterType(type: Type, written: boolean): string {
  if (type.kind === "string") return "&str";
  if (type.kind === "struct") return `&${rustName(type.name)}`;
  if (type.kind === "array" && type.typed) return `&${written ? "mut " : ""}[${type.store}]`;
  return rustType(type);
}

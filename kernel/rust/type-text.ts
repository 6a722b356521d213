import type { RustNumber, RustType } from "./exports.ts";
import { notebookName } from "./names.ts";

const arrays: Partial<Record<RustNumber, string>> = {
  i8: "Int8Array",
  u8: "Uint8Array",
  i16: "Int16Array",
  u16: "Uint16Array",
  i32: "Int32Array",
  u32: "Uint32Array",
  f32: "Float32Array",
  f64: "Float64Array",
  i64: "BigInt64Array",
  u64: "BigUint64Array",
};

const big = new Set<RustNumber>(["i64", "u64", "i128", "u128"]);

/** How the types of one cell are written in TypeScript. */
export interface TypeWriter {
  /** 64- and 128-bit results are numbers. */
  readonly bigAsNumber: boolean;
  /** The types that classes of the notebook have to have, for arguments that take a trait: by the trait's path. */
  implementors(trait: string): readonly string[];
  /** What a path stands for that gives its items one by one. */
  lazy(path: string): { readonly item: RustType; readonly source: "iterator" | "channel" } | undefined;
}

/** What may be passed for a parameter. */
export function argumentType(type: RustType, writer: TypeWriter): string {
  const inside = (one: RustType) => argumentType(one, writer);
  switch (type.kind) {
    case "number":
      return big.has(type.name) ? "bigint | number" : "number";
    case "slice":
      return arrays[type.element] ?? "never";
    case "vec":
    case "array": {
      const array = arrayOf(type.element);
      const length = type.kind === "array" && !array ? type.length : undefined;
      const list =
        length === undefined ? `readonly (${inside(type.element)})[]` : tuple(type.element, length, inside);
      return array ? `${array} | ${list}` : list;
    }
    case "option":
      return `${inside(type.inner)} | null | undefined`;
    case "tuple":
      return `readonly [${type.elements.map(inside).join(", ")}]`;
    case "map": {
      const map = `ReadonlyMap<${inside(type.key)}, ${inside(type.value)}>`;
      return type.key.kind === "string" ? `${map} | Readonly<Record<string, ${inside(type.value)}>>` : map;
    }
    case "set":
      return `ReadonlySet<${inside(type.element)}> | readonly (${inside(type.element)})[]`;
    case "boxed":
    case "ref":
      return inside(type.inner);
    case "dyn":
    case "impl": {
      const names = writer.implementors(type.path);
      return names.length === 0 ? "object" : names.join(" | ");
    }
    case "callback": {
      const parameters = type.parameters.map(
        (one, index) => `${"abcdef"[index] ?? `value${index}`}: ${resultType(one, writer)}`,
      );
      const answer = type.returns.kind === "unit" ? "void" : inside(type.returns);
      return `((${parameters.join(", ")}) => ${answer})`;
    }
    default:
      return simple(type);
  }
}

/** What a call gives. */
export function resultType(type: RustType, writer: TypeWriter): string {
  const inside = (one: RustType) => resultType(one, writer);
  switch (type.kind) {
    case "number":
      return big.has(type.name) && !writer.bigAsNumber ? "bigint" : "number";
    case "slice":
      return arrays[type.element] ?? "never";
    case "vec":
      return arrayOf(type.element) ?? `(${inside(type.element)})[]`;
    case "array":
      return arrayOf(type.element) ?? tuple(type.element, type.length, inside);
    case "option":
      return `${inside(type.inner)} | null`;
    case "tuple":
      return `[${type.elements.map(inside).join(", ")}]`;
    case "map":
      return `Map<${inside(type.key)}, ${inside(type.value)}>`;
    case "set":
      return `Set<${inside(type.element)}>`;
    case "boxed":
    case "ref":
      return inside(type.inner);
    case "dyn":
    case "impl":
    case "callback":
      return "never";
    case "instance": {
      const lazy = writer.lazy(type.path);
      if (!lazy) return simple(type);
      const item = inside(lazy.item);
      return lazy.source === "channel"
        ? `AsyncGenerator<${item}, void, undefined>`
        : `IterableIterator<${item}> & { [Symbol.dispose](): void }`;
    }
    default:
      return simple(type);
  }
}

function arrayOf(element: RustType): string | undefined {
  return element.kind === "number" ? arrays[element.name] : undefined;
}

/** Longer arrays are shown as lists: a tuple of their length helps nobody. */
function tuple(element: RustType, length: number, inside: (type: RustType) => string): string {
  if (length > 8) return `(${inside(element)})[]`;
  return `[${Array.from({ length }, () => inside(element)).join(", ")}]`;
}

function simple(
  type: Extract<RustType, { kind: "unit" | "bool" | "char" | "string" | "str" | "data" | "instance" }>,
): string {
  switch (type.kind) {
    case "unit":
      return "undefined";
    case "bool":
      return "boolean";
    case "data":
    case "instance":
      return type.name.split("::").map(notebookName).join(".");
    default:
      return "string";
  }
}

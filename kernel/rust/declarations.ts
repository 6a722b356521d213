import type { RustFunction, RustNumber, RustType } from "./exports.ts";
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

export interface DeclarationOptions {
  /** The name of the object that holds the functions; without one they are names of the notebook. */
  readonly namespace?: string | undefined;
  /** 64- and 128-bit results are numbers. */
  readonly bigAsNumber: boolean;
}

/** The functions as TypeScript declarations for the cells below, with their doc comments. */
export function declarations(functions: readonly RustFunction[], options: DeclarationOptions): string {
  const types = functions.map((fn) => ({ fn, type: functionType(fn, options.bigAsNumber) }));
  if (options.namespace === undefined) {
    return types
      .map(({ fn, type }) => `${comment(fn.doc)}declare const ${notebookName(fn.name)}: ${type};\n`)
      .join("");
  }
  const members = types.map(
    ({ fn, type }) => `${comment(fn.doc)}readonly ${notebookName(fn.name)}: ${type};`,
  );
  return `declare const ${options.namespace}: {\n${members.join("\n")}\n};\n`;
}

function functionType(fn: RustFunction, bigAsNumber: boolean): string {
  // Trailing options may be left out of a call.
  const lastNeeded = fn.parameters.findLastIndex(({ type }) => type.kind !== "option");
  const parameters = fn.parameters
    .map(({ name, type }, index) => {
      const optional = index > lastNeeded ? "?" : "";
      return `${notebookName(name)}${optional}: ${argumentType(type)}`;
    })
    .join(", ");
  const result = resultType(fn.returns, bigAsNumber);
  return `{ (${parameters}): ${result}; async(${parameters}): Promise<${result}> }`;
}

/** What may be passed for a parameter. */
function argumentType(type: RustType): string {
  switch (type.kind) {
    case "number":
      return big.has(type.name) ? "bigint | number" : "number";
    case "slice":
      return arrays[type.element] ?? "never";
    case "vec": {
      const array = type.element.kind === "number" ? arrays[type.element.name] : undefined;
      const list = `readonly (${argumentType(type.element)})[]`;
      return array ? `${array} | ${list}` : list;
    }
    case "option":
      return `${argumentType(type.inner)} | null | undefined`;
    case "tuple":
      return `readonly [${type.elements.map(argumentType).join(", ")}]`;
    default:
      return simple(type.kind);
  }
}

/** What a call gives. */
function resultType(type: RustType, bigAsNumber: boolean): string {
  switch (type.kind) {
    case "number":
      return big.has(type.name) && !bigAsNumber ? "bigint" : "number";
    case "slice":
      return arrays[type.element] ?? "never";
    case "vec": {
      const array = type.element.kind === "number" ? arrays[type.element.name] : undefined;
      return array ?? `(${resultType(type.element, bigAsNumber)})[]`;
    }
    case "option":
      return `${resultType(type.inner, bigAsNumber)} | null`;
    case "tuple":
      return `[${type.elements.map((element) => resultType(element, bigAsNumber)).join(", ")}]`;
    default:
      return simple(type.kind);
  }
}

function simple(kind: "unit" | "bool" | "char" | "string" | "str"): string {
  if (kind === "unit") return "undefined";
  return kind === "bool" ? "boolean" : "string";
}

function comment(doc: string): string {
  return doc ? `/** ${doc.replaceAll("*/", "*​/").replaceAll("\n", "\n * ")} */\n` : "";
}

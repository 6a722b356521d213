import { lastName } from "./classes.ts";
import {
  isOwn,
  type RustDefinition,
  type RustExports,
  type RustField,
  type RustFunction,
} from "./exports.ts";
import { notebookName } from "./names.ts";
import { argumentType, resultType, type TypeWriter } from "./type-text.ts";

export interface DeclarationOptions {
  /** The name of the object that holds everything; without one the names are names of the notebook. */
  readonly namespace?: string | undefined;
  /** 64- and 128-bit results are numbers. */
  readonly bigAsNumber: boolean;
  /** Classes of earlier cells, with the paths of their traits: what may be passed where a trait is asked for. */
  readonly earlier?: readonly RustDefinition[];
}

/** What a cell exports as TypeScript declarations for the cells below, with the doc comments. */
export function declarations(exports: RustExports, options: DeclarationOptions): string {
  const known = [...exports.types.filter(isOwn), ...(options.earlier ?? [])];
  const writer: TypeWriter = {
    bigAsNumber: options.bigAsNumber,
    implementors: (trait) =>
      known
        .filter(({ shape }) => shape.kind === "class" && shape.traits.some(({ path }) => path === trait))
        .map(({ name }) => name.split("::").map(notebookName).join(".")),
    lazy(path) {
      const shape = exports.types.find((one) => one.path === path)?.shape;
      return shape?.kind === "lazy" ? shape : undefined;
    },
  };
  const root: Module = { own: [], modules: new Map() };
  for (const fn of exports.functions) {
    if (fn.owner === null) inModule(root, fn.module).own.push((at) => freeDeclaration(fn, at, writer));
  }
  for (const one of exports.types.filter(isOwn)) {
    if (one.shape.kind === "lazy") continue;
    const members = exports.functions.filter(({ owner }) => owner === one.name);
    const module = inModule(root, one.name.split("::").slice(0, -1));
    module.own.push((at) => typeDeclaration(one, members, at, writer));
  }
  if (options.namespace === undefined) return moduleText(root, "declare ");
  return `declare namespace ${options.namespace} {\n${moduleText(root, "export ")}}\n`;
}

/** `declare ` at a cell's top level, `export ` inside a namespace. */
type Keyword = "declare " | "export ";

interface Module {
  readonly own: ((keyword: Keyword) => string)[];
  readonly modules: Map<string, Module>;
}

function inModule(root: Module, path: readonly string[]): Module {
  let module = root;
  for (const name of path) {
    const inner = module.modules.get(name) ?? { own: [], modules: new Map() };
    module.modules.set(name, inner);
    module = inner;
  }
  return module;
}

function moduleText({ own, modules }: Module, keyword: Keyword): string {
  const inner = [...modules].map(
    ([name, module]) => `${keyword}namespace ${notebookName(name)} {\n${moduleText(module, "export ")}}\n`,
  );
  return [...own.map((write) => write(keyword)), ...inner].join("");
}

function freeDeclaration(fn: RustFunction, keyword: Keyword, writer: TypeWriter): string {
  const type = fn.role === "constant" ? resultType(fn.returns, writer) : functionType(fn, writer);
  return `${comment(fn.doc)}${keyword}const ${notebookName(fn.name)}: ${type};\n`;
}

function typeDeclaration(
  definition: RustDefinition,
  members: readonly RustFunction[],
  keyword: Keyword,
  writer: TypeWriter,
): string {
  const name = notebookName(lastName(definition.name));
  const { shape, doc } = definition;
  if (shape.kind === "class") {
    return `${comment(doc)}${keyword}class ${name} {\n${classBody(members, shape.iterator, writer)}}\n`;
  }
  const data = `${comment(doc)}${keyword}${dataType(name, shape, writer)}\n`;
  if (members.length === 0) return data;
  const inside = members.map((fn) => {
    const type = fn.role === "constant" ? resultType(fn.returns, writer) : functionType(fn, writer);
    return `${comment(fn.doc)}readonly ${notebookName(fn.name)}: ${type};\n`;
  });
  return `${data}${keyword}const ${name}: {\n${inside.join("")}};\n`;
}

function dataType(name: string, shape: RustDefinition["shape"], writer: TypeWriter): string {
  switch (shape.kind) {
    case "struct":
      return `interface ${name} {\n${fieldsText(shape.fields, writer)}}`;
    case "tuple": {
      const [only, ...others] = shape.elements.map((one) => resultType(one, writer));
      return `type ${name} = ${others.length === 0 && only ? only : `[${[only, ...others].join(", ")}]`};`;
    }
    case "enum": {
      const bare = shape.variants.every(({ fields }) => fields.kind === "unit");
      const all = shape.variants.map(({ name: variant, doc, fields }) => {
        const kind = JSON.stringify(variant);
        if (bare) return `${comment(doc)}${kind}`;
        if (fields.kind === "unit") return `${comment(doc)}{ kind: ${kind} }`;
        if (fields.kind === "named")
          return `${comment(doc)}{ kind: ${kind};\n${fieldsText(fields.fields, writer)}}`;
        const types = fields.elements.map((one) => resultType(one, writer));
        const held = types.length === 1 ? `value: ${types[0]}` : `values: [${types.join(", ")}]`;
        return `${comment(doc)}{ kind: ${kind}; ${held} }`;
      });
      return `type ${name} =\n| ${all.join("\n| ") || "never"};`;
    }
    default:
      return "";
  }
}

function fieldsText(fields: readonly RustField[], writer: TypeWriter): string {
  return fields
    .map(({ name, type, doc }) => {
      // Left out in an argument it is None; in results it is always there.
      const optional = type.kind === "option" ? "?" : "";
      return `${comment(doc)}${name}${optional}: ${resultType(type, writer)};\n`;
    })
    .join("");
}

function classBody(members: readonly RustFunction[], iterator: boolean, writer: TypeWriter): string {
  const create = members.find(({ role, name }) => role === "static" && name === "new");
  const lines = [
    create
      ? `${comment(create.doc)}constructor(${parametersText(create, writer)});`
      : "private constructor();",
    // Classes of the same members are not the same class.
    "#rust: never;",
    "[Symbol.dispose](): void;",
  ];
  for (const fn of members) {
    const name = notebookName(fn.name);
    if (fn.role === "static")
      lines.push(`${comment(fn.doc)}static readonly ${name}: ${functionType(fn, writer)};`);
    if (fn.role === "constant")
      lines.push(`${comment(fn.doc)}static readonly ${name}: ${resultType(fn.returns, writer)};`);
    if (fn.role === "method") lines.push(`${comment(fn.doc)}readonly ${name}: ${functionType(fn, writer)};`);
    if (fn.role === "getter")
      lines.push(`${comment(fn.doc)}get ${name}(): ${resultType(fn.returns, writer)};`);
    const value = fn.parameters[1];
    if (fn.role === "setter" && value) lines.push(`set ${name}(value: ${argumentType(value.type, writer)});`);
  }
  const next = members.find(({ role, name }) => role === "method" && name === "next");
  if (iterator && next?.returns.kind === "option") {
    lines.push(`[Symbol.iterator](): Generator<${resultType(next.returns.inner, writer)}, void>;`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

function functionType(fn: RustFunction, writer: TypeWriter): string {
  const parameters = parametersText(fn, writer);
  const result = resultType(fn.returns, writer);
  const options = `${parameters ? ", " : ""}options?: { readonly signal?: AbortSignal }`;
  const later = `(${parameters}${options}): Promise<${result}>`;
  // Where it is called an editor shows the comment of the signature, elsewhere that of the name.
  const doc = comment(fn.doc);
  const call = fn.async ? later : `(${parameters}): ${result}`;
  return `{\n${doc}${call};\n${doc}async${later} }`;
}

function parametersText(fn: RustFunction, writer: TypeWriter): string {
  const all = fn.role === "method" && takesSelf(fn) ? fn.parameters.slice(1) : fn.parameters;
  // Trailing options may be left out of a call.
  const lastNeeded = all.findLastIndex(({ type }) => type.kind !== "option");
  return all
    .map(({ name, type }, index) => {
      const optional = index > lastNeeded ? "?" : "";
      return `${notebookName(name)}${optional}: ${argumentType(type, writer)}`;
    })
    .join(", ");
}

/** A method of a class is called on an instance; one of an enum or a plain struct takes the value as its argument. */
const takesSelf = ({ parameters: [first] }: RustFunction): boolean => first?.type.kind === "instance";

function comment(doc: string): string {
  return doc ? `/** ${doc.replaceAll("*/", "*​/").replaceAll("\n", "\n * ")} */\n` : "";
}

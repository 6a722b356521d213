import type { BlockStatement, Statement } from "acorn";
import { type FoundFunction, findFunction } from "./find-function.ts";
import { integersOf } from "./integers.ts";
import { HELPERS, TO_INT32 } from "./math.ts";
import { rustName } from "./names.ts";
import { Scope, type Self, Untranslated } from "./scope.ts";
import { changedIn, statements } from "./statements.ts";
import { declaredTypes, parseType, type TsType } from "./type-parser.ts";
import { parameterType, rustType, type Type, TypeMap } from "./types.ts";

/** A function as a `%%rust` cell. */
export interface RustCell {
  /** The whole cell, magic line included. It compiles as it is. */
  readonly text: string;
  /** The same with `todo!()` for the body. */
  readonly skeleton: string;
  /** Whether the body is Rust too. */
  readonly complete: boolean;
  /** What could not be translated, and what differs: a sentence each. */
  readonly notes: readonly string[];
}

/** What is known of a function besides its own text. */
export interface Known {
  /** Other texts of the notebook, newest last: their types are known. */
  readonly around?: readonly string[];
  /** The function's type as TypeScript tells it, for what is not written: `function f(n: number): number`. */
  readonly signature?: string | undefined;
}

/**
 * The function `name` of a TypeScript text as a `%%rust` cell with its signature, and its body where every part of that is known to mean
 * the same in Rust; else with `todo!()` and the original as a comment. Nothing where the text declares no such function.
 */
export function rustFromTypeScript(source: string, name: string, known: Known = {}): RustCell | undefined {
  const found = findFunction(source, name);
  if (!found) return undefined;
  const notes: string[] = [];
  const note = (text: string) => void (notes.includes(text) || notes.push(text));
  const types = new TypeMap(typesOf([...(known.around ?? []), source]), note);
  const told = known.signature === undefined ? undefined : inferred(known.signature, name);
  const changed = new Set(changedIn(found.body));
  const parameters = found.parameters.map((parameter, i) => {
    const what = `the parameter ${parameter.name ?? i + 1}`;
    if (parameter.name === undefined) note(`${what} is taken apart in TypeScript; name its fields by \`.\`.`);
    if (parameter.rest) note(`${what} takes all that is left over; in Rust it is one array.`);
    const written = parameter.type ?? told?.parameters[i]?.type;
    if (written === undefined) note(`${what} has no type; f64 stands in its place.`);
    const type =
      written === undefined ? ({ kind: "f64" } as const) : types.translate(parseType(written), what);
    const optional = parameter.optional && type.kind !== "option";
    return {
      name: parameter.name ?? `argument${i + 1}`,
      type: optional ? ({ kind: "option", of: type } as const) : type,
    };
  });
  const names = parameters.map((one) => one.name);
  const numbers = new Set(parameters.filter(({ type }) => type.kind === "f64").map((one) => one.name));
  const integers = integersOf(found.body, names, (one) => !names.includes(one) || numbers.has(one));
  const typed = parameters.map((one): { name: string; type: Type; written: boolean } => ({
    name: one.name,
    type: integers.has(one.name) ? { kind: "int" } : one.type,
    written: changed.has(one.name),
  }));
  const result = types.translate(parseType(found.result ?? told?.result ?? "void"), "the result");
  if ((found.result ?? told?.result) === undefined)
    note("The type of the result is not known: it is taken for nothing.");
  for (const { name: one, type } of typed)
    if (type.kind === "int")
      note(`\`${one}\` is an integer (i64): it is used as an index or as the end of a count.`);
  const signature = (mutable: boolean) =>
    `pub fn ${rustName(name)}(${typed.map((one) => declared(one, mutable)).join(", ")})${result.kind === "unit" ? "" : ` -> ${rustType(result)}`}`;
  const body = translateBody(found, { name, parameters: typed, result }, integers, changed, types, note);
  const lines = body ?? [];
  const head = (withHelpers: string) => [
    "%%rust",
    ...(withHelpers === "" ? [] : [withHelpers]),
    ...[...types.structs].map(([struct, fields]) => structText(struct, fields)),
  ];
  const attributes = isSnake(name, [...names, ...locals(lines)]) ? [] : ["#[allow(non_snake_case)]"];
  const skeleton = [
    ...head(""),
    ...(isSnake(name, names) ? [] : ["#[allow(non_snake_case)]"]),
    "#[allow(unused_variables)]",
    `${signature(false)} {`,
    ...found.text.split("\n").map((line) => `    // ${line}`.trimEnd()),
    "    todo!()",
    "}",
    "",
  ].join("\n");
  const text =
    body &&
    [
      ...head(helpersOf(lines)),
      ...attributes,
      `${signature(true)} {`,
      ...lines.map((line) => `    ${line}`),
      "}",
      "",
    ].join("\n");
  return { text: text ?? skeleton, skeleton, complete: body !== undefined, notes };
}

/** The body's lines, or nothing where a part of it is not known. */
function translateBody(
  found: FoundFunction,
  self: Self & { parameters: readonly { name: string; type: Type; written: boolean }[] },
  integers: ReadonlySet<string>,
  changed: ReadonlySet<string>,
  types: TypeMap,
  note: (text: string) => void,
): string[] | undefined {
  const pending: string[] = [];
  const scope = new Scope({
    self,
    integers,
    changed,
    declared: ({ end }, name) => {
      const text = found.typeAt(end);
      return text === undefined ? undefined : types.translate(parseType(text), name);
    },
    note: (text) => pending.push(text),
  });
  try {
    if (found.isAsync || found.isGenerator)
      throw new Untranslated(found.isAsync ? "await" : "yield", found.body);
    for (const { name, type, written } of self.parameters) {
      const lent = (type.kind === "array" && type.typed) || type.kind === "struct" || type.kind === "string";
      if (written && !lent && type.kind === "array")
        throw new Untranslated(
          `the parameter ${name} is an array that it writes into; a typed array is lent to Rust, and`,
          found.body,
        );
      if (written && type.kind === "struct")
        throw new Untranslated(
          `the parameter ${name} is an object that it writes into, and this`,
          found.body,
        );
      scope.declare(name, { type, lent });
    }
    const lines = statements(statementsOf(found), scope);
    for (const text of pending) note(text);
    if (integers.size > 0 || /\[/.test(lines.join())) noteIndices(lines, note);
    return lines;
  } catch (error) {
    if (!(error instanceof Untranslated)) throw error;
    note(`The body is left to you: ${error.message} (line ${found.lineOf(error.offset)}) is not translated.`);
    return undefined;
  }
}

function noteIndices(lines: readonly string[], note: (text: string) => void): void {
  if (lines.some((line) => / as usize\]|\[\d+\]/.test(line)))
    note("An index outside of its array is an error in Rust; JavaScript gives `undefined`.");
}

function statementsOf({ body }: FoundFunction): readonly Statement[] {
  if (body.type === "BlockStatement") return (body as BlockStatement).body;
  // `(n) => n + 1` returns what it is. Built, not parsed.
  return [{ type: "ReturnStatement", argument: body, start: body.start, end: body.end } as Statement];
}

function declared(
  { name, type, written }: { name: string; type: Type; written: boolean },
  mutable: boolean,
): string {
  const byValue = type.kind !== "array" && type.kind !== "struct";
  return `${written && byValue && mutable ? "mut " : ""}${rustName(name)}: ${parameterType(type, written)}`;
}

function structText(name: string, fields: ReadonlyMap<string, Type>): string {
  const own = [...fields].map(([field, type]) => `    pub ${rustName(field)}: ${rustType(type)},\n`).join("");
  const attributes = isSnake("", [...fields.keys()]) ? "" : "#[allow(non_snake_case)]\n";
  return `${attributes}#[derive(Clone)]\npub struct ${rustName(name)} {\n${own}}\n`;
}

/** What the lines call of our own. */
function helpersOf(lines: readonly string[]): string {
  const text = lines.join("\n");
  const used = Object.entries(HELPERS).filter(([name]) => text.includes(`js_${name}(`));
  const parts = [...(text.includes("to_int32(") ? [TO_INT32] : []), ...used.map(([, { rust }]) => rust)];
  return parts.length === 0 ? "" : `${parts.join("\n\n")}\n`;
}

const isSnake = (name: string, names: readonly string[]) =>
  [name, ...names].every((one) => /^[a-z0-9_]*$/.test(one));

const locals = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => /^\s*(?:let(?: mut)?|for) ([\p{ID_Continue}]+)/u.exec(line)?.[1] ?? []);

function typesOf(texts: readonly string[]): Map<string, TsType> {
  return new Map(texts.flatMap((text) => [...declaredTypes(text)]));
}

/** What TypeScript says of a function, as `function f(n: number): number` or `const f: (n: number) => number`. */
function inferred(signature: string, name: string): FoundFunction | undefined {
  const arrow = /^(?:const|let|var)\s+[^:]+:\s*([\s\S]*)$/.exec(signature)?.[1];
  const asArrow = arrow && `const ${name} = ${arrow.replace(/\)\s*=>\s*([\s\S]+)$/, "): $1 => { throw 0 }")}`;
  return findFunction(asArrow ?? `${signature} { throw 0 }`, name);
}

import type { AnyNode } from "acorn";
import { type Scope, Untranslated } from "./scope.ts";
import type { Type } from "./types.ts";

/** Rust's text of an expression. `binds`: how strongly, as below; what binds less is put in parentheses. */
export interface Rust {
  readonly text: string;
  readonly type: Type;
  readonly binds: number;
  /** The value of an integer literal, which may become either kind of number. */
  readonly literal?: number;
  /** The same with f64 throughout, where an integer cannot say what JavaScript's number can: -0. */
  readonly asFloat?: Rust;
}

/** How strongly Rust's operators bind (The Rust Reference, "Expression precedence"). */
export const BINDS: Readonly<Record<string, number>> = {
  "||": 2,
  "&&": 3,
  "==": 4,
  "+": 6,
  "*": 7,
};
export const CAST = 8;
export const UNARY = 9;
export const ATOM = 10;
export const LOWEST = 0;

export const F64: Type = { kind: "f64" };
export const INT: Type = { kind: "int" };
export const BOOLEAN: Type = { kind: "bool" };

export const atom = (text: string, type: Type): Rust => ({ text, type, binds: ATOM });
/** The text, in parentheses where it binds less than what stands around it; `a as f64 < b` would be read as a generic type. */
export const within = ({ text, binds }: Rust, least: number): string =>
  binds < least || binds === CAST ? `(${text})` : text;
/** `text`, which binds as an operator's operand does, as an integer. */
export const cast = (text: string): Rust => ({ text: `${text} as i64`, type: INT, binds: CAST });

/** A number as a literal of f64. */
export const floatText = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e16
    ? `${value}.0`
    : /[.e]/.test(String(value))
      ? String(value)
      : `${value}.0`;

/** A number as f64. */
export function asFloat(value: Rust, node: AnyNode): Rust {
  if (value.type.kind === "f64") return value;
  if (value.asFloat) return value.asFloat;
  if (value.literal !== undefined)
    return { ...atom(floatText(value.literal), F64), binds: value.literal < 0 ? UNARY : ATOM };
  if (value.type.kind === "int") return { text: `${within(value, UNARY)} as f64`, type: F64, binds: CAST };
  throw new Untranslated("a value that is no number here", node);
}

/** Two values as one type. */
export function sameKind(left: Rust, right: Rust, node: AnyNode): [Rust, Rust] {
  const kinds = [left.type.kind, right.type.kind];
  if (
    kinds.includes("f64") ||
    (left.literal !== undefined && right.literal !== undefined && kinds[0] === "int")
  )
    return [asFloat(left, node), asFloat(right, node)];
  if (left.type.kind !== right.type.kind || !["int", "big", "bool"].includes(left.type.kind))
    throw new Untranslated("values of several types, or of none that is known here", node);
  return [left, right];
}

/**
 * A call of a method of Rust's numbers. Of a value that begins with a literal the compiler does not know the type yet: there the type is
 * named.
 */
export function method(of: Rust, name: string, rest: readonly Rust[], type: Type): Rust {
  const others = rest.map(({ text }) => text);
  if (/^[(-]*(?!if\b)[\p{ID_Start}_]/u.test(of.text))
    return atom(`${within(of, ATOM)}.${name}(${others.join(", ")})`, type);
  return atom(`${of.type.kind === "f64" ? "f64" : "i64"}::${name}(${[of.text, ...others].join(", ")})`, type);
}

/** An index as Rust takes it. */
export function indexText(index: Rust, node: AnyNode): string {
  if (index.literal !== undefined && index.literal >= 0) return String(index.literal);
  if (index.type.kind !== "int") throw new Untranslated("an index that may be no integer", node);
  return `${within(index, UNARY)} as usize`;
}

/** What an array's item is as a number of JavaScript's. */
export function loaded(place: string, { of, store = "f64" }: Type & { kind: "array" }): Rust {
  if (store === "f64" || store === "i64") return atom(place, of);
  return { text: `${place} as ${of.kind === "f64" ? "f64" : "i64"}`, type: of, binds: CAST };
}

/** Says once that a function may differ in its last digit. */
export const inexact = (name: string, scope: Scope): void =>
  scope.note(`${name} comes from another library than V8's: its last digit may differ.`);

import type { AnyNode, BinaryExpression, Expression, Literal, MemberExpression } from "acorn";
import { call } from "./calls.ts";
import { BITS, isRounding } from "./integers.ts";
import { CONSTANTS } from "./math.ts";
import { rustName } from "./names.ts";
import { nameOf } from "./node-names.ts";
import {
  ATOM,
  asFloat,
  atom,
  BINDS,
  BOOLEAN,
  cast,
  F64,
  floatText,
  INT,
  indexText,
  inexact,
  LOWEST,
  loaded,
  method,
  type Rust,
  sameKind,
  UNARY,
  within,
} from "./rust-text.ts";
import { type Scope, Untranslated } from "./scope.ts";
import type { Type } from "./types.ts";

/**
 * An expression in Rust. `index`: it is a part of an index, where integers may be multiplied as such. Throws `Untranslated` for what
 * is not known to mean the same.
 */
export function translate(node: AnyNode, scope: Scope, index = false): Rust {
  switch (node.type) {
    case "Literal":
      return literal(node);
    case "Identifier":
      return identifier(node, scope);
    case "UnaryExpression":
      return unary(node, scope, index);
    case "BinaryExpression":
      return binary(node, scope, index);
    case "LogicalExpression": {
      if (node.operator === "??") break;
      const [left, right] = [truth(node.left, scope), truth(node.right, scope)];
      const binds = BINDS[node.operator] ?? LOWEST;
      return {
        text: `${within(left, binds)} ${node.operator} ${within(right, binds + 1)}`,
        type: BOOLEAN,
        binds,
      };
    }
    case "ConditionalExpression": {
      const test = truth(node.test, scope);
      const [yes, no] = sameKind(
        translate(node.consequent, scope, index),
        translate(node.alternate, scope, index),
        node,
      );
      return { text: `if ${test.text} { ${yes.text} } else { ${no.text} }`, type: yes.type, binds: LOWEST };
    }
    case "MemberExpression":
      return member(node, scope);
    case "CallExpression": {
      const value = call(node, scope);
      if (!index || !isRounding(node) || value.type.kind !== "f64") return value;
      return cast(within(value, UNARY));
    }
  }
  throw new Untranslated(nameOf(node), node);
}

function literal(node: Literal): Rust {
  const { value } = node;
  if (typeof value === "boolean") return atom(String(value), BOOLEAN);
  if (typeof value === "bigint") return atom(String(value), { kind: "big" });
  if (typeof value !== "number")
    throw new Untranslated(value === null ? "null here" : "a text or pattern", node);
  if (Number.isSafeInteger(value)) return { ...atom(String(value), INT), literal: value };
  return atom(floatText(value), F64);
}

function identifier(node: AnyNode & { name: string }, scope: Scope): Rust {
  const known = scope.find(node.name);
  if (!known && node.name === "Infinity") return atom("f64::INFINITY", F64);
  if (!known && node.name === "NaN") return atom("f64::NAN", F64);
  return atom(rustName(node.name), scope.get(node).type);
}

function unary(
  node: AnyNode & { operator: string; argument: Expression },
  scope: Scope,
  index: boolean,
): Rust {
  if (node.operator === "!") {
    const value = truth(node.argument, scope);
    return { text: `!${within(value, UNARY)}`, type: BOOLEAN, binds: UNARY };
  }
  const value = translate(node.argument, scope, index);
  if (node.operator === "-") {
    if (value.literal === 0) return { text: "-0.0", type: F64, binds: UNARY };
    if (!["f64", "int", "big"].includes(value.type.kind))
      throw new Untranslated("- of what is no number", node);
    const literal = value.literal === undefined ? {} : { literal: -value.literal };
    const negative = (of: Rust): Rust => ({ text: `-${within(of, UNARY)}`, type: of.type, binds: UNARY });
    const zero = value.type.kind === "int" && value.literal === undefined;
    return { ...negative(value), ...literal, ...(zero && { asFloat: negative(asFloat(value, node)) }) };
  }
  if (node.operator === "+" && (value.type.kind === "f64" || value.type.kind === "int")) return value;
  if (node.operator === "~" && value.type.kind !== "big") return cast(`!${int32(value, node)}`);
  throw new Untranslated(`the operator ${node.operator}`, node);
}

function binary(node: BinaryExpression, scope: Scope, index: boolean): Rust {
  const { operator } = node;
  if (node.left.type === "PrivateIdentifier") throw new Untranslated("a private name", node);
  const left = translate(node.left, scope, index);
  const right = translate(node.right, scope, index);
  if (BITS.has(operator)) return bits(operator, left, right, node);
  if (/^(?:[<>]=?|[!=]==?)$/.test(operator)) return compare(operator, left, right, node);
  const whole = left.type.kind === "int" && right.type.kind === "int";
  const big = left.type.kind === "big" && right.type.kind === "big";
  const binds = operator === "+" || operator === "-" ? 6 : 7;
  if (operator === "**" && !big) {
    inexact("Math.pow", scope);
    return method(asFloat(left, node), "powf", [asFloat(right, node)], F64);
  }
  if (!/^[-+*/%]$/.test(operator)) throw new Untranslated(`the operator ${operator}`, node);
  // A product of integers is rounded in JavaScript where it is large; as an index it is not large.
  const exact =
    operator === "+" ||
    operator === "-" ||
    (operator === "*" && index) ||
    (operator === "%" && nonZero(right));
  const literals = left.literal !== undefined && right.literal !== undefined;
  const join = (a: Rust, b: Rust, type: Type): Rust => ({
    text: `${within(a, binds)} ${operator} ${within(b, binds + 1)}`,
    type,
    binds,
  });
  if (big) return join(left, right, left.type);
  const float = () => join(asFloat(left, node), asFloat(right, node), F64);
  if (!whole || !exact || literals) return float();
  return { ...join(left, right, left.type), ...(operator === "%" && { asFloat: float() }) };
}

const nonZero = ({ literal = 0 }: Rust) => literal !== 0;

function compare(operator: string, left: Rust, right: Rust, node: AnyNode): Rust {
  const rust = operator.replace(/^([!=]=)=$/, "$1");
  const [a, b] = sameKind(left, right, node);
  const ordered = ["f64", "int", "big"].includes(a.type.kind);
  if (!ordered && !(a.type.kind === "bool" && /^[!=]=$/.test(rust)))
    throw new Untranslated(`${operator} of what are no numbers`, node);
  return { text: `${within(a, 5)} ${rust} ${within(b, 5)}`, type: BOOLEAN, binds: 4 };
}

function bits(operator: string, left: Rust, right: Rust, node: AnyNode): Rust {
  if (left.type.kind === "big" || right.type.kind === "big")
    throw new Untranslated("bit operators of bigints", node);
  const [a, b] = [int32(left, node), int32(right, node)];
  if (operator === ">>>") return cast(`(${a} as u32).wrapping_shr(${b} as u32)`);
  if (operator === "<<") return cast(`${a}.wrapping_shl(${b} as u32)`);
  if (operator === ">>") return cast(`${a}.wrapping_shr(${b} as u32)`);
  return cast(`(${a} ${operator} ${b})`);
}

/** A number as bit operators take it. */
function int32(value: Rust, node: AnyNode): string {
  if (value.literal !== undefined) {
    const bits = `${value.literal | 0}_i32`;
    return value.literal < 0 || bits.startsWith("-") ? `(${bits})` : bits;
  }
  if (value.type.kind === "int") return `(${within(value, UNARY)} as i32)`;
  return `to_int32(${asFloat(value, node).text})`;
}

/** A condition; what JavaScript would only take for true or false is left. */
export function truth(node: AnyNode, scope: Scope): Rust {
  const value = translate(node, scope);
  if (value.type.kind !== "bool") throw new Untranslated("a condition that is not a boolean", node);
  return value;
}

function member(node: MemberExpression, scope: Scope): Rust {
  const { object, property } = node;
  if (object.type === "Super" || property.type === "PrivateIdentifier" || node.optional)
    throw new Untranslated("a private, optional or inherited member", node);
  if (node.computed) return item(node, scope).value;
  const name = property.type === "Identifier" ? property.name : "";
  if (object.type === "Identifier" && !scope.find(object.name)) {
    const constant = object.name === "Math" ? CONSTANTS[name] : undefined;
    if (constant) return atom(constant, F64);
    throw new Untranslated(`${object.name}.${name}`, node);
  }
  const of = translate(object, scope);
  if (of.type.kind === "array" && name === "length") return cast(`${within(of, ATOM)}.len()`);
  const field = of.type.kind === "struct" ? of.type.fields.get(name) : undefined;
  if (!field) throw new Untranslated(`.${name}`, node);
  return atom(`${within(of, ATOM)}.${rustName(name)}`, field);
}

/** An item of an array: as a value, and as a place that can be written to. */
export function item(
  node: MemberExpression,
  scope: Scope,
): { value: Rust; place: string; array: Type & { kind: "array" } } {
  const of = translate(node.object, scope);
  if (of.type.kind !== "array") throw new Untranslated("an index into what is no array", node);
  const index = translate(node.property, scope, true);
  const place = `${within(of, ATOM)}[${indexText(index, node)}]`;
  const array = of.type;
  if (array.store === "u64") throw new Untranslated("an item of a BigUint64Array", node);
  return { place, array, value: loaded(place, array) };
}

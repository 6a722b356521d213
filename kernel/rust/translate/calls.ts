import type { CallExpression, Expression, SpreadElement } from "acorn";
import { translate } from "./expressions.ts";
import { EXACT, HELPERS, METHODS, TWO_ARGUMENTS } from "./math.ts";
import { rustName } from "./names.ts";
import { asFloat, atom, BOOLEAN, F64, INT, inexact, method, type Rust } from "./rust-text.ts";
import { type Scope, Untranslated } from "./scope.ts";
import { rustType, type Type } from "./types.ts";

/** A call: of the function itself, or of one of `Math`'s and `Number`'s. */
export function call(node: CallExpression, scope: Scope): Rust {
  const { callee } = node;
  const args = node.arguments.map((one) => plain(one));
  if (callee.type === "Identifier" && callee.name === scope.self.name && !scope.find(callee.name))
    return callSelf(node, args, scope);
  if (
    callee.type === "MemberExpression" &&
    callee.object.type === "Identifier" &&
    callee.property.type === "Identifier"
  ) {
    const { object, property } = callee;
    if (object.name === "Math" && !scope.find("Math")) return math(property.name, args, node, scope);
    if (object.name === "Number" && !scope.find("Number")) return number(property.name, args, node, scope);
    if (!scope.find(object.name)) throw new Untranslated(`the call of ${object.name}.${property.name}`, node);
    throw new Untranslated(`the call of .${property.name}`, node);
  }
  throw new Untranslated(callee.type === "Identifier" ? `the call of ${callee.name}` : "a call", node);
}

export function plain(node: Expression | SpreadElement): Expression {
  if (node.type === "SpreadElement") throw new Untranslated("… in a call", node);
  return node;
}

function callSelf(node: CallExpression, args: readonly Expression[], scope: Scope): Rust {
  const { name, parameters, result } = scope.self;
  const texts = parameters.map(({ type, written }, i) => {
    const arg = args[i];
    if (!arg) {
      if (type.kind === "option") return "None";
      throw new Untranslated("a call of itself without all arguments", node);
    }
    return argument(arg, type, written, scope);
  });
  return atom(`${rustName(name)}(${texts.join(", ")})`, result);
}

/** A value for a parameter of the function itself. */
function argument(arg: Expression, type: Type, written: boolean, scope: Scope): string {
  if (type.kind !== "array" && type.kind !== "struct") return coerce(arg, type, scope);
  if (arg.type !== "Identifier") throw new Untranslated("an array or object made for a call", arg);
  const given = scope.get(arg);
  if (rustType(given.type) !== rustType(type)) throw new Untranslated("an argument of another type", arg);
  const text = rustName(arg.name);
  if (type.kind === "array" && !type.typed) return `${text}.clone()`;
  if (given.lent) return text;
  return `${written ? "&mut " : "&"}${text}`;
}

function math(name: string, args: readonly Expression[], node: CallExpression, scope: Scope): Rust {
  const given = args.map((arg) => translate(arg, scope));
  const [whole, other] = given;
  const ofIntegers = given.every(({ type, literal }) => type.kind === "int" && literal === undefined);
  if (ofIntegers && whole && name === "abs") return method(whole, "abs", [], INT);
  if (ofIntegers && whole && other && given.length === 2 && (name === "min" || name === "max"))
    return method(whole, name, [other], INT);
  const values = given.map((value) => asFloat(value, node));
  const [first, second] = values;
  const helper = Object.hasOwn(HELPERS, name) ? HELPERS[name] : undefined;
  if (helper && values.length === helper.arguments)
    return atom(`js_${name}(${values.map(({ text }) => text).join(", ")})`, F64);
  const known = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (!known || !first || values.length !== (TWO_ARGUMENTS.has(name) ? 2 : 1))
    throw new Untranslated(`this call of Math.${name}`, node);
  if (!EXACT.has(name)) inexact(`Math.${name}`, scope);
  return method(first, known, second ? [second] : [], F64);
}

function number(name: string, args: readonly Expression[], node: CallExpression, scope: Scope): Rust {
  const [arg] = args;
  const known = { isNaN: "is_nan", isFinite: "is_finite" }[name];
  if (!arg || !known) throw new Untranslated(`the call of Number.${name}`, node);
  return method(asFloat(translate(arg, scope), arg), known, [], BOOLEAN);
}

/** A value where a type is wanted: returned, assigned, handed on. */
export function coerce(node: Expression, type: Type, scope: Scope): string {
  if (type.kind === "option") {
    if (isNothing(node)) return "None";
    if (node.type === "Identifier" && scope.find(node.name)?.type.kind === "option")
      return rustName(node.name);
    return `Some(${coerce(node, type.of, scope)})`;
  }
  if (
    type.kind === "tuple" &&
    node.type === "ArrayExpression" &&
    node.elements.length === type.items.length
  ) {
    const items = node.elements.map((one, i) => {
      const wanted = type.items[i];
      if (!one || !wanted) throw new Untranslated("an array with holes", node);
      return coerce(plain(one), wanted, scope);
    });
    return `(${items.join(", ")}${items.length === 1 ? "," : ""})`;
  }
  if (type.kind === "struct" && node.type === "ObjectExpression") return object(node, type, scope);
  if (type.kind === "array") return wholeArray(node, type, scope);
  const value = translate(node, scope, type.kind === "int");
  if (type.kind === "f64") return asFloat(value, node).text;
  if (value.type.kind === type.kind && ["int", "big", "bool"].includes(type.kind)) return value.text;
  throw new Untranslated(`a value that is not known to be ${rustType(type)}`, node);
}

const isNothing = (node: Expression) =>
  (node.type === "Literal" && node.value === null && node.raw === "null") ||
  (node.type === "Identifier" && node.name === "undefined");

function object(
  node: Expression & { type: "ObjectExpression" },
  type: Type & { kind: "struct" },
  scope: Scope,
): string {
  const given = new Map<string, string>();
  for (const property of node.properties) {
    if (
      property.type !== "Property" ||
      property.computed ||
      property.key.type !== "Identifier" ||
      property.kind !== "init"
    )
      throw new Untranslated("a property that is computed or spread", property);
    const wanted = type.fields.get(property.key.name);
    if (!wanted) throw new Untranslated(`the property ${property.key.name}`, property);
    given.set(property.key.name, coerce(property.value, wanted, scope));
  }
  const fields = [...type.fields].map(([name, wanted]) => {
    const value = given.get(name) ?? (wanted.kind === "option" ? "None" : undefined);
    if (value === undefined) throw new Untranslated(`an object without ${name}`, node);
    return `${rustName(name)}: ${value}`;
  });
  return `${rustName(type.name)} { ${fields.join(", ")} }`;
}

/** A whole array: one of the function's own moves out, one that is lent is copied. */
function wholeArray(node: Expression, type: Type & { kind: "array" }, scope: Scope): string {
  if (node.type !== "Identifier") throw new Untranslated("an array made in place", node);
  const known = scope.get(node);
  if (rustType(known.type) !== rustType(type)) throw new Untranslated("an array of another type", node);
  return known.lent ? `${rustName(node.name)}.to_vec()` : rustName(node.name);
}

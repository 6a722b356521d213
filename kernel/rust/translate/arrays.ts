import type { ArrayExpression, CallExpression, Expression } from "acorn";
import { plain } from "./calls.ts";
import { translate } from "./expressions.ts";
import { rustName } from "./names.ts";
import { indexText, type Rust } from "./rust-text.ts";
import { type Scope, Untranslated } from "./scope.ts";
import { stored } from "./statements.ts";
import { type Type, typedArray } from "./types.ts";

type ArrayType = Type & { kind: "array" };

/**
 * An array that an expression makes: `new Float64Array(n)`, `new Array(n).fill(0)`, `[1, 2]`, `[]` with a type, `[...xs]`. Nothing
 * for other expressions.
 */
export function arrayOf(
  node: Expression,
  declared: Type | undefined,
  scope: Scope,
): { text: string; type: ArrayType } | undefined {
  if (node.type === "NewExpression" && node.callee.type === "Identifier") {
    const type = typedArray(node.callee.name);
    const [length] = node.arguments;
    if (type?.kind !== "array" || !length || node.arguments.length !== 1) return undefined;
    return { type, text: `vec![${zeroOf(type)}; ${lengthText(plain(length), scope)}]` };
  }
  if (node.type === "CallExpression") return filled(node, declared, scope);
  if (node.type !== "ArrayExpression" || declared?.kind === "tuple") return undefined;
  if (declared?.kind === "array") return { type: declared, text: listed(node.elements, declared, scope) };
  const [first] = node.elements;
  if (!first || first.type === "SpreadElement")
    throw new Untranslated("an array whose type is not written", node);
  const { kind } = translate(first, scope).type;
  const of: Type = {
    kind: kind === "int" ? "f64" : kind === "bool" || kind === "f64" || kind === "big" ? kind : "unit",
  };
  if (of.kind === "unit") throw new Untranslated("an array literal", node);
  const store = of.kind === "bool" ? {} : { store: of.kind === "big" ? ("i64" as const) : ("f64" as const) };
  const type: ArrayType = { kind: "array", of, typed: false, ...store };
  return { type, text: listed(node.elements, type, scope) };
}

function listed(elements: ArrayExpression["elements"], type: ArrayType, scope: Scope): string {
  const items = elements.map((one) => {
    if (!one) throw new Untranslated("an array with holes", elements.find((any) => any !== null) ?? NOWHERE);
    return stored(plain(one), type, scope);
  });
  return `vec![${items.join(", ")}]`;
}

const NOWHERE = { type: "", start: 0, end: 0 };

/** `new Array(n).fill(x)`, `new Array<number>(n).fill(x)`, `Array(n).fill(x)`. */
function filled(
  node: CallExpression,
  declared: Type | undefined,
  scope: Scope,
): { text: string; type: ArrayType } | undefined {
  const { callee } = node;
  if (
    callee.type !== "MemberExpression" ||
    callee.property.type !== "Identifier" ||
    callee.property.name !== "fill"
  )
    return undefined;
  const made = callee.object;
  if (made.type !== "NewExpression" && made.type !== "CallExpression") return undefined;
  if (made.callee.type !== "Identifier" || made.arguments.length !== 1 || node.arguments.length !== 1)
    return undefined;
  const [length] = made.arguments;
  const [value] = node.arguments;
  if (!length || !value) return undefined;
  const typed = typedArray(made.callee.name);
  const given: Rust = translate(plain(value), scope);
  const kind = given.type.kind === "int" ? "f64" : given.type.kind;
  if (!typed && made.callee.name !== "Array") return undefined;
  if (!typed && kind !== "f64" && kind !== "bool" && kind !== "big")
    throw new Untranslated("an array of such items", node);
  const plainType: ArrayType = {
    kind: "array",
    of: { kind: kind as "f64" | "bool" | "big" },
    typed: false,
    ...(kind === "f64" && { store: "f64" as const }),
    ...(kind === "big" && { store: "i64" as const }),
  };
  const type = typed?.kind === "array" ? typed : declared?.kind === "array" ? declared : plainType;
  return { type, text: `vec![${stored(plain(value), type, scope)}; ${lengthText(plain(length), scope)}]` };
}

/** A length: Rust takes an integer, and JavaScript refuses others too. */
function lengthText(node: Expression, scope: Scope): string {
  const length = translate(node, scope, true);
  if (length.type.kind !== "f64") return indexText(length, node);
  return `${indexable(length)} as usize`;
}

const indexable = ({ text, binds }: Rust) => (binds < 9 ? `(${text})` : text);

const zeroOf = ({ of, store }: ArrayType) =>
  store === "f64" || store === "f32" || of.kind === "f64" ? "0.0" : "0";

/** `xs.push(x)` as a statement. */
export function push(node: CallExpression, scope: Scope): string | undefined {
  const array = methodOf(node, "push", scope);
  if (!array) return undefined;
  if (array.type.typed || array.lent) throw new Untranslated("push to an array that came from outside", node);
  return node.arguments
    .map((one) => `${array.name}.push(${stored(plain(one), array.type, scope)});`)
    .join(" ");
}

/** `xs.fill(x)` as a statement. */
export function fill(node: CallExpression, scope: Scope): string | undefined {
  const array = methodOf(node, "fill", scope);
  const [value] = node.arguments;
  if (!array || !value || node.arguments.length !== 1) return undefined;
  return `${array.name}.fill(${stored(plain(value), array.type, scope)});`;
}

function methodOf(
  { callee }: CallExpression,
  method: string,
  scope: Scope,
): { name: string; type: ArrayType; lent: boolean } | undefined {
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return undefined;
  if (callee.property.name !== method || callee.object.type !== "Identifier") return undefined;
  const known = scope.find(callee.object.name);
  if (known?.type.kind !== "array") return undefined;
  return { name: rustName(callee.object.name), type: known.type, lent: known.lent };
}

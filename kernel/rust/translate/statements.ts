import type {
  AnyNode,
  AssignmentExpression,
  Expression,
  ForOfStatement,
  ForStatement,
  Statement,
  VariableDeclaration,
  VariableDeclarator,
} from "acorn";
import { walk } from "../../typescript/parse.ts";
import { arrayOf, fill, push } from "./arrays.ts";
import { coerce } from "./calls.ts";
import { item, translate, truth } from "./expressions.ts";
import { isRounding } from "./integers.ts";
import { rustName } from "./names.ts";
import { nameOf } from "./node-names.ts";
import { asFloat, F64, INT, loaded, within } from "./rust-text.ts";
import { Scope, Untranslated } from "./scope.ts";
import { rustType, type Type } from "./types.ts";

const STEP = "    ";
const indent = (lines: readonly string[]) => lines.map((line) => `${STEP}${line}`);

/** The statements of a block in Rust, a line each. Throws `Untranslated` for what is not known to mean the same. */
export function statements(nodes: readonly Statement[], above: Scope): string[] {
  const scope = new Scope(above);
  return nodes.flatMap((node) => statement(node, scope));
}

const block = (node: Statement, scope: Scope): string[] =>
  indent(statements(node.type === "BlockStatement" ? node.body : [node], scope));

function statement(node: Statement, scope: Scope): string[] {
  switch (node.type) {
    case "EmptyStatement":
      return [];
    case "BlockStatement":
      return ["{", ...block(node, scope), "}"];
    case "VariableDeclaration":
      return declare(node, scope);
    case "ExpressionStatement":
      return effect(node.expression, scope);
    case "ReturnStatement":
      if (!node.argument) return ["return;"];
      return [`return ${coerce(node.argument, scope.self.result, scope)};`];
    case "IfStatement": {
      const head = [`if ${truth(node.test, scope).text} {`, ...block(node.consequent, scope)];
      if (!node.alternate) return [...head, "}"];
      if (node.alternate.type !== "IfStatement")
        return [...head, "} else {", ...block(node.alternate, scope), "}"];
      const [first = "", ...rest] = statement(node.alternate, scope);
      return [...head, `} else ${first}`, ...rest];
    }
    case "WhileStatement": {
      const always = node.test.type === "Literal" && node.test.value === true;
      return [always ? "loop {" : `while ${truth(node.test, scope).text} {`, ...block(node.body, scope), "}"];
    }
    case "DoWhileStatement":
      refuseContinue(node.body);
      return [
        "loop {",
        ...block(node.body, scope),
        `${STEP}if !(${truth(node.test, scope).text}) { break; }`,
        "}",
      ];
    case "ForStatement":
      return forLoop(node, scope);
    case "ForOfStatement":
      return forOf(node, scope);
    case "BreakStatement":
    case "ContinueStatement":
      if (node.label) break;
      return [node.type === "BreakStatement" ? "break;" : "continue;"];
  }
  throw new Untranslated(nameOf(node), node);
}

function declare(node: VariableDeclaration, scope: Scope): string[] {
  if (node.kind !== "let" && node.kind !== "const") throw new Untranslated(node.kind, node);
  return node.declarations.map((one) => declareOne(one, scope));
}

function declareOne({ id, init }: VariableDeclarator, scope: Scope): string {
  if (id.type !== "Identifier") throw new Untranslated("a declaration that takes a value apart", id);
  if (!init) throw new Untranslated("a declaration without a value", id);
  const { name } = id;
  const declared = scope.declared(id, name);
  const array = arrayOf(init, declared, scope);
  const mut = scope.changed.has(name) ? "mut " : "";
  if (array) {
    scope.declare(name, { type: array.type, lent: false });
    return `let ${mut}${rustName(name)}: ${rustType(array.type)} = ${array.text};`;
  }
  const type = localType(name, init, declared, scope);
  const text = coerce(init, type, scope);
  scope.declare(name, { type, lent: false });
  return `let ${mut}${rustName(name)}: ${rustType(type)} = ${text};`;
}

/** An integer where that is beyond doubt, else what is written, else what the value is. */
function localType(name: string, init: Expression, declared: Type | undefined, scope: Scope): Type {
  if (scope.integers.has(name)) return INT;
  const type = declared ?? (isRounding(init) ? F64 : translate(init, scope).type);
  if (type.kind === "int") return F64;
  if (type.kind === "struct" || type.kind === "array" || type.kind === "string")
    if (init.type !== "ObjectExpression") throw new Untranslated("a second name of one object", init);
  return type;
}

/** An expression for what it does. */
function effect(node: Expression, scope: Scope): string[] {
  if (node.type === "AssignmentExpression") return assign(node, scope);
  if (node.type === "UpdateExpression") {
    const { argument, operator } = node;
    const step = operator === "++" ? "+=" : "-=";
    if (argument.type === "MemberExpression" && argument.computed) {
      const { place, array } = item(argument, scope);
      if (array.store === "f64") return [`${place} ${step} 1.0;`];
    }
    if (argument.type !== "Identifier") throw new Untranslated(operator, node);
    const { type } = scope.get(argument);
    if (!["f64", "int", "big"].includes(type.kind)) throw new Untranslated(operator, node);
    return [`${rustName(argument.name)} ${step} ${type.kind === "f64" ? "1.0" : "1"};`];
  }
  if (node.type === "CallExpression") {
    const pushed = push(node, scope) ?? fill(node, scope);
    if (pushed) return [pushed];
  }
  if (node.type === "SequenceExpression") return node.expressions.flatMap((one) => effect(one, scope));
  return [`${translate(node, scope).text};`];
}

function assign(node: AssignmentExpression, scope: Scope): string[] {
  const { left, operator } = node;
  // `a += b` is `a = a + b`, which is what decides the kinds of its numbers.
  const value =
    operator === "="
      ? node.right
      : // Built, not parsed; only its translation is looked at.
        ({ ...node, type: "BinaryExpression", operator: operator.slice(0, -1) } as unknown as Expression);
  if (left.type === "Identifier") {
    const { type } = scope.get(left);
    if (type.kind === "array" || type.kind === "struct")
      throw new Untranslated("a second name of one object", node);
    return [`${rustName(left.name)} = ${coerce(value, type, scope)};`];
  }
  if (left.type !== "MemberExpression" || !left.computed)
    throw new Untranslated("an assignment to a property", node);
  const { place, array } = item(left, scope);
  return [`${place} = ${stored(value, array, scope)};`];
}

/** A value as an array keeps it. */
export function stored(node: Expression, { of, store }: Type & { kind: "array" }, scope: Scope): string {
  if (store === undefined || store === "f64" || store === "i64") return coerce(node, of, scope);
  const value = translate(node, scope);
  if (store === "f32") return `${within(asFloat(value, node), 9)} as f32`;
  if (value.type.kind === "int") return `${within(value, 9)} as ${store}`;
  if (store === "u64" || value.type.kind !== "f64")
    throw new Untranslated("this value in a typed array", node);
  return `to_int32(${value.text}) as ${store}`;
}

function forLoop(node: ForStatement, above: Scope): string[] {
  const scope = new Scope(above);
  const { init, test, update } = node;
  const first = init?.type === "VariableDeclaration" ? declare(init, scope) : init ? effect(init, scope) : [];
  const range = rangeOf(node, scope);
  if (range) return [`for ${range} {`, ...block(node.body, scope), "}"];
  if (update) refuseContinue(node.body);
  const head = test ? `while ${truth(test, scope).text} {` : "loop {";
  const body = [head, ...block(node.body, scope), ...indent(update ? effect(update, scope) : []), "}"];
  // In a block of its own: the counter is the loop's.
  return first.length === 0 ? body : ["{", ...indent([...first, ...body]), "}"];
}

/** `let i = a; i < b; i++` as Rust's range, where neither changes within. */
function rangeOf({ init, test, update, body }: ForStatement, scope: Scope): string | undefined {
  const one =
    init?.type === "VariableDeclaration" && init.declarations.length === 1 ? init.declarations[0] : undefined;
  if (one?.id.type !== "Identifier" || !one.init || !scope.integers.has(one.id.name)) return undefined;
  const { name } = one.id;
  if (update?.type !== "UpdateExpression" || update.operator !== "++" || !isName(update.argument, name))
    return undefined;
  if (
    test?.type !== "BinaryExpression" ||
    (test.operator !== "<" && test.operator !== "<=") ||
    !isName(test.left, name)
  )
    return undefined;
  const used = new Set([name]);
  walk(test.right, (inner) => {
    if (inner.type === "Identifier") used.add(inner.name);
    return true;
  });
  if (changedIn(body).some((changed) => used.has(changed))) return undefined;
  const end = translate(test.right, scope, true);
  if (end.type.kind !== "int" || test.right.type === "CallExpression") return undefined;
  const from = coerce(one.init, INT, scope);
  // A counter that nobody reads would be a warning.
  const counter = reads(body, name) ? rustName(name) : "_";
  return `${counter} in ${/ as i64$/.test(from) ? `(${from})` : from}${test.operator === "<" ? ".." : "..="}${within(end, 6)}${end.literal === undefined ? "" : "_i64"}`;
}

function reads(body: AnyNode, name: string): boolean {
  let found = false;
  walk(body, (node) => {
    found ||= isName(node, name);
    return !found;
  });
  return found;
}

const isName = (node: AnyNode, name: string) => node.type === "Identifier" && node.name === name;

function forOf(node: ForOfStatement, above: Scope): string[] {
  const scope = new Scope(above);
  const one = node.left.type === "VariableDeclaration" ? node.left.declarations[0] : undefined;
  const over = node.right.type === "Identifier" ? scope.get(node.right) : undefined;
  if (
    one?.id.type !== "Identifier" ||
    node.await ||
    !over ||
    over.type.kind !== "array" ||
    node.right.type !== "Identifier"
  )
    throw new Untranslated("this for … of", node);
  const array = over.type;
  const { name } = one.id;
  if (changedIn(node.body).includes(node.right.name))
    throw new Untranslated("a loop over an array that it changes", node);
  const items = rustName(node.right.name);
  const copied = ["f64", "int", "big", "bool"].includes(array.of.kind);
  if (copied && array.store === "u64") throw new Untranslated("an item of a BigUint64Array", node);
  scope.declare(name, { type: array.of, lent: !copied });
  const head = `for ${rustName(name)} in ${items}.iter()${copied ? ".copied()" : ""} {`;
  const value = loaded(rustName(name), array);
  const mut = scope.changed.has(name) ? "mut " : "";
  const own =
    value.text === rustName(name) && mut === ""
      ? []
      : [`${STEP}let ${mut}${rustName(name)} = ${value.text};`];
  return [head, ...own, ...block(node.body, scope), "}"];
}

/** In the place of `continue` JavaScript would go to the end of the loop's body, Rust past it. */
function refuseContinue(body: Statement): void {
  walk(body, (node) => {
    if (node.type === "ContinueStatement") throw new Untranslated("continue in this loop", node);
    return !["ForStatement", "ForOfStatement", "WhileStatement", "DoWhileStatement"].includes(node.type);
  });
}

/** The names that are assigned to, or whose items are. */
export function changedIn(body: AnyNode): string[] {
  const names: string[] = [];
  const target = (node: AnyNode): void => {
    if (node.type === "Identifier") names.push(node.name);
    if (node.type === "MemberExpression") target(node.object);
  };
  walk(body, (node) => {
    if (node.type === "AssignmentExpression") target(node.left);
    if (node.type === "UpdateExpression") target(node.argument);
    if (node.type === "CallExpression" && node.callee.type === "MemberExpression") {
      const { object, property } = node.callee;
      if (
        property.type === "Identifier" &&
        ["push", "fill", "sort", "reverse", "pop"].includes(property.name)
      )
        target(object);
    }
    return true;
  });
  return names;
}

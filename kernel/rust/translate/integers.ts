import type { AnyNode, Expression, Node, UpdateExpression } from "acorn";
import { walk } from "../../typescript/parse.ts";

/**
 * Which of a function's numbers are integers beyond doubt. A number is one where
 *
 * - it is a local variable, and all it is ever given is an integer that cannot grow without bound: a literal, a length, what bit
 *   operators give, another such number, a step up or down by a literal; or
 * - it is used as an index, and all it is given is made of integers by `+`, `-`, `*`, `%` and `Math.floor`; or
 * - it is a parameter that is an index, or that a loop's integer counter is compared with as its end, and is never given anything else.
 *
 * Everything else stays `f64`, as in JavaScript: a sum of integers, too, since JavaScript rounds it where Rust would not.
 */
export function integersOf(
  body: AnyNode,
  parameters: readonly string[],
  isNumber: (name: string) => boolean,
): Set<string> {
  const uses = gather(body);
  const locals = [...uses.given.keys()].filter((name) => !parameters.includes(name));
  const candidates = new Set([
    ...locals.filter(isNumber),
    ...parameters.filter((name) => isNumber(name) && (uses.indices.has(name) || uses.ends.has(name))),
  ]);
  // What one of them is given may be another: those that fail are taken away until none does.
  for (let changed = true; changed; ) {
    changed = false;
    for (const name of candidates) {
      const isIndex = uses.indices.has(name);
      const fits = (uses.given.get(name) ?? []).every((one) =>
        isIndex ? isWhole(one, candidates) : isBounded(one, candidates),
      );
      const counted = parameters.includes(name) && !isIndex;
      const ends = counted && ![...(uses.ends.get(name) ?? [])].some((counter) => candidates.has(counter));
      if (fits && !ends) continue;
      candidates.delete(name);
      changed = true;
    }
  }
  return candidates;
}

interface Uses {
  /** By name all values that it is given; an update `i++` is itself. */
  readonly given: Map<string, (Expression | UpdateExpression | undefined)[]>;
  readonly indices: Set<string>;
  /** Names with which the counters of loops are compared. */
  readonly ends: Map<string, Set<string>>;
}

function gather(body: AnyNode): Uses {
  const uses: Uses = { given: new Map(), indices: new Set(), ends: new Map() };
  const give = (name: string, value: Expression | UpdateExpression | undefined) =>
    uses.given.set(name, [...(uses.given.get(name) ?? []), value]);
  walk(body, (node) => {
    if (node.type === "VariableDeclarator" && node.id.type === "Identifier")
      give(node.id.name, node.init ?? undefined);
    if (node.type === "ForOfStatement" && node.left.type === "VariableDeclaration")
      for (const { id } of node.left.declarations) if (id.type === "Identifier") give(id.name, undefined);
    if (node.type === "UpdateExpression" && node.argument.type === "Identifier")
      give(node.argument.name, node);
    if (node.type === "AssignmentExpression" && node.left.type === "Identifier")
      give(node.left.name, node.operator === "=" ? node.right : asBinary(node));
    if (node.type === "MemberExpression" && node.computed) namesIn(node.property, uses.indices);
    if (
      node.type === "ForStatement" &&
      node.test?.type === "BinaryExpression" &&
      /^[<>]=?$/.test(node.test.operator)
    ) {
      const { left, right } = node.test;
      if (left.type === "Identifier" && right.type === "Identifier")
        uses.ends.set(right.name, (uses.ends.get(right.name) ?? new Set<string>()).add(left.name));
    }
    return true;
  });
  return uses;
}

/** `x += 1` as `x + 1`. */
const asBinary = (node: Node & { operator: string; left: AnyNode; right: Expression }): Expression =>
  // Built, not parsed; it is only looked at by what follows here.
  ({ ...node, type: "BinaryExpression", operator: node.operator.slice(0, -1) }) as unknown as Expression;

/** The names that an index is made of: not those of an index within it, nor what is rounded. */
function namesIn(node: AnyNode, into: Set<string>): void {
  if (node.type === "Identifier") into.add(node.name);
  if (node.type === "BinaryExpression" && /^[-+*]$/.test(node.operator)) {
    namesIn(node.left, into);
    namesIn(node.right, into);
  }
}

type Given = AnyNode | undefined;

/** An integer that stays small, however often it is given. */
function isBounded(node: Given, integers: ReadonlySet<string>): boolean {
  if (!node) return false;
  if (isIntegerLiteral(node) || isLength(node) || isBits(node)) return true;
  switch (node.type) {
    case "Identifier":
      return integers.has(node.name);
    case "UpdateExpression":
      return true;
    case "UnaryExpression":
      return node.operator === "-" && isIntegerLiteral(node.argument);
    case "BinaryExpression":
      if (node.operator === "%") return isBounded(node.left, integers) && isNonZero(node.right);
      return (
        (node.operator === "+" || node.operator === "-") &&
        isBounded(node.left, integers) &&
        isIntegerLiteral(node.right)
      );
    case "ConditionalExpression":
      return isBounded(node.consequent, integers) && isBounded(node.alternate, integers);
    default:
      return false;
  }
}

/** An integer, if its parts are; what is used as an index cannot be large. */
function isWhole(node: Given, integers: ReadonlySet<string>): boolean {
  if (!node) return false;
  if (isBounded(node, integers)) return true;
  switch (node.type) {
    case "BinaryExpression":
      if (node.operator === "%") return isWhole(node.left, integers) && isNonZero(node.right);
      return /^[-+*]$/.test(node.operator) && isWhole(node.left, integers) && isWhole(node.right, integers);
    case "CallExpression":
      return isRounding(node);
    case "ConditionalExpression":
      return isWhole(node.consequent, integers) && isWhole(node.alternate, integers);
    default:
      return false;
  }
}

/** `Math.floor(x)` and its like. */
export function isRounding(node: AnyNode): boolean {
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return false;
  const { object, property } = node.callee;
  return (
    object.type === "Identifier" &&
    object.name === "Math" &&
    property.type === "Identifier" &&
    ["floor", "ceil", "trunc", "round"].includes(property.name)
  );
}

const isIntegerLiteral = (node: AnyNode): boolean =>
  node.type === "Literal" && typeof node.value === "number" && Number.isSafeInteger(node.value);

const isNonZero = (node: AnyNode) => isIntegerLiteral(node) && node.type === "Literal" && node.value !== 0;

const isLength = (node: AnyNode) =>
  node.type === "MemberExpression" &&
  !node.computed &&
  node.property.type === "Identifier" &&
  node.property.name === "length";

export const BITS = new Set(["&", "|", "^", "<<", ">>", ">>>"]);

const isBits = (node: AnyNode): boolean =>
  (node.type === "BinaryExpression" && BITS.has(node.operator)) ||
  (node.type === "UnaryExpression" && node.operator === "~");

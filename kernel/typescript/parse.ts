import { type AnyNode, type Node, type Options, Parser, type Program, type Token } from "acorn";

/** JavaScript and its syntax tree. */
export interface Parsed {
  readonly code: string;
  readonly program: Program;
  readonly tokens: readonly Token[];
  readonly hasUsing: boolean;
  /** It awaits outside its functions. */
  readonly hasAwait: boolean;
}

/** What acorn throws. */
export interface AcornError extends SyntaxError {
  /** Offset in the parsed text. */
  pos: number;
}

/** A cell may export what an earlier cell declared, which acorn takes for a mistake. */
const CellParser = Parser.extend(
  (Base) =>
    class extends Base {
      checkLocalExport(): void {}
    },
);

const options: Options = { ecmaVersion: "latest", sourceType: "module" };

/** Parses a cell as a module: top-level await, strict; `returns` allows `return` there. Throws an AcornError. */
export function parseModule(code: string, { returns = false } = {}): Parsed {
  const tokens: Token[] = [];
  const program = CellParser.parse(code, {
    ...options,
    allowReturnOutsideFunction: returns,
    onToken: tokens,
  });
  return {
    code,
    program,
    tokens,
    // Cheap first: the keyword stands in few cells.
    hasUsing: code.includes("using") && contains(program, isUsing),
    hasAwait: code.includes("await") && contains(program, isAwait, isFunctionScope),
  };
}

const isUsing = (node: AnyNode) =>
  node.type === "VariableDeclaration" && (node.kind === "using" || node.kind === "await using");

const isAwait = (node: AnyNode) =>
  node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await);

/** The nodes directly below a node, in the order of the source for all but a few types. */
export function* childrenOf(node: Node): Generator<AnyNode> {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const item of value) if (isNode(item)) yield item;
    if (isNode(value)) yield value;
  }
}

/** Visits a node and all below it; `enter` returns false to leave out what is below. */
export function walk(
  node: AnyNode,
  enter: (node: AnyNode, parent: AnyNode | undefined) => boolean | undefined,
  parent?: AnyNode,
): void {
  if (enter(node, parent) === false) return;
  for (const child of childrenOf(node)) walk(child, enter, node);
}

type Test = (node: AnyNode) => boolean;

function contains(root: AnyNode, wanted: Test, closed: Test = () => false): boolean {
  if (wanted(root)) return true;
  if (closed(root)) return false;
  for (const child of childrenOf(root)) if (contains(child, wanted, closed)) return true;
  return false;
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

/** The names that a pattern binds. */
export function boundNames(pattern: AnyNode): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((p) => boundNames(p.type === "Property" ? p.value : p));
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element ? boundNames(element) : []));
    case "AssignmentPattern":
      return boundNames(pattern.left);
    case "RestElement":
      return boundNames(pattern.argument);
    default:
      return [];
  }
}

/** Whether a node starts a scope of its own for `var`. */
export const isFunctionScope = (node: AnyNode): boolean =>
  node.type === "FunctionDeclaration" ||
  node.type === "FunctionExpression" ||
  node.type === "ArrowFunctionExpression" ||
  node.type === "StaticBlock" ||
  node.type === "PropertyDefinition";

/** Whether a text, braces included, is an object literal: `{ a, b: 2 }`. */
export function isObjectLiteral(text: string): boolean {
  if (!text.startsWith("{")) return false;
  try {
    const [only, ...more] = CellParser.parse(`(${text})`, options).body;
    return (
      more.length === 0 &&
      only?.type === "ExpressionStatement" &&
      only.expression.type === "ObjectExpression" &&
      only.expression.end === text.length + 1
    );
  } catch {
    return false;
  }
}

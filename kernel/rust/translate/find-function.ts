import type {
  ArrowFunctionExpression,
  BlockStatement,
  Expression,
  Function as FunctionNode,
  Pattern,
  Token,
} from "acorn";
import { parseModule, walk } from "../../typescript/parse.ts";
import { stripOnly } from "../../typescript/strip-only.ts";

/** A parameter as it is written. */
export interface Parameter {
  /** Nothing where it is taken apart: `{ x, y }`. */
  readonly name: string | undefined;
  /** The text behind its colon. */
  readonly type: string | undefined;
  /** It may be left out. */
  readonly optional: boolean;
  readonly rest: boolean;
}

/** A function of a TypeScript text, with its types as texts and its body as a tree. */
export interface FoundFunction {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly result: string | undefined;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  readonly isGeneric: boolean;
  readonly body: BlockStatement | Expression;
  /** As it is written, types included. */
  readonly text: string;
  /** 1-based, in the text in which it was found. */
  readonly line: number;
  /** The type that is written for a local variable whose name ends at an offset. */
  typeAt(end: number): string | undefined;
  /** The line of an offset, 1-based. */
  lineOf(offset: number): number;
}

/**
 * The function of that name which a TypeScript text declares last, at any depth: `function f() {}`, `const f = () => …`. Nothing
 * where there is none, or where the text has more than types that JavaScript has not.
 */
export function findFunction(source: string, name: string): FoundFunction | undefined {
  let parsed: ReturnType<typeof parseModule>;
  try {
    // Types become blanks, so the tree's offsets are those of the text with its types.
    parsed = parseModule(stripOnly(source));
  } catch {
    return undefined;
  }
  if (parsed.code.length !== source.length) return undefined;
  let found: { node: FunctionNode | ArrowFunctionExpression; start: number } | undefined;
  walk(parsed.program, (node) => {
    if (node.type === "FunctionDeclaration" && node.id?.name === name) found = { node, start: node.start };
    if (node.type === "VariableDeclaration")
      for (const { id, init } of node.declarations)
        if (id.type === "Identifier" && id.name === name && isFunction(init))
          found = { node: init, start: node.start };
    return true;
  });
  return found && describe(name, found.node, found.start, source, parsed.tokens);
}

const isFunction = (node: Expression | null | undefined): node is FunctionNode & Expression =>
  node?.type === "FunctionExpression" || node?.type === "ArrowFunctionExpression";

function describe(
  name: string,
  node: FunctionNode | ArrowFunctionExpression,
  start: number,
  source: string,
  tokens: readonly Token[],
): FoundFunction {
  const typeAt = (end: number) => {
    const next = tokens.find((token) => token.start >= end);
    return annotation(source.slice(end, next?.start ?? source.length)).type;
  };
  const lineOf = (offset: number) => source.slice(0, offset).split("\n").length;
  const inside = tokens.filter((token) => token.start >= node.start && token.end <= node.body.start);
  const open = inside.find(({ type }) => type.label === "(");
  const close = closing(inside);
  const after = tokens.find((token) => token.start >= (close?.end ?? node.body.start));
  const before = open && tokens.findLast((token) => token.end <= open.start);
  return {
    name,
    parameters: node.params.map((one) => parameter(one, source, tokens)),
    result: close && annotation(source.slice(close.end, after?.start)).type,
    isAsync: node.async,
    isGenerator: node.generator,
    isGeneric:
      open !== undefined && source.slice(Math.max(before?.end ?? 0, node.start), open.start).includes("<"),
    // Only a function without one, which acorn does not give, has none.
    body: node.body as BlockStatement | Expression,
    text: source.slice(start, node.end),
    line: lineOf(start),
    typeAt,
    lineOf,
  };
}

/** The parenthesis that closes the parameters: the last one before the body, or before its own. */
function closing(head: readonly Token[]): Token | undefined {
  let depth = 0;
  for (const token of head) {
    if (token.type.label === "(") depth++;
    if (token.type.label === ")" && --depth === 0) return token;
  }
  return undefined;
}

function parameter(node: Pattern, source: string, tokens: readonly Token[]): Parameter {
  const target =
    node.type === "AssignmentPattern" ? node.left : node.type === "RestElement" ? node.argument : node;
  const next = tokens.find((token) => token.start >= target.end);
  const { type, optional } = annotation(source.slice(target.end, next?.start));
  return {
    name: target.type === "Identifier" ? target.name : undefined,
    type,
    optional: optional || node.type === "AssignmentPattern",
    rest: node.type === "RestElement",
  };
}

/** What stands between a name and the next token: `?: number`, `!: T`. */
function annotation(gap: string): { type: string | undefined; optional: boolean } {
  const text = gap.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, " ").trim();
  const [, mark, type] = /^([?!]?)\s*:\s*([\s\S]+)$/.exec(text) ?? [];
  return { type, optional: mark === "?" || text === "?" };
}

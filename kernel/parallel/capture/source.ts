import { type AnyNode, type Node, type Program, parse } from "acorn";
import { analyze } from "eslint-scope";
import { childrenOf } from "../../typescript/parse.ts";

/** The name that stands for the base class in a class's source: the expression there may have another value by now. */
export const SUPER = "__super";

/** What a function's source says about it. */
export interface SourceFacts {
  /** The source, with `__super` in the place of what a class extends. */
  readonly source: string;
  /** A method stands in an object literal; anything else is an expression. */
  readonly form: "expression" | "method";
  /** Evaluated at once where it stands (`extends`, static fields): what it uses has to be there before it. */
  readonly isClass: boolean;
  /** Offset at which V8 says that the function is. */
  readonly placeOffset: number;
  /** Names from outside. */
  readonly free: readonly string[];
  /** Those of them that it assigns to, each with the offset of the first assignment. */
  readonly writes: ReadonlyMap<string, number>;
  /** What it takes from the place where it was written and what no name can bring: `this`, `super`, `arguments`. */
  readonly borrowed: readonly string[];
}

const known = new Map<string, SourceFacts | undefined>();
const MOST_KNOWN = 2000;

/** Reads the source of a function or class; undefined where it does not stand by itself (`#private` in a method). */
export function readSource(source: string): SourceFacts | undefined {
  if (known.has(source)) return known.get(source);
  if (known.size >= MOST_KNOWN) known.clear();
  const facts = readAs("expression", nameSuper(source)) ?? readAs("method", source);
  known.set(source, facts);
  return facts;
}

/** In front of the source where it is parsed, and behind it. */
const AROUND = { expression: ["(", "\n)"], method: ["({", "\n})"] } as const;

function readAs(form: SourceFacts["form"], source: string): SourceFacts | undefined {
  const [before, after] = AROUND[form];
  const program = parseScript(before + source + after);
  const [statement] = program?.body ?? [];
  if (program?.body.length !== 1 || statement?.type !== "ExpressionStatement") return undefined;
  let node: AnyNode = statement.expression;
  if (form === "method") {
    const property = node.type === "ObjectExpression" ? node.properties[0] : undefined;
    if (property?.type !== "Property") return undefined;
    node = property.value;
  }
  if (!isFunction(node) && node.type !== "ClassExpression") return undefined;
  const { free, writes } = namesFromOutside(program, before.length);
  return {
    source,
    form,
    isClass: node.type === "ClassExpression",
    placeOffset: placeOf(node, before + source) - before.length,
    free,
    writes,
    borrowed: [...borrowedBy(node, form)],
  };
}

function nameSuper(source: string): string {
  const [statement] = parseScript(`(${source}\n)`)?.body ?? [];
  const node = statement?.type === "ExpressionStatement" ? statement.expression : undefined;
  if (node?.type !== "ClassExpression" || !node.superClass || node.superClass.type === "Literal")
    return source;
  const [start, end] = [node.superClass.start - 1, node.superClass.end - 1];
  const lines = source.slice(start, end).replace(/[^\n]/g, "");
  return source.slice(0, start) + SUPER.padEnd(end - start - lines.length) + lines + source.slice(end);
}

function parseScript(text: string): Program | undefined {
  try {
    return parse(text, { ecmaVersion: "latest", sourceType: "script", ranges: true });
  } catch {
    return undefined;
  }
}

type FunctionNode = Extract<AnyNode, { type: "FunctionExpression" | "ArrowFunctionExpression" }>;

function isFunction(node: AnyNode): node is FunctionNode {
  return node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression";
}

/** Where V8 says that it starts: at the parameters, or at the beginning of an arrow function or a class without a constructor. */
function placeOf(node: FunctionNode | Extract<AnyNode, { type: "ClassExpression" }>, text: string): number {
  if (node.type === "ArrowFunctionExpression") return node.start;
  if (node.type === "FunctionExpression") return text.indexOf("(", node.id?.end ?? node.start);
  const own = node.body.body.find(
    (member) => member.type === "MethodDefinition" && member.kind === "constructor",
  );
  return own?.type === "MethodDefinition" ? own.value.start : node.start;
}

function namesFromOutside(program: Program, shift: number): Pick<SourceFacts, "free" | "writes"> {
  // acorn's tree is an ESTree, which is what the other's types ask for by another name.
  const scopes = analyze(program as unknown as Parameters<typeof analyze>[0], {
    ecmaVersion: 2022,
    sourceType: "script",
  });
  const free = new Set<string>();
  const writes = new Map<string, number>();
  for (const reference of scopes.globalScope?.through ?? []) {
    const { name, range } = reference.identifier;
    free.add(name);
    if (reference.isWrite() && !writes.has(name)) writes.set(name, (range?.[0] ?? shift) - shift);
  }
  free.delete("arguments");
  return { free: [...free], writes };
}

/** `this` and the like that a function does not have of its own. */
function borrowedBy(root: AnyNode, form: SourceFacts["form"]): Set<string> {
  const found = new Set<string>();
  const visit = (node: Node, inFunction: boolean, inClass: boolean) => {
    const any = node as AnyNode;
    if (any.type === "ThisExpression" && !inFunction) found.add("this");
    if (any.type === "Super" && !inClass) found.add("super");
    if (any.type === "Identifier" && any.name === "arguments" && !inFunction) found.add("arguments");
    const own = any.type === "FunctionExpression" || any.type === "FunctionDeclaration";
    const isClass = any.type === "ClassExpression" || any.type === "ClassDeclaration";
    // A field's initialiser has the instance as `this`.
    const field = any.type === "PropertyDefinition" || any.type === "StaticBlock";
    // Methods of an object literal inside have a `super` of their own.
    const object = any.type === "ObjectExpression" && any !== root;
    for (const child of childrenOf(any))
      visit(child, inFunction || own || field, inClass || isClass || object);
  };
  visit(root, form === "method", false);
  return found;
}

import { type AnyNode, type Program, parse } from "acorn";
import { freeNames, type Mutation } from "../../typescript/free-names.ts";

/** The name that stands for the base class in a class's source: the expression there may have another value by now. */
export const SUPER = "__super";

/** What a function's source says about it. */
export interface SourceFacts {
  /** The source, with `__super` in the place of what a class extends. */
  readonly source: string;
  /** A method stands in an object literal; anything else is an expression. */
  readonly form: "expression" | "method";
  /** Evaluated at once where it stands (static fields): what it uses has to be there before it. */
  readonly isClass: boolean;
  /** Offset at which V8 says that the function is. */
  readonly placeOffset: number;
  /** Names from outside. */
  readonly free: readonly string[];
  /** Those of them that it assigns to, each with the offset of the first assignment. */
  readonly writes: ReadonlyMap<string, number>;
  /** Those whose values it changes in place, each with the first place where it does. */
  readonly mutations: ReadonlyMap<string, Mutation>;
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
  const node = standsAlone(form, parseScript(before + source + after));
  if (!node) return undefined;
  const { names, thisAt, superAt } = freeNames(source, "function");
  const free = names.filter(({ name }) => name !== "arguments");
  const writes = free.flatMap(({ name, writes: [first] }) =>
    first === undefined ? [] : [[name, first] as const],
  );
  const mutations = free.flatMap(({ name, mutations: [first] }) => (first ? [[name, first] as const] : []));
  return {
    source,
    form,
    isClass: node.type === "ClassExpression",
    placeOffset: placeOf(node, before + source) - before.length,
    free: free.map(({ name }) => name),
    writes: new Map(writes),
    mutations: new Map(mutations),
    borrowed: [
      ...(thisAt === undefined ? [] : ["this"]),
      ...(superAt === undefined ? [] : ["super"]),
      ...(free.length < names.length ? ["arguments"] : []),
    ],
  };
}

type Standing = Extract<
  AnyNode,
  { type: "FunctionExpression" | "ArrowFunctionExpression" | "ClassExpression" }
>;

/** The function or class that a program consists of. */
function standsAlone(form: SourceFacts["form"], program: Program | undefined): Standing | undefined {
  const [statement, second] = program?.body ?? [];
  if (second || statement?.type !== "ExpressionStatement") return undefined;
  const { expression } = statement;
  const property = expression.type === "ObjectExpression" ? expression.properties[0] : undefined;
  const inObject = property?.type === "Property" ? property.value : undefined;
  const node: AnyNode | undefined = form === "method" ? inObject : expression;
  return node && /^(?:Function|ArrowFunction|Class)Expression$/.test(node.type)
    ? (node as Standing)
    : undefined;
}

/** Puts `__super` into the place of the base class, keeping lines and, where there is room, columns. */
function nameSuper(source: string): string {
  const node = standsAlone("expression", parseScript(`(${source}\n)`));
  if (node?.type !== "ClassExpression" || !node.superClass || node.superClass.type === "Literal")
    return source;
  const [start, end] = [node.superClass.start - 1, node.superClass.end - 1];
  const lines = source.slice(start, end).replace(/[^\n]/g, "");
  return source.slice(0, start) + SUPER.padEnd(end - start - lines.length) + lines + source.slice(end);
}

function parseScript(text: string): Program | undefined {
  try {
    return parse(text, { ecmaVersion: "latest", sourceType: "script" });
  } catch {
    return undefined;
  }
}

/** Where V8 says that it starts: at the parameters, or at the beginning of an arrow function or a class without a constructor. */
function placeOf(node: Standing, text: string): number {
  if (node.type === "ArrowFunctionExpression") return node.start;
  if (node.type === "FunctionExpression") return text.indexOf("(", node.id?.end ?? node.start);
  const own = node.body.body.find(
    (member) => member.type === "MethodDefinition" && member.kind === "constructor",
  );
  return own?.type === "MethodDefinition" ? own.value.start : node.start;
}

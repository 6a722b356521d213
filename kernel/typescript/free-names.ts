import { type AnyNode, type Node, type Options, Parser, type Program } from "acorn";
import { analyze, type Scope } from "eslint-scope";
import { childrenOf } from "./parse.ts";

/** A name that a piece of code uses and does not declare. Offsets are in the code's text, in UTF-16 units. */
export interface FreeName {
  readonly name: string;
  readonly reads: readonly number[];
  /** Assignments, `++`, targets of destructuring and of loops. */
  readonly writes: readonly number[];
  /** Where its value is changed in place. */
  readonly mutations: readonly Mutation[];
  /** Every use is an operand of `typeof`: it may well not exist. */
  readonly onlyTypeof: boolean;
}

export interface Mutation {
  readonly offset: number;
  /** `=` for an assignment to a property or element, `delete`, or the name of the method called: `push`. */
  readonly by: string;
}

export interface FreeNames {
  /** In the order of their first use. */
  readonly names: readonly FreeName[];
  /** Offset of the first `this` and `super` that nothing in the code provides. */
  readonly thisAt?: number;
  readonly superAt?: number;
}

/**
 * The free names of JavaScript. `function`: what `Function.prototype.toString` gives for a function, method, accessor or
 * class; `body`: statements that may return and await. Throws acorn's SyntaxError, `pos` in it.
 */
export function freeNames(code: string, kind: "function" | "body"): FreeNames {
  const { program, shift } = kind === "body" ? { program: parseBody(code), shift: 0 } : parseFunction(code);
  const parents = new Map<Node, AnyNode>();
  const note = (node: AnyNode) => {
    for (const child of childrenOf(node)) {
      parents.set(child, node);
      note(child);
    }
  };
  note(program);
  const names = new Map<string, Mutable>();
  for (const { identifier, isRead, isWrite } of throughReferences(program)) {
    const entry = names.get(identifier.name) ?? newEntry(identifier.name, names);
    const node = identifier.node;
    const offset = node.start - shift;
    if (isRead) entry.reads.push(offset);
    if (isWrite) entry.writes.push(offset);
    const parent = parents.get(node);
    entry.onlyTypeof &&= parent?.type === "UnaryExpression" && parent.operator === "typeof";
    const by = mutationOf(node, parents);
    if (by) entry.mutations.push({ offset, by });
  }
  return { names: [...names.values()], ...contextUses(program, shift) };
}

interface Mutable {
  name: string;
  reads: number[];
  writes: number[];
  mutations: Mutation[];
  onlyTypeof: boolean;
}

function newEntry(name: string, names: Map<string, Mutable>): Mutable {
  const entry: Mutable = { name, reads: [], writes: [], mutations: [], onlyTypeof: true };
  names.set(name, entry);
  return entry;
}

/** Code comes without what stood around it. */
const options: Options = {
  ecmaVersion: "latest",
  // For eslint-scope.
  ranges: true,
  allowAwaitOutsideFunction: true,
  allowReturnOutsideFunction: true,
  allowSuperOutsideMethod: true,
  allowImportExportEverywhere: true,
  checkPrivateFields: false,
};

const parseBody = (code: string): Program => Parser.parse(code, { ...options, sourceType: "module" });

/** Libraries' functions may be sloppy. */
const parseScript = (code: string): Program => Parser.parse(code, { ...options, sourceType: "script" });

/** A method's text is no expression: it is read inside an object, a private one inside a class. */
function parseFunction(code: string): { program: Program; shift: number } {
  let first: unknown;
  for (const [before, after] of [
    ["(", "\n)"],
    ["({", "\n})"],
    ["(class {", "\n})"],
  ] as const) {
    try {
      return { program: parseScript(before + code + after), shift: before.length };
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

interface Through {
  identifier: { name: string; node: Node };
  isRead: boolean;
  isWrite: boolean;
}

function throughReferences(program: Program): Through[] {
  // As a module, since a script's top-level names stay unresolved in eslint-scope.
  const manager = analyze(program as Parameters<typeof analyze>[0], {
    ecmaVersion: 2026,
    sourceType: "module",
  });
  const global: Scope | null = manager.globalScope;
  const found = new Map<unknown, Through>();
  for (const reference of global?.through ?? []) {
    // A target with a default, `[a = 1] = b`, is noted twice.
    const before = found.get(reference.identifier);
    found.set(reference.identifier, {
      // acorn's nodes carry their offsets, which ESTree's types leave out.
      identifier: { name: reference.identifier.name, node: reference.identifier as unknown as Node },
      isRead: reference.isRead() || before?.isRead === true,
      isWrite: reference.isWrite() || before?.isWrite === true,
    });
  }
  return [...found.values()].sort((a, b) => a.identifier.node.start - b.identifier.node.start);
}

/** Methods that change their array, map, set or typed array. */
const mutatingMethods = new Set(
  "push pop shift unshift splice sort reverse fill copyWithin set add delete clear append".split(" "),
);

/** How the value of an identifier is changed where it stands, through its properties at any depth. */
function mutationOf(identifier: Node, parents: ReadonlyMap<Node, AnyNode>): string | undefined {
  let node = identifier;
  let parent = parents.get(node);
  let method: string | undefined;
  while (parent?.type === "MemberExpression" && parent.object === node) {
    method = !parent.computed && parent.property.type === "Identifier" ? parent.property.name : undefined;
    node = outsideChain(parent, parents);
    parent = parents.get(node);
  }
  if (node === identifier || !parent) return undefined;
  if (parent.type === "CallExpression" && parent.callee === node)
    return method && mutatingMethods.has(method) ? method : undefined;
  if (parent.type === "UnaryExpression") return parent.operator === "delete" ? "delete" : undefined;
  return isTarget(node, parent, parents) ? "=" : undefined;
}

/** `a?.b` stands in a node of its own. */
function outsideChain(node: Node, parents: ReadonlyMap<Node, AnyNode>): Node {
  const parent = parents.get(node);
  return parent?.type === "ChainExpression" ? parent : node;
}

/** Whether a member expression is what an assignment, update, loop or destructuring writes to. */
function isTarget(node: Node, parent: AnyNode, parents: ReadonlyMap<Node, AnyNode>): boolean {
  switch (parent.type) {
    case "UpdateExpression":
      return true;
    case "AssignmentExpression":
    case "AssignmentPattern":
    case "ForOfStatement":
    case "ForInStatement":
      return parent.left === node;
    case "ArrayPattern":
    case "RestElement":
      return true;
    case "Property":
      return parent.value === node && parents.get(parent)?.type === "ObjectPattern";
    default:
      return false;
  }
}

/** First offsets of `this` and `super` outside what provides them. */
function contextUses(program: Program, shift: number): Omit<FreeNames, "names"> {
  const found: { thisAt?: number; superAt?: number } = {};
  const visit = (node: AnyNode, hasThis: boolean, hasHome: boolean) => {
    const offset = node.start - shift;
    if (node.type === "ThisExpression" && !hasThis) found.thisAt ??= offset;
    if (node.type === "Super" && !hasHome) found.superAt ??= offset;
    const isFunction = node.type === "FunctionDeclaration" || node.type === "FunctionExpression";
    for (const child of childrenOf(node)) {
      const field =
        node.type === "StaticBlock" || (node.type === "PropertyDefinition" && node.value === child);
      // The code's own method, offset 0, stands in an object that is not its home.
      const method = (node.type === "MethodDefinition" || node.type === "Property") && node.value === child;
      visit(child, hasThis || isFunction || field, hasHome || field || (method && offset !== 0));
    }
  };
  visit(program, false, false);
  return found;
}

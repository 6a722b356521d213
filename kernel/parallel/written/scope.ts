import type { AnyNode } from "acorn";
import type { WrittenCell } from "../../cells/magic.ts";
import { type FreeNames, freeNames } from "../../typescript/free-names.ts";
import { boundNames } from "../../typescript/parse.ts";
import { readCell } from "../../typescript/read-cell.ts";

/** A name that a cell declares at its top level, as far as its text tells what it stands for. */
export interface Declaration {
  readonly kind: "import" | "variable" | "function" | "class" | "setUp";
  /** What a function or class has from outside. */
  readonly uses?: FreeNames;
  /** Of a constant made by `new C(…)`: `C`. */
  readonly instanceOf?: string;
  /** Of a class: what it extends; empty for an expression. */
  readonly base?: string;
  /** Of a class: its constructor returns something of its own. */
  readonly returns?: boolean;
}

type Declared = ReadonlyMap<string, Declaration>;

const known = new WeakMap<WrittenCell, Declared>();

/** The names that cells declare, the last declaration of each; but what a set-up declares, workers have for good. */
export function scopeOf(cells: readonly WrittenCell[]): Declared {
  const scope = new Map<string, Declaration>();
  for (const cell of cells)
    for (const [name, declaration] of declaredBy(cell))
      if (scope.get(name)?.kind !== "setUp") scope.set(name, declaration);
  return scope;
}

function declaredBy(cell: WrittenCell): Declared {
  const before = known.get(cell);
  if (before) return before;
  const own = [...ofText(cell.typescript), ...cell.out.map((name) => [name, { kind: "variable" }] as const)];
  const declared = new Map<string, Declaration>(
    cell.inWorkers ? own.map(([name]) => [name, { kind: "setUp" }]) : own,
  );
  known.set(cell, declared);
  return declared;
}

function ofText(text: string): Declared {
  const declared = new Map<string, Declaration>();
  try {
    const { code, program } = readCell(text, "cell.ts");
    for (const node of program.body) {
      const inner = node.type === "ExportNamedDeclaration" ? node.declaration : node;
      if (inner) addStatement(inner, code, declared);
    }
  } catch {
    // Half-typed: what it declares is not known yet.
  }
  return declared;
}

function addStatement(node: AnyNode, code: string, to: Map<string, Declaration>): void {
  if (node.type === "ImportDeclaration") {
    for (const { local } of node.specifiers) to.set(local.name, { kind: "import" });
  } else if (node.type === "FunctionDeclaration" && node.id) {
    to.set(node.id.name, { kind: "function", ...usesIn(node, code) });
  } else if (node.type === "ClassDeclaration" && node.id) {
    const { superClass } = node;
    const base = superClass && { base: superClass.type === "Identifier" ? superClass.name : "" };
    to.set(node.id.name, {
      kind: "class",
      ...usesIn(node, code),
      ...base,
      returns: constructorReturns(node),
    });
  } else if (node.type === "VariableDeclaration") {
    for (const { id, init } of node.declarations) {
      for (const name of boundNames(id)) to.set(name, { kind: "variable" });
      if (id.type === "Identifier" && init && node.kind === "const") to.set(id.name, ofConstant(init, code));
    }
  }
}

function ofConstant(init: AnyNode, code: string): Declaration {
  if (init.type === "ArrowFunctionExpression" || init.type === "FunctionExpression")
    return { kind: "function", ...usesIn(init, code) };
  if (init.type === "NewExpression" && init.callee.type === "Identifier")
    return { kind: "variable", instanceOf: init.callee.name };
  return { kind: "variable" };
}

function usesIn({ start, end }: AnyNode, code: string): { uses?: FreeNames } {
  try {
    return { uses: freeNames(code.slice(start, end), "function") };
  } catch {
    return {};
  }
}

function constructorReturns(
  node: Extract<AnyNode, { type: "ClassDeclaration" | "ClassExpression" }>,
): boolean {
  const own = node.body.body.find((one) => one.type === "MethodDefinition" && one.kind === "constructor");
  return own !== undefined && JSON.stringify(own).includes('"ReturnStatement"');
}

import type { AnyNode, ExportNamedDeclaration, FunctionDeclaration, Program } from "acorn";
import type { ImportBinding } from "../engine/engine.ts";
import type { Edit } from "./edits.ts";
import { lastExpression } from "./last-expression.ts";
import { bindingsOf, importCall, importExpressionEdits, valueNames } from "./module-syntax.ts";
import { boundNames, isFunctionScope, walk } from "./parse.ts";

/** What is to be changed in a cell's JavaScript before it can run in V8's REPL scope. */
export interface Rewrite {
  readonly edits: readonly Edit[];
  readonly imports: readonly ImportBinding[];
  /** Names that must exist before anything runs: those of `var` and of functions. */
  readonly hoistedNames: readonly string[];
  /** The top-level functions, as offsets in the cell's JavaScript. */
  readonly functions: readonly { readonly start: number; readonly end: number }[];
  /** All names that the cell declares at its top level, with the offsets where. */
  readonly declared: ReadonlyMap<string, number>;
  readonly showResult: boolean;
}

/**
 * Modules' syntax has no place in V8's REPL scope, so imports become awaited calls and `export` goes. And there a
 * name may be declared again by `let` or `class` alone, if it was by either; after `const`, `var` and `function`
 * other kinds are an error. So `const` becomes `let` (the type service reports assignments to it), and `var` and
 * functions are assigned to names declared by `let`. Each rewriting keeps the length where it can.
 */
export function rewriteCell(code: string, program: Program): Rewrite {
  const edits: Edit[] = [];
  const imports: ImportBinding[] = [];
  const values = valueNames(program);
  const hoisted = new Set<string>();
  const declared = new Map<string, number>();
  const functions: FunctionDeclaration[] = [];
  const late: string[] = [];
  let onlyImportsSoFar = true;

  const importText = (text: string, node: AnyNode) => {
    const lines = "\n".repeat(code.slice(node.start, node.end).split("\n").length - 1);
    // Imports are hoisted: one below other statements moves to the start of the cell.
    if (!onlyImportsSoFar) late.push(text);
    edits.push({ start: node.start, end: node.end, text: (onlyImportsSoFar ? text : "") + lines });
  };
  const declare = (node: AnyNode) => {
    if (isNamedFunction(node)) {
      functions.push(node);
      hoisted.add(node.id.name);
      declared.set(node.id.name, node.start);
      edits.push(assignedFunction(code, node));
    } else if (node.type === "ClassDeclaration" && node.id) declared.set(node.id.name, node.start);
    else if (node.type === "VariableDeclaration" && node.kind !== "var") {
      if (node.kind === "const") edits.push({ start: node.start, end: node.start + 5, text: "let  " });
      for (const { id } of node.declarations) for (const name of boundNames(id)) declared.set(name, id.start);
    }
  };

  for (const node of program.body) {
    if (node.type === "ImportDeclaration") {
      const bindings = bindingsOf(node);
      imports.push(...bindings);
      for (const { local } of bindings) declared.set(local, node.start);
      importText(importCall(code, node, values), node);
      continue;
    }
    if (node.type === "ExportAllDeclaration" || (node.type === "ExportNamedDeclaration" && node.source))
      importText(`await __tandem_import(${JSON.stringify(node.source?.value)});`, node);
    else if (node.type === "ExportNamedDeclaration") {
      edits.push(withoutExport(code, node));
      if (node.declaration) declare(node.declaration);
    } else if (node.type === "ExportDefaultDeclaration") {
      const { declaration } = node;
      edits.push({
        start: node.start,
        end: declaration.start,
        text: blank(code, node.start, declaration.start),
      });
      const named = "id" in declaration && declaration.id;
      if (/Declaration$/.test(declaration.type) && named) declare(declaration as AnyNode);
      else if (/Declaration$|^ObjectExpression$/.test(declaration.type))
        edits.push(...parentheses(declaration));
    } else declare(node);
    onlyImportsSoFar = false;
  }

  edits.push(...importExpressionEdits(program));
  if (code.includes("Deno") && !declared.has("Deno")) edits.push(...denoEdits(program));
  for (const node of program.body)
    walk(node, (inner, parent) => {
      if (isFunctionScope(inner)) return false;
      if (inner.type === "VariableDeclaration" && inner.kind === "var") {
        edits.push(...assignedVar(inner, parent));
        for (const { id } of inner.declarations)
          for (const name of boundNames(id)) {
            hoisted.add(name);
            declared.set(name, id.start);
          }
      }
      return undefined;
    });
  if (late.length > 0) edits.push({ start: 0, end: 0, text: late.join("") });

  const last = lastExpression(code, program);
  if (last?.isBlock) edits.push(...parentheses(last));
  return {
    edits,
    imports,
    functions,
    hoistedNames: [...hoisted],
    declared,
    showResult: last !== undefined || endsInDefaultExport(program),
  };
}

/** `Deno` becomes `__tandem_deno`, which is there for cells alone; `typeof Deno` stays what it is in Node. */
function denoEdits(program: Program): Edit[] {
  const edits: Edit[] = [];
  walk(program, (node) => {
    if (node.type === "MemberExpression" && node.object.type === "Identifier" && node.object.name === "Deno")
      edits.push({ start: node.object.start, end: node.object.end, text: "__tandem_deno" });
    return undefined;
  });
  return edits;
}

/** `export default function () {}` alone has no name. */
const isNamedFunction = (node: AnyNode): node is FunctionDeclaration =>
  node.type === "FunctionDeclaration" && node.id !== null;

/** `function f(` → `f=function(`: as long as before; the name is inferred. */
function assignedFunction(code: string, node: FunctionDeclaration): Edit {
  const { start } = node;
  const { name, end } = node.id;
  const head = `${name}=${node.async ? "async " : ""}function${node.generator ? "*" : ""}`;
  const lines = "\n".repeat(code.slice(start, end).split("\n").length - 1);
  return { start, end, text: head.padEnd(end - start - lines.length) + lines };
}

/** `var a = 1` → `;   a = 1`; a pattern in statement position gets parentheses. */
function assignedVar(
  node: Extract<AnyNode, { type: "VariableDeclaration" }>,
  parent: AnyNode | undefined,
): Edit[] {
  const start = node.start;
  const end = start + "var".length;
  const first = node.declarations[0];
  if (parent && /^For/.test(parent.type) && "body" in parent && parent.body !== node)
    return [{ start, end, text: "   " }];
  // A semicolon, since the line before may have relied on `var` to end it.
  const inList = !parent || /^(Program|BlockStatement|SwitchCase|ExportNamedDeclaration)$/.test(parent.type);
  const needsParentheses = first?.id.type === "ObjectPattern";
  const edit = { start, end, text: (inList ? ";" : " ") + (needsParentheses ? " (" : "  ") };
  return needsParentheses ? [edit, { start: first.end, end: first.end, text: ")" }] : [edit];
}

function withoutExport(code: string, node: ExportNamedDeclaration): Edit {
  const { start } = node;
  const end = node.declaration ? node.declaration.start : node.end;
  return { start, end, text: blank(code, start, end) };
}

const blank = (code: string, start: number, end: number) => code.slice(start, end).replace(/[^\r\n]/g, " ");

/** With a semicolon, since the line before may have none. */
const parentheses = ({ start, end }: { start: number; end: number }): Edit[] => [
  { start, end: start, text: ";(" },
  { start: end, end, text: ")" },
];

/** Whether the cell ends in `export default` of an expression. */
function endsInDefaultExport(program: Program): boolean {
  const last = program.body.findLast((node) => node.type !== "EmptyStatement");
  return last?.type === "ExportDefaultDeclaration" && !("id" in last.declaration && last.declaration.id);
}

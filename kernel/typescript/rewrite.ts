import type { AnyNode, ExportNamedDeclaration, FunctionDeclaration, ImportDeclaration, Program } from "acorn";
import type { ImportBinding } from "../engine/engine.ts";
import type { Edit } from "./edits.ts";
import { boundNames, isFunctionScope, isObjectLiteral, walk } from "./parse.ts";

/** What is to be changed in a cell's JavaScript before it can run in V8's REPL scope. */
export interface Rewrite {
  readonly edits: readonly Edit[];
  readonly imports: readonly ImportBinding[];
  /** Names that must exist before anything runs: those of `var` and of functions. */
  readonly hoistedNames: readonly string[];
  /** The top-level functions, as offsets in the cell's JavaScript. */
  readonly functions: readonly { readonly start: number; readonly end: number }[];
  /** All names that the cell declares at its top level. */
  readonly declared: readonly string[];
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
  const hoisted = new Set<string>();
  const declared = new Set<string>();
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
      declared.add(node.id.name);
      edits.push(assignedFunction(code, node));
    } else if (node.type === "ClassDeclaration" && node.id) declared.add(node.id.name);
    else if (node.type === "VariableDeclaration" && node.kind !== "var") {
      if (node.kind === "const") edits.push({ start: node.start, end: node.start + 5, text: "let  " });
      for (const { id } of node.declarations) for (const name of boundNames(id)) declared.add(name);
    }
  };

  for (const node of program.body) {
    if (node.type === "ImportDeclaration") {
      const bindings = bindingsOf(node);
      imports.push(...bindings);
      for (const { local } of bindings) declared.add(local);
      importText(importCall(code, node, bindings), node);
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

  for (const node of program.body)
    walk(node, (inner) => {
      if (inner.type === "ImportExpression") edits.push(...dynamicImport(inner));
      if (inner.type === "MetaProperty" && inner.meta.name === "import")
        edits.push({ start: inner.start, end: inner.end, text: "__tandem_meta" });
      return undefined;
    });
  for (const node of program.body)
    walk(node, (inner, parent) => {
      if (isFunctionScope(inner)) return false;
      if (inner.type === "VariableDeclaration" && inner.kind === "var") {
        edits.push(...assignedVar(inner, parent));
        for (const { id } of inner.declarations) for (const name of boundNames(id)) hoisted.add(name);
      }
      return undefined;
    });
  if (late.length > 0) edits.push({ start: 0, end: 0, text: late.join("") });

  const last = program.body.findLast((node) => node.type !== "EmptyStatement");
  const object = last && objectLiteral(code, last);
  if (object) edits.push(...object);
  for (const name of hoisted) declared.add(name);
  return {
    edits,
    imports,
    functions,
    hoistedNames: [...hoisted],
    declared: [...declared],
    showResult: object !== undefined || endsInExpression(last),
  };
}

/** `export default function () {}` alone has no name. */
const isNamedFunction = (node: AnyNode): node is FunctionDeclaration =>
  node.type === "FunctionDeclaration" && node.id !== null;

function bindingsOf(node: ImportDeclaration): ImportBinding[] {
  const specifier = String(node.source.value);
  return node.specifiers.map((binding) => {
    const local = binding.local.name;
    if (binding.type === "ImportDefaultSpecifier") return { local, specifier, imported: "default" };
    if (binding.type === "ImportNamespaceSpecifier") return { local, specifier, imported: "*" };
    return { local, specifier, imported: nameOf(binding.imported) };
  });
}

/** `let {"default": a, "b": c} = await __tandem_import("m", attributes, ["default", "b"]);` */
function importCall(code: string, node: ImportDeclaration, bindings: readonly ImportBinding[]): string {
  const types = node.specifiers.length === 0 && /^import\s*\{[^}]*\S[^}]*\}/.test(code.slice(node.start));
  if (types) return "";
  const specifier = JSON.stringify(node.source.value);
  const attributes = node.attributes.map(
    ({ key, value }) => `${JSON.stringify(nameOf(key))}: ${JSON.stringify(value.value)}`,
  );
  const named = bindings.filter(({ imported }) => imported !== "*");
  const namespace = bindings.find(({ imported }) => imported === "*");
  const pattern = `{${named.map(({ imported, local }) => `${JSON.stringify(imported)}: ${local}`).join(", ")}}`;
  const list = [
    specifier,
    ...(attributes.length > 0 ? [`{${attributes.join(", ")}}`] : named.length > 0 ? ["undefined"] : []),
    ...(named.length > 0 ? [JSON.stringify(named.map(({ imported }) => imported))] : []),
  ];
  const call = `await __tandem_import(${list.join(", ")})`;
  if (namespace)
    return `let ${namespace.local} = ${call}${named.length > 0 ? `, ${pattern} = ${namespace.local}` : ""};`;
  return named.length > 0 ? `let ${pattern} = ${call};` : `${call};`;
}

const nameOf = (node: AnyNode): string =>
  node.type === "Identifier" ? node.name : node.type === "Literal" ? String(node.value) : "";

/** `import(m, { with: a })` → `__tandem_import(m, ({ with: a })?.with)`. */
function dynamicImport(node: Extract<AnyNode, { type: "ImportExpression" }>): Edit[] {
  const call = { start: node.start, end: node.start + "import".length, text: "__tandem_import" };
  if (!node.options) return [call];
  const { start, end } = node.options;
  return [call, { start, end: start, text: "(" }, { start: end, end, text: ")?.with" }];
}

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

/** A last block that reads as an object literal is meant as one: `{ a, b: 2 }`. */
function objectLiteral(code: string, last: AnyNode): Edit[] | undefined {
  return last.type === "BlockStatement" && isObjectLiteral(code.slice(last.start, last.end))
    ? parentheses(last)
    : undefined;
}

/** Whether the last statement is an expression; `using` puts the cell's statements into a try block. */
function endsInExpression(last: AnyNode | undefined): boolean {
  if (
    last?.type === "TryStatement" &&
    last.handler?.param?.type === "Identifier" &&
    last.handler.param.name === "_"
  )
    return endsInExpression(last.block.body.at(-1));
  if (last?.type === "ExportDefaultDeclaration") return !("id" in last.declaration && last.declaration.id);
  return last?.type === "ExpressionStatement";
}

import type { AnyNode } from "acorn";
import { Walker } from "../../cells/scanner.ts";
import { RESULT } from "../../parallel/ambient.ts";
import { boundNames, isFunctionScope, walk } from "../parse.ts";
import { stripTypes } from "../strip.ts";
import { lineStart } from "../syntax-error.ts";
import type { Declared } from "./scope.ts";
import type { Range } from "./server.ts";

/** What the server says of a document's declarations (LSP `DocumentSymbol`, top level). */
export interface DocumentSymbol {
  readonly name: string;
  readonly kind: number;
  /** Of the name. */
  readonly selectionRange: Range;
}

/** A name of a cell, and where it stands. */
export interface Declaration extends Declared {
  readonly range: Range;
  /** LSP's SymbolKind. */
  readonly symbol: number;
}

/** LSP's `SymbolKind.Variable`; TypeScript uses it for constants and imports, too. */
const VARIABLE = 13;

/** The names that a cell declares at its top level, types included, from the server's symbols of it and its text. */
export function declaredNames(symbols: readonly DocumentSymbol[], text: string): Declaration[] {
  // To parse a text takes ten times as long as to look at it.
  let parsed: ReturnType<typeof variablesOf> | undefined;
  const variables = () => {
    parsed ??= variablesOf(text);
    return parsed;
  };
  const names = new Map<string, Declaration & { depth: number }>();
  const walker = new Walker(text);
  const inOrder = symbols
    .map((symbol) => ({ ...symbol, offset: offsetOf(text, symbol.selectionRange) }))
    .sort((a, b) => a.offset - b.offset);
  for (const { name: whole, kind, selectionRange: range, offset } of inOrder) {
    walker.walkTo(offset);
    // `namespace A.B` declares A.
    const [name = whole] = whole.split(".");
    // Statements such as `export default` have symbols whose names are none.
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) || name === "default") continue;
    if (name.startsWith(RESULT)) continue;
    const depth = depthOf(text, offset, walker.open[0]?.offset);
    if (depth === Depth.inside && !variables().names?.has(name)) continue;
    if (depth === Depth.pattern && variables().names?.has(name) === false) continue;
    if (isNoDeclaration(text.slice(Math.max(0, offset - 80), offset))) continue;
    const variable =
      kind === VARIABLE ? (writtenKind(text, offset) ?? variables().kinds.get(name)) : undefined;
    const known = names.get(name);
    if (known && depth > known.depth) continue;
    // A name that is a type and a value stays an alias, which is both.
    const merged = known?.depth === depth && known.kind !== variable;
    names.set(name, { name, kind: merged ? "other" : (variable ?? "other"), range, symbol: kind, depth });
  }
  return [...names.values()].map(({ depth: _depth, ...declaration }) => declaration);
}

/** The keyword in front of a name, where nothing but names stands between. */
function writtenKind(text: string, offset: number): "let" | "const" | undefined {
  const before = text.slice(Math.max(0, offset - 80), offset);
  const keyword = /(?<![\p{ID_Continue}$.])(let|var|const|using)\s+[\s\p{ID_Continue}$,]*$/u.exec(
    before,
  )?.[1];
  if (keyword === undefined) return undefined;
  return keyword === "const" || keyword === "using" ? "const" : "let";
}

/** Where a symbol's name stands. The server lists what blocks, loops and the arguments of calls declare as if it were top level. */
enum Depth {
  top,
  /** In braces or brackets behind `const`, `let`, `var` or `import`. */
  pattern,
  inside,
}

function depthOf(text: string, offset: number, opened: number | undefined): Depth {
  if (opened === undefined || opened >= offset) return Depth.top;
  const before = text.slice(Math.max(0, opened - 200), opened);
  if (/\bimport\s+(?:type\s+)?(?:[\p{ID_Continue}$]+\s*,\s*)?$/u.test(before)) return Depth.top;
  return /\b(?:const|let|var)\s+$/.test(before) ? Depth.pattern : Depth.inside;
}

/** What stands before a class or a function that is an expression, or before `global` in `declare global`. */
const isNoDeclaration = (before: string) =>
  /(?:[=(,:?&|]\s*(?:async\s+)?(?:class|function\s*\*?)|\bdeclare)\s+$/.test(before);

const offsetOf = (text: string, { start: { line, character } }: Range) =>
  lineStart(text, line + 1) + character;

/** The variables of a text; `names` has all that is bound at the top level, and is left out where the text does not parse. */
function variablesOf(text: string): {
  kinds: ReadonlyMap<string, "let" | "const">;
  names?: ReadonlySet<string>;
} {
  const kinds = new Map<string, "let" | "const">();
  const kindOf = (keyword: string | undefined) => (keyword === "const" ? "const" : "let");
  for (const [, keyword, name] of text.matchAll(/\bdeclare\s+(let|var|const)\s+([\p{ID_Continue}$]+)/gu))
    if (name !== undefined) kinds.set(name, kindOf(keyword));
  const body = statements(text);
  if (!body) return { kinds };
  for (const statement of body) {
    const node = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (node?.type !== "VariableDeclaration") continue;
    for (const { id } of node.declarations)
      for (const name of boundNames(id)) kinds.set(name, /const|using/.test(node.kind) ? "const" : "let");
  }
  for (const name of hoisted(body)) if (!kinds.has(name)) kinds.set(name, "let");
  return { kinds, names: new Set(kinds.keys()) };
}

/** What `var` declares in blocks and loops. */
function hoisted(body: readonly AnyNode[]): string[] {
  const names: string[] = [];
  for (const statement of body)
    walk(statement, (node) => {
      if (isFunctionScope(node)) return false;
      if (node.type === "VariableDeclaration" && node.kind === "var")
        names.push(...node.declarations.flatMap(({ id }) => boundNames(id)));
      return true;
    });
  return names;
}

function statements(text: string): readonly AnyNode[] | undefined {
  try {
    return stripTypes(text, "cell.ts").program.body;
  } catch {
    return undefined;
  }
}

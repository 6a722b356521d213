import type { AnyNode } from "acorn";
import { RESULT } from "../../parallel/ambient.ts";
import { boundNames } from "../parse.ts";
import { stripTypes } from "../strip.ts";
import type { Declared } from "./scope.ts";

/** What the server says of a document's declarations (LSP `DocumentSymbol`, top level). */
export interface DocumentSymbol {
  readonly name: string;
  readonly kind: number;
}

/** LSP's `SymbolKind.Variable`; TypeScript uses it for constants and imports, too. */
const VARIABLE = 13;

/** The names that a cell declares, types included, from the server's symbols of it and its text. */
export function declaredNames(symbols: readonly DocumentSymbol[], text: string): Declared[] {
  const kinds = variableKinds(text);
  const names = new Map<string, Declared>();
  for (const { name, kind } of symbols) {
    // Statements such as `export default` have symbols whose names are none.
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) || name === "default") continue;
    if (name.startsWith(RESULT)) continue;
    const variable = kind === VARIABLE ? kinds.get(name) : undefined;
    // A name that is a type and a value stays an alias, which is both.
    const merged = names.has(name) && names.get(name)?.kind !== variable;
    names.set(name, { name, kind: merged ? "other" : (variable ?? "other") });
  }
  return [...names.values()];
}

function variableKinds(text: string): Map<string, "let" | "const"> {
  const kinds = new Map<string, "let" | "const">();
  const kindOf = (keyword: string | undefined) => (keyword === "const" ? "const" : "let");
  for (const [, keyword, name] of text.matchAll(/\bdeclare\s+(let|var|const)\s+([\p{ID_Continue}$]+)/gu))
    if (name !== undefined) kinds.set(name, kindOf(keyword));
  for (const statement of statements(text)) {
    const node = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (node?.type !== "VariableDeclaration") continue;
    for (const { id } of node.declarations)
      for (const name of boundNames(id)) kinds.set(name, /const|using/.test(node.kind) ? "const" : "let");
  }
  return kinds;
}

function statements(text: string): readonly AnyNode[] {
  try {
    return stripTypes(text, "cell.ts").program.body;
  } catch {
    return [];
  }
}

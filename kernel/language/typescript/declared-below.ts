import type { AnyNode } from "acorn";
import { type Diagnostic, DiagnosticSeverity, type Location } from "vscode-languageserver";
import { lineTable } from "../../typescript/edits.ts";
import { boundNames, isFunctionScope, walk } from "../../typescript/parse.ts";
import { stripTypes } from "../../typescript/strip.ts";
import { type CellView, toCell } from "./views.ts";

/**
 * Informations at names that only a cell below declares, where they are used as the cell runs, and not in a function that may be
 * called later. `below`: those names, each with the place of its declaration where that can be seen.
 */
export function declaredBelow(
  view: CellView,
  below: ReadonlyMap<string, Location | undefined>,
): Diagnostic[] {
  if (below.size === 0 || view.cell.text.startsWith("%%")) return [];
  const placeOf = lineTable(view.text);
  const at = (offset: number) => {
    const [line, character] = placeOf(offset);
    return toCell(view, { line, character });
  };
  return usedAtOnce(view.text)
    .filter(({ name }) => below.has(name))
    .map(({ name, start }) => ({ name, start, location: below.get(name) }))
    .map(({ name, start, location }) => ({
      range: { start: at(start), end: at(start + name.length) },
      severity: DiagnosticSeverity.Information,
      source: "tandem",
      code: "declaredBelow",
      message: `A cell below declares ${name}: it has to run before this one.`,
      ...(location && { relatedInformation: [{ location, message: "It is declared here." }] }),
    }));
}

/** The first use of each name that the text does not bind anywhere, outside its functions; none where places are not known. */
export function usedAtOnce(text: string): { name: string; start: number }[] {
  const parsed = parse(text);
  if (!parsed || parsed.original) return [];
  const used = new Map<string, { name: string; start: number }>();
  const bound = new Set<string>();
  walk(parsed.program, (node, parent) => {
    for (const name of bindingsOf(node)) bound.add(name);
    if (isFunctionScope(node)) return false;
    if (node.type === "UnaryExpression" && node.operator === "typeof") return false;
    if (node.type === "Identifier" && !isKey(node, parent) && !used.has(node.name)) used.set(node.name, node);
    return true;
  });
  return [...used.values()]
    .filter(({ name }) => !bound.has(name))
    .map(({ name, start }) => ({ name, start }));
}

function bindingsOf(node: AnyNode): string[] {
  if (node.type === "VariableDeclarator") return boundNames(node.id);
  if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration")
    return node.id ? [node.id.name] : [];
  if (node.type === "CatchClause") return node.param ? boundNames(node.param) : [];
  return /^Import\w*Specifier$/.test(node.type) && "local" in node ? boundNames(node.local as AnyNode) : [];
}

/** Whether an identifier is a property's name, a label or part of an import or export. */
function isKey(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (!parent || /^(?:Import|Export)\w*Specifier$|Label|Break|Continue|MetaProperty/.test(parent.type))
    return true;
  if (parent.type === "MemberExpression") return parent.property === node && !parent.computed;
  if (parent.type === "Property") return parent.key === node && !parent.computed && !parent.shorthand;
  return parent.type === "MethodDefinition" && parent.key === node && !parent.computed;
}

function parse(text: string) {
  try {
    return stripTypes(text, "cell.ts");
  } catch {
    return undefined;
  }
}

import { type DocumentSymbol, type FoldingRange, type Range, SymbolKind } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { blocksOf, type Definition, readSource, topLevelNames } from "../../python/source.ts";
import type { EditedCell } from "../cell-language.ts";
import { isPython, pythonOf } from "./python-cells.ts";

type Text = Pick<EditedCell, "text">;

/** The functions and classes of a Python cell, as an editor's outline shows them. */
export function symbolsOf(cell: Text): DocumentSymbol[] {
  const { range } = places(cell);
  const symbol = (one: Definition, inClass: boolean): DocumentSymbol => ({
    name: one.name,
    ...(one.arguments !== undefined && { detail: `(${one.arguments.replace(/\s+/g, " ").trim()})` }),
    kind: one.kind === "class" ? SymbolKind.Class : inClass ? SymbolKind.Method : SymbolKind.Function,
    range: range(one.start, one.end),
    selectionRange: range(one.nameStart, one.nameStart + one.name.length),
    children: one.children.map((child) => symbol(child, one.kind === "class")),
  });
  return readSource(pythonOf(cell)).definitions.map((one) => symbol(one, false));
}

/** Its blocks, and statements of more than one line. */
export function foldsOf(cell: Text): FoldingRange[] {
  const { range } = places(cell);
  return blocksOf(pythonOf(cell)).flatMap(({ start, end }) => {
    const { start: first, end: last } = range(start, end);
    return last.line > first.line ? [{ startLine: first.line, endLine: last.line }] : [];
  });
}

/** Where a Python cell writes a name that TypeScript has of it; undefined where it does not, and in other cells. */
export function placeOfPythonName(cell: Text, name: string): Range | undefined {
  const place = isPython(cell) ? topLevelNames(pythonOf(cell)).get(name) : undefined;
  return place && places(cell).range(place.start, place.end);
}

function places({ text }: Text): { range(start: number, end: number): Range } {
  const document = TextDocument.create("", "python", 0, text);
  return { range: (start, end) => ({ start: document.positionAt(start), end: document.positionAt(end) }) };
}

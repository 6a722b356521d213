import { type DocumentSymbol, type FoldingRange, type Range, SymbolKind } from "vscode-languageserver";
import { outlineCell } from "../../rust/addon.ts";
import { placeOf } from "../../rust/diagnose.ts";
import { notebookName } from "../../rust/names.ts";
import type { OutlineItem, OutlinePlace } from "../../rust/outline.ts";
import type { EditedCell } from "../cell-language.ts";
import { isRust, textOf } from "./rust-cells.ts";

const kinds: Record<OutlineItem["kind"], SymbolKind> = {
  function: SymbolKind.Function,
  method: SymbolKind.Method,
  struct: SymbolKind.Struct,
  field: SymbolKind.Field,
  enum: SymbolKind.Enum,
  variant: SymbolKind.EnumMember,
  trait: SymbolKind.Interface,
  impl: SymbolKind.Object,
  type: SymbolKind.TypeParameter,
  constant: SymbolKind.Constant,
  static: SymbolKind.Constant,
  module: SymbolKind.Module,
  macro: SymbolKind.Function,
};

/** The items of a Rust cell, as an editor's outline shows them; none while it is no Rust. */
export function symbolsOf(cell: Pick<EditedCell, "text">): DocumentSymbol[] {
  const { items, range } = read(cell);
  const symbol = (item: OutlineItem): DocumentSymbol => ({
    name: item.name,
    detail: item.detail,
    kind: kinds[item.kind],
    range: range(item.place),
    selectionRange: range(item.namePlace),
    children: item.children.map(symbol),
  });
  return items.map(symbol);
}

/** Whether it is no Rust just now, so that nothing is known of it. */
export const isBroken = (cell: Pick<EditedCell, "text">): boolean => outlineCell(textOf(cell)).error !== null;

/** Its items that take more than one line. */
export function foldsOf(cell: Pick<EditedCell, "text">): FoldingRange[] {
  const { items, range } = read(cell);
  const folds = (item: OutlineItem): FoldingRange[] => {
    const { start } = range(item.namePlace);
    const { end } = range(item.place);
    const own = end.line > start.line ? [{ startLine: start.line, endLine: end.line }] : [];
    return [...own, ...item.children.flatMap(folds)];
  };
  return items.flatMap(folds);
}

/** Where a name that TypeScript has of a Rust cell is written in it. */
export interface ExportPlace {
  /** As TypeScript has it, with what it is a member of before it: `["orders", "Order", "total"]`. */
  readonly path: readonly string[];
  readonly kind: OutlineItem["kind"];
  /** Of the name. */
  readonly range: Range;
  /** Of the whole item, with its doc comment. */
  readonly whole: Range;
}

/**
 * The places of everything public in a `%%rust` cell, members and fields included; none in other cells. What `--as` puts
 * before the names is left out.
 */
export function exportPlaces(cell: Pick<EditedCell, "text">): ExportPlace[] {
  if (!isRust(cell)) return [];
  const { items, range } = read(cell);
  const places = (item: OutlineItem, around: readonly string[], visible: boolean): ExportPlace[] => {
    if (item.kind === "impl") {
      // Its members are those of the type: the name behind `impl` or `for`, without what it is given.
      const type = item.name.replace(/^impl (?:.* for )?/, "").replace(/<.*$/, "");
      const path = [...around, ...type.split("::").map(notebookName)];
      const ofTrait = / for /.test(item.name);
      return item.children.flatMap((one) => places(one, path, ofTrait || one.public));
    }
    if (!visible) return [];
    const path = [...around, notebookName(item.name)];
    const inside = item.children.flatMap((one) =>
      places(
        one,
        path,
        one.public || item.kind === "enum" || item.kind === "variant" || item.kind === "trait",
      ),
    );
    return [{ path, kind: item.kind, range: range(item.namePlace), whole: range(item.place) }, ...inside];
  };
  return items.flatMap((one) => places(one, [], one.public));
}

/** Where a name is written that TypeScript has of a Rust cell; what is outermost goes before members. */
export function placeOfRustName(cell: Pick<EditedCell, "text">, name: string): Range | undefined {
  const named = exportPlaces(cell).filter(({ path }) => path.at(-1) === name);
  return named.sort((a, b) => a.path.length - b.path.length)[0]?.range;
}

function read(cell: Pick<EditedCell, "text">): {
  items: readonly OutlineItem[];
  range(place: OutlinePlace): Range;
} {
  const text = textOf(cell);
  const lines = text.split("\n");
  return { items: outlineCell(text).items, range: (place) => placeOf(place, lines) };
}

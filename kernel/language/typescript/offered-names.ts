import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  type Position,
  SymbolKind,
} from "vscode-languageserver";
import type { Origin } from "../../typescript/service/editor/notebook-types.ts";

/** A name of another cell as an item. */
interface Offered {
  readonly item: CompletionItem;
  readonly from: string;
  readonly declared: Position;
}

const kinds: Partial<Record<SymbolKind, CompletionItemKind>> = {
  [SymbolKind.Class]: CompletionItemKind.Class,
  [SymbolKind.Enum]: CompletionItemKind.Enum,
  [SymbolKind.Interface]: CompletionItemKind.Interface,
  [SymbolKind.Function]: CompletionItemKind.Function,
  [SymbolKind.Namespace]: CompletionItemKind.Module,
  [SymbolKind.Module]: CompletionItemKind.Module,
  [SymbolKind.TypeParameter]: CompletionItemKind.TypeParameter,
};

/** Behind the cell's own names, before what every cell has and what could be imported. */
const ORDER = "12";

/**
 * The names of other cells that the cell does not mention yet: the compiler does not know of them there, since a cell has
 * only what it mentions. They belong where the compiler offers what is there without any cell: values or types.
 */
export function offeredNames({ items }: CompletionList, names: readonly Origin[], word: string): Offered[] {
  const labels = new Set(items.map(({ label }) => label));
  // Functions of the language stand among values alone, its helpers for types among types.
  const values = labels.has("parseInt");
  if (!values && !labels.has("Partial")) return [];
  return names
    .filter(
      ({ name, declaration }) =>
        !labels.has(name) &&
        mayMean(word, name) &&
        (values ? !isType(declaration.symbol) : mayBeType(declaration.symbol)),
    )
    .map(({ name, key, declaration }) => ({
      item: {
        label: name,
        kind: kinds[kindOf(declaration.symbol)] ?? CompletionItemKind.Variable,
        sortText: ORDER,
      },
      from: key,
      declared: declaration.range.start,
    }));
}

// The server sends numbers of LSP's table.
const kindOf = (symbol: number) => symbol as SymbolKind;

const isType = (symbol: number) => symbol === SymbolKind.Interface || symbol === SymbolKind.TypeParameter;

/** A variable can be no type but an import can, which has the same kind. */
const mayBeType = (symbol: number) => symbol !== SymbolKind.Function;

/** Whether a word that is begun may stand for a name: the editor looks for its first letter where a word of the name begins. */
function mayMean(word: string, name: string): boolean {
  const first = word[0];
  if (first === undefined) return true;
  const lower = first.toLowerCase();
  if (name.toLowerCase().startsWith(lower)) return true;
  return name.includes(first.toUpperCase()) || name.toLowerCase().includes(`_${lower}`);
}

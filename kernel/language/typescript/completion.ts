import type {
  CompletionContext,
  CompletionItem,
  CompletionList,
  Position,
  Range,
} from "vscode-languageserver";
import { OF_CELL, withoutCellNames } from "../../typescript/service/scope.ts";
import type { PlaceRequest } from "../cell-language.ts";
import { nodeExports } from "./node-modules.ts";
import { offeredNames } from "./offered-names.ts";
import { type Asked, at } from "./open-types.ts";
import { cellEdits, showsTypeScript, wordBefore } from "./places.ts";
import { type CellView, toCell } from "./views.ts";

/** What an item's `data` holds on its way through the editor: its cell, and the compiler's own. */
export interface ItemData {
  readonly notebook: string;
  readonly cell: string;
  readonly data: unknown;
  /** The cell that declares a name which this one does not have yet, and where. */
  readonly from?: string;
  readonly declared?: Position;
  /** There is no more to be said of it. */
  readonly whole?: true;
}

/** What may stand at a place of a cell: names of this and the other cells, members, what packages export. */
export async function completionsAt(
  { view, ask, open }: Asked,
  { notebook, cell, position }: PlaceRequest,
  context: CompletionContext | undefined,
): Promise<CompletionList | undefined> {
  if (!showsTypeScript(view, position)) return undefined;
  // The compiler is asked for what it knows as a trigger; a percent sign and a dash are for magics alone.
  const trigger = context?.triggerCharacter;
  if (trigger !== undefined && /[%:-]/.test(trigger)) return undefined;
  const answer = await ask<CompletionList | CompletionItem[]>("completion", {
    ...at(view, position),
    context,
  });
  if (!answer) return undefined;
  const list = Array.isArray(answer) ? { isIncomplete: false, items: answer } : answer;
  const items: CompletionItem[] = list.items.filter(isForUsers).map((item) => ({
    ...item,
    ...(item.textEdit && { textEdit: editInCell(item.textEdit, view) }),
    data: { notebook: notebook.uri, cell: cell.uri, data: item.data } satisfies ItemData,
  }));
  const range = list.itemDefaults?.editRange;
  const word = wordBefore(cell.text, position);
  for (const { item, from, declared } of offeredNames(list, open.types.offered(cell.uri), word))
    items.push({
      ...item,
      data: { notebook: notebook.uri, cell: cell.uri, data: undefined, from, declared } satisfies ItemData,
    });
  for (const item of nodeExports(list, cell.text, word))
    items.push({
      ...item,
      data: { notebook: notebook.uri, cell: cell.uri, data: undefined, whole: true } satisfies ItemData,
    });
  return {
    ...list,
    items,
    ...(range && { itemDefaults: { ...list.itemDefaults, editRange: rangeInCell(range, view) } }),
  };
}

/** An item with its documentation and the imports that it brings. */
export function resolvedInCell(item: CompletionItem, view: CellView): CompletionItem {
  const { additionalTextEdits, detail, documentation } = item;
  const text = typeof documentation === "object" ? documentation : undefined;
  return {
    ...item,
    ...(detail !== undefined && { detail: withoutCellNames(detail) }),
    ...(text && { documentation: { ...text, value: withoutCellNames(text.value) } }),
    ...(additionalTextEdits && { additionalTextEdits: cellEdits(view, additionalTextEdits) }),
  };
}

/** The names that hold cells together are in every cell's reach and in nobody's interest. */
function isForUsers({ label, labelDetails }: CompletionItem): boolean {
  return (
    !label.includes(OF_CELL) &&
    !/^__tandem|^__p(map|first)$|^[\u01c2\u01c3]|^\.tandem-/.test(label) &&
    !labelDetails?.description?.includes(".tandem-")
  );
}

function editInCell(edit: NonNullable<CompletionItem["textEdit"]>, view: CellView) {
  return "range" in edit
    ? { ...edit, range: plain(edit.range, view) }
    : { ...edit, insert: plain(edit.insert, view), replace: plain(edit.replace, view) };
}

function rangeInCell(range: Range | { insert: Range; replace: Range }, view: CellView) {
  return "insert" in range
    ? { insert: plain(range.insert, view), replace: plain(range.replace, view) }
    : plain(range, view);
}

const plain = ({ start, end }: Range, view: CellView): Range => ({
  start: toCell(view, start),
  end: toCell(view, end),
});

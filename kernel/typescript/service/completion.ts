import type { Completions } from "../service.ts";
import type { Range } from "./server.ts";

/** LSP `CompletionItem`, as far as it is used. */
export interface CompletionItem {
  readonly label: string;
  readonly kind?: number;
  readonly sortText?: string;
  readonly insertText?: string;
  readonly filterText?: string;
  readonly textEdit?: { readonly range?: Range; readonly newText: string };
}

/** LSP's `CompletionItemKind` from 1 in words. */
const kinds =
  "text method function constructor field variable class interface module property unit value enum keyword snippet color file reference folder enum-member constant struct event operator type-parameter".split(
    " ",
  );

/** What may stand at the offset, from the server's items: those that begin as the text does, best first. */
export function completionsOf(
  items: readonly CompletionItem[],
  text: string,
  offset: number,
  offsetAt: (position: Range["start"]) => number,
): Completions {
  // A path or string says what it replaces; of a name it is the word, and `[Symbol.iterator]` would replace the dot, too.
  const edit = items.every(({ textEdit }) => textEdit?.range) ? items[0]?.textEdit?.range : undefined;
  const start = edit ? offsetAt(edit.start) : offset - wordBefore(text, offset).length;
  const end = edit ? Math.max(offset, offsetAt(edit.end)) : offset;
  const typed = text.slice(start, offset).toLowerCase();
  const matches = new Map<string, string>();
  for (const item of [...items].sort(byPlace)) {
    const inserted = item.textEdit?.newText ?? item.insertText ?? item.label;
    const fits = edit !== undefined || isWord(inserted);
    if (fits && inserted.toLowerCase().startsWith(typed) && !matches.has(inserted))
      matches.set(inserted, kinds[(item.kind ?? 1) - 1] ?? "text");
  }
  return { start, end, matches: [...matches].map(([match, kind]) => ({ text: match, kind })) };
}

const byPlace = (a: CompletionItem, b: CompletionItem) =>
  compare(a.sortText ?? a.label, b.sortText ?? b.label) || compare(a.label, b.label);

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const isWord = (text: string) => /^#?[\p{ID_Continue}$]+$/u.test(text);

const wordBefore = (text: string, offset: number) =>
  /[\p{ID_Continue}$]*$/u.exec(text.slice(0, offset))?.[0] ?? "";

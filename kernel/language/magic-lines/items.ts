import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  InsertTextFormat,
} from "vscode-languageserver";
import type { MagicCompletion, MagicCompletions } from "../../cells/completion.ts";
import { positionAt } from "./places.ts";

const kinds = {
  keyword: CompletionItemKind.Keyword,
  property: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
} as const;

/** Completions of a magic line in `text` as the editor takes them. */
export function completionList({ start, end, items }: MagicCompletions, text: string): CompletionList {
  const range = { start: positionAt(text, start), end: positionAt(text, end) };
  // What follows on the line keeps its space.
  const open = /^(?:\n|\r|$)/.test(text.slice(end));
  return {
    isIncomplete: false,
    items: items.map((item, index): CompletionItem => {
      const { text: label, kind, detail, documentation } = item;
      return {
        label,
        kind: kinds[kind],
        filterText: label,
        // In the order of the declarations.
        sortText: String(index).padStart(3, "0"),
        textEdit: { range, newText: inserted(item, open) },
        insertTextFormat: InsertTextFormat.Snippet,
        ...(detail && { detail }),
        ...(documentation && { documentation: { kind: "markdown" as const, value: documentation } }),
      };
    }),
  };
}

/** A snippet: the place for a value holds what the help writes there. */
function inserted({ text, placeholder, goesOn }: MagicCompletion, open: boolean): string {
  const plain = text.replace(/[\\$}]/g, "\\$&");
  if (!open) return plain;
  if (placeholder !== undefined) return `${plain} \${1:${placeholder.replace(/[\\$}]/g, "\\$&")}}`;
  return goesOn ? `${plain} ` : plain;
}

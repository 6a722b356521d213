import { lineMagics } from "../../cells/line-magics.ts";
import { findMagic, readHead } from "../../cells/magic-line.ts";
import { magics } from "../../cells/magics.ts";
import { splitCell } from "../../cells/split.ts";
import { externalSide } from "../../measure/external.ts";
import { wrapObjectLiteral } from "../../typescript/read-cell.ts";

/** A cell's TypeScript as formatters can read it, and the way back. */
export interface MaskedCell {
  /** Without the magic line on top; in place of each other line that is no TypeScript stands a statement. */
  readonly text: string;
  /** The cell of a formatted text; undefined where code changed its place among the magic lines. */
  restore(formatted: string): string | undefined;
}

/** A statement, since a magic line ends the statement before it as no comment does. */
const mark = (index: number) => `tandem_magic_${index}_;`;
const marked = /^[ \t]*tandem_magic_(\d+)_;?[ \t]*$/;

/** Masks a cell; undefined where its text is not TypeScript. Throws the catalogue's errors for magics that there are none of. */
export function maskCell(source: string): MaskedCell | undefined {
  const head = readHead(source);
  if (head && findMagic(head.name, magics).holdsTypeScript !== true) return undefined;
  const [top = "", ...rest] = source.split("\n");
  const body = head ? rest.join("\n") : source;
  const lines = body.split("\n");
  const hidden = new Set<number>();
  for (const piece of splitCell(body, lineMagics)) if ("magic" in piece) hidden.add(piece.line - 1);
  if (head?.name === "bench")
    for (const match of body.matchAll(externalSide))
      hidden.add(body.slice(0, match.index).split("\n").length - 1);
  const kept = [...hidden].sort((a, b) => a - b).map((line) => lines[line] ?? "");
  let count = 0;
  const masked = lines.map((line, index) => (hidden.has(index) ? mark(count++) : line)).join("\n");
  const { text, place } = wrapObjectLiteral(masked);
  return {
    text,
    restore(formatted) {
      const unwrapped = place ? withoutParentheses(formatted) : formatted;
      if (unwrapped === undefined) return undefined;
      const plain = unwrapped.replace(/^\n+|\s+$/g, "");
      if (kept.length > 0 && !isSameBetweenMarks(masked, plain)) return undefined;
      const restored = plain.replace(
        new RegExp(marked, "gm"),
        (_, index: string) => kept[Number(index)] ?? "",
      );
      if (!head) return restored;
      return restored === "" ? top : `${top}\n${restored}`;
    },
  };
}

/** Takes the parentheses off the object literal at a text's end that would be a block. */
function withoutParentheses(text: string): string | undefined {
  const [found, before, object] = /^([\s\S]*\n|)[ \t]*;?\((\{[\s\S]*\})\);?\s*$/.exec(text) ?? [];
  return found === undefined ? undefined : `${before}${object}`;
}

/** Whether the same words stand between the same marks. Formatters change blanks, quotes, commas, semicolons and parentheses. */
function isSameBetweenMarks(before: string, after: string): boolean {
  const pieces = (text: string) => {
    const found = [[]] as string[][];
    for (const line of text.split("\n")) {
      const index = marked.exec(line)?.[1];
      if (index === undefined) found.at(-1)?.push(line);
      else found.push([index]);
    }
    return found.map((piece) => wordsOf(piece.join("\n")));
  };
  return JSON.stringify(pieces(before)) === JSON.stringify(pieces(after));
}

/** The names and keywords of a text in their order; numbers, which may be written in another way, are left out. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/(?<![\p{ID_Continue}$.])[\p{ID_Start}_$][\p{ID_Continue}$]*/gu) ?? [];
}

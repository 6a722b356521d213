import { lineMagics } from "./line-magics.ts";
import type { LineTail } from "./line-words.ts";
import type { MagicDeclaration, MagicOption } from "./magic.ts";
import { lineOptionsOf, optionsOf, readHead } from "./magic-line.ts";
import { magics } from "./magics.ts";
import { linesOf } from "./split.ts";

/** A line that is, or may become, a magic's. */
export interface MagicLineAt {
  /** Offset at which the line starts in the cell. */
  readonly start: number;
  readonly line: string;
  /** Offset of the cursor in the line. */
  readonly cursor: number;
  /** It is the cell's first. */
  readonly first: boolean;
  /** It begins with two percent signs. */
  readonly isCell: boolean;
  /** The cell has a cell magic. */
  readonly cellMagic: boolean;
  /** The magic whose line it is, with the options that it takes; left out where there is none of the name. */
  readonly magic?: MagicDeclaration;
  readonly options?: readonly MagicOption[];
  /** What follows the name. */
  readonly tail?: LineTail;
}

/** The line of a cell that the cursor stands on, if a magic may stand there. */
export function magicLineAt(text: string, offset: number): MagicLineAt | undefined {
  const start = offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
  if (text[start] !== "%") return undefined;
  const line = lineFrom(text, start);
  const head = readHead(text);
  const isCell = line.startsWith("%%");
  if (start > 0 && (head || !mayBeMagic(text, start))) return undefined;
  const common = {
    start,
    line,
    cursor: offset - start,
    first: start === 0,
    isCell,
    cellMagic: head !== undefined,
  };
  const name = /^%%?([A-Za-z_]\w*)(?=\s|$)/.exec(line);
  const tail = name && { form: name[0], tail: line.slice(name[0].length), column: name[0].length };
  if (!name || !tail || (isCell && start > 0)) return common;
  if (isCell) {
    const magic = magics.find((one) => one.name === name[1]);
    return magic ? { ...common, magic, options: optionsOf(magic), tail } : common;
  }
  const magic = lineMagics.find((one) => one.name === name[1]);
  return magic ? { ...common, magic, options: lineOptionsOf(magic), tail } : common;
}

/** Whether a statement, and so a line magic, may start at a line of a cell of TypeScript. */
function mayBeMagic(text: string, start: number): boolean {
  for (const line of linesOf(text, lineMagics)) if (line.start.offset === start) return line.start.statement;
  return false;
}

function lineFrom(text: string, start: number): string {
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? text.length : end).replace(/\r$/, "");
}

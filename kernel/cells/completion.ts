import type { Completions, Inspection } from "../typescript/service.ts";
import type { Cell } from "./cell.ts";
import { helpOf, lineHelpOf } from "./help.ts";
import { lineMagics } from "./line-magics.ts";
import type { MagicOption } from "./magic.ts";
import { lineOptionsOf, optionsOf, readHead } from "./magic-line.ts";
import { magics } from "./magics.ts";
import { noOutput } from "./no-output.ts";
import { prepare } from "./prepare.ts";
import type { Session } from "./session.ts";

/** A place in a cell as the type service sees it. */
export interface ViewPlace {
  readonly text: string;
  readonly offset: number;
  /** The cell's offset for an offset of the view. */
  back(offset: number): number;
}

/** Completes names and options of magics; undefined where the cursor stands in code. Offsets in UTF-16 units. */
export function completeMagic(text: string, offset: number): Completions | undefined {
  const found = magicLineAt(text, offset);
  if (!found) return undefined;
  const { start, line, first, others } = found;
  const name = /^(%%?)(\w*)$/.exec(line);
  if (name) {
    const [, percent = "", begun = ""] = name;
    const cells = first ? magics.map((one) => `%%${one.name}`) : [];
    const lines = percent === "%" && !others ? lineMagics.map((one) => `%${one.name}`) : [];
    const matches = [...cells, ...lines].filter((one) => one.replace(/^%+/, "").startsWith(begun));
    return completions(start, offset, matches, "keyword");
  }
  const word = /(?:^|\s)(-[\w-]*)$/.exec(line)?.[1];
  const options = optionsAt(line, found);
  if (!options || word === undefined) return undefined;
  const matches = options.map((one) => `--${one.long}`).filter((one) => one.startsWith(word));
  return completions(offset - word.length, offset, matches, "property");
}

/** What is known of the magic, or of its option, that the cursor stands on; undefined where it stands on neither. */
export function inspectMagic(text: string, offset: number): Inspection | undefined {
  const found = magicLineAt(text, offset);
  if (!found) return undefined;
  const whole = found.line + (/^[^\n]*/.exec(text.slice(offset))?.[0] ?? "");
  const [form = "", percent, name] = /^(%%?)([A-Za-z_]\w*)/.exec(whole) ?? [];
  const cell = percent === "%%" && found.first ? magics.find((one) => one.name === name) : undefined;
  const line = percent === "%" ? lineMagics.find((one) => one.name === name) : undefined;
  if (!cell && !line) return undefined;
  if (found.line.length <= form.length) {
    const [signature = "", ...rest] = (cell ? helpOf(cell) : line ? lineHelpOf(line) : "").split("\n");
    return { signature, documentation: `\`\`\`text\n${rest.join("\n").trimEnd()}\n\`\`\`` };
  }
  const before = /\S*$/.exec(found.line)?.[0] ?? "";
  const word = before + (/^[\w-]*/.exec(text.slice(offset))?.[0] ?? "");
  const option = optionsAt(whole, found)?.find(
    ({ long, short }) => word === `--${long}` || word === `-${short}`,
  );
  if (!option) return undefined;
  const signature = `--${option.long}${option.value ? ` ${option.value}` : ""}`;
  return { signature, documentation: `${option.help}.` };
}

interface LineAtCursor {
  /** Offset at which the line starts. */
  readonly start: number;
  /** The line up to the cursor. */
  readonly line: string;
  /** It is the cell's first. */
  readonly first: boolean;
  /** The cell's text is in another language than TypeScript. */
  readonly others: boolean;
}

/** The line that the cursor stands on, if it may be a magic line. */
function magicLineAt(text: string, offset: number): LineAtCursor | undefined {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  if (text[start] !== "%") return undefined;
  const others = start > 0 && readHead(text) !== undefined;
  return { start, line: text.slice(start, offset), first: start === 0, others };
}

/** The options of the magic whose line this is; undefined where it is none. */
function optionsAt(line: string, { first, others }: LineAtCursor): readonly MagicOption[] | undefined {
  const [, percent, name] = /^(%%?)([A-Za-z_]\w*)/.exec(line) ?? [];
  if (percent === "%%") {
    const magic = first ? magics.find((one) => one.name === name) : undefined;
    return magic && optionsOf(magic);
  }
  const magic = others ? undefined : lineMagics.find((one) => one.name === name);
  return magic && lineOptionsOf(magic);
}

const completions = (start: number, end: number, matches: readonly string[], kind: string): Completions => ({
  start,
  end,
  matches: matches.map((text) => ({ text, kind })),
});

/** Where the type service sees a place of a cell; undefined where the cell's text is not TypeScript for it. */
export async function viewPlace(
  source: string,
  offset: number,
  number: number,
  session: Session,
): Promise<ViewPlace | undefined> {
  const signal = new AbortController().signal;
  const cell: Cell = { number, file: `cell-${number}.ts`, source, output: noOutput, signal };
  const text = await prepare(cell, session).typeView();
  if (text === undefined) return undefined;
  // Line N of the view is line N of the cell; line 1 of a magic's is its own.
  const before = source.slice(0, offset);
  const line = before.split("\n").length;
  const column = offset - lineStart(source, line);
  const shift = lineStart(text, line) - lineStart(source, line);
  return { text, offset: lineStart(text, line) + column, back: (at) => at - shift };
}

/** The offset at which a 1-based line starts. */
function lineStart(text: string, line: number): number {
  let at = 0;
  for (let n = 1; n < line; n++) at = text.indexOf("\n", at) + 1 || text.length;
  return at;
}

import type { Completions } from "../typescript/service.ts";
import type { Cell } from "./cell.ts";
import { lineMagics } from "./line-magics.ts";
import { optionsOf, readHead } from "./magic-line.ts";
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
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(start, offset);
  const name = /^(%%?)(\w*)$/.exec(line);
  if (name) {
    const [, percent = "", begun = ""] = name;
    const cells = start === 0 ? magics.map((one) => `%%${one.name}`) : [];
    const lines = percent === "%" ? lineMagics.map((one) => `%${one.name}`) : [];
    const matches = [...cells, ...lines].filter((one) => one.replace(/^%+/, "").startsWith(begun));
    return completions(start, offset, matches, "keyword");
  }
  const head = start === 0 ? readHead(text) : undefined;
  if (!head) return undefined;
  const magic = magics.find((one) => one.name === head.name);
  const word = /(?:^|\s)(-[\w-]*)$/.exec(line)?.[1];
  if (!magic || word === undefined) return undefined;
  const options = optionsOf(magic).map((one) => `--${one.long}`);
  const matches = options.filter((one) => one.startsWith(word));
  return completions(offset - word.length, offset, matches, "property");
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

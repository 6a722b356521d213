import type { Completions, Inspection } from "../typescript/service.ts";
import type { Cell } from "./cell.ts";
import { formOf, helpMarkdown, lineFormOf, lineHelpMarkdown, optionMarkdown } from "./help.ts";
import { type MagicLineAt, magicLineAt } from "./line-at.ts";
import { lineMagics } from "./line-magics.ts";
import { type ScannedLine, scanLine } from "./line-words.ts";
import type { Choice, MagicDeclaration, MagicOption } from "./magic.ts";
import { needsRest } from "./magic-line.ts";
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

/** What may stand at a place of a magic line. Offsets of the cell's text, in UTF-16 units. */
export interface MagicCompletions {
  readonly start: number;
  readonly end: number;
  readonly items: readonly MagicCompletion[];
}

export interface MagicCompletion {
  readonly text: string;
  readonly kind: "keyword" | "property" | "value";
  /** One line. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** Stands behind the text where a value has to follow: what the help writes for it. */
  readonly placeholder?: string;
  /** Something has to follow behind a space. */
  readonly goesOn?: true;
}

/** Completes names, options and values of magics; undefined where the cursor stands in code. `folder`: the notebook's. */
export function completeMagicLine(
  text: string,
  offset: number,
  folder?: string,
): MagicCompletions | undefined {
  const at = magicLineAt(text, offset);
  if (!at) return undefined;
  const { start, line, cursor } = at;
  const wordEnd = (pattern: RegExp) => offset + (pattern.exec(line.slice(cursor))?.[0].length ?? 0);
  const name = /^(%%?)(\w*)$/.exec(line.slice(0, cursor));
  if (name) return { start, end: wordEnd(/^\w*/), items: namesFor(name[1] ?? "", name[2] ?? "", at) };
  const { magic, options, tail } = at;
  if (!magic || !options || !tail || cursor < tail.column) return undefined;
  const [word = ""] = /\S*$/.exec(line.slice(tail.column, cursor)) ?? [];
  const before = scanLine({ ...tail, tail: line.slice(tail.column, cursor - word.length) }, magic, options);
  const end = wordEnd(/^[^\s=]*/);
  if (before.problems.some(({ error }) => error.code === "openQuote")) return undefined;
  const [, attachedTo, attached = ""] = /^(--?[\w-]+)=(.*)$/.exec(word) ?? [];
  const wants = attachedTo
    ? options.find((one) => attachedTo === `--${one.long}` || attachedTo === `-${one.short}`)
    : before.wants;
  if (wants && !before.optionsEnd) {
    const begun = attachedTo ? attached : word;
    const values = typeof wants.values === "function" ? wants.values(folder ?? ".") : (wants.values ?? []);
    return {
      start: offset - begun.length,
      end,
      items: choices(
        values.map((text) => ({ text })),
        begun,
        wants,
      ),
    };
  }
  if (/^-/.test(word) && !before.optionsEnd) {
    const items = optionsLeft(options, before).filter((one) => one.text.startsWith(word));
    return { start: offset - word.length, end, items };
  }
  // A value may stand right behind its `=`.
  const begun = word.slice(word.lastIndexOf("=") + 1);
  const upTo = `${line.slice(before.restColumn, cursor - begun.length)}`;
  const chosen = choices(magic.choices?.(upTo, { folder: folder ?? ".", begun }) ?? [], begun);
  // Before anything is typed behind a cell magic, its options may follow; a line magic's rest is TypeScript more often.
  const free = word === "" && at.isCell && !before.optionsEnd ? optionsLeft(options, before) : [];
  const found = [...chosen, ...free];
  if (found.length > 0) return { start: offset - begun.length, end, items: found };
  // What a rest of TypeScript could be is not ours to say.
  return magic.rest === undefined ? { start: offset, end: offset, items: [] } : undefined;
}

/** The options that are not given yet. */
const optionsLeft = (options: readonly MagicOption[], given: ScannedLine): MagicCompletion[] =>
  options.filter((one) => one.repeats || !given.options.has(one.long)).map(optionItem);

/** The same as Jupyter's protocol has it. */
export function completeMagic(text: string, offset: number, folder?: string): Completions | undefined {
  const found = completeMagicLine(text, offset, folder);
  if (!found) return undefined;
  const { start, items } = found;
  return { start, end: offset, matches: items.map(({ text, kind }) => ({ text, kind })) };
}

function namesFor(percent: string, begun: string, { first, cellMagic }: MagicLineAt): MagicCompletion[] {
  const item = (sign: string, form: string, magic: MagicDeclaration, documentation: string) => ({
    text: sign + magic.name,
    kind: "keyword" as const,
    detail: `${form}: ${magic.summary}`,
    documentation,
    ...(needsRest(magic) && { goesOn: true as const }),
  });
  const cells = first ? magics.map((one) => item("%%", formOf(one), one, helpMarkdown(one))) : [];
  const lines =
    percent === "%" && (first || !cellMagic)
      ? lineMagics.map((one) => item("%", lineFormOf(one), one, lineHelpMarkdown(one)))
      : [];
  return [...cells, ...lines].filter(({ text }) => text.replace(/^%+/, "").startsWith(begun));
}

const optionItem = (option: MagicOption): MagicCompletion => ({
  text: `--${option.long}`,
  kind: "property",
  detail: option.help,
  documentation: optionMarkdown(option),
  ...(option.value !== undefined && { placeholder: option.value }),
});

function choices(from: readonly Choice[], begun: string, of?: MagicOption): MagicCompletion[] {
  return from
    .filter(({ text }) => text.startsWith(begun))
    .map(({ text, help }) => ({
      text,
      kind: "value",
      ...(help && { detail: help }),
      ...(of && { documentation: optionMarkdown(of) }),
    }));
}

/** What is known of the magic, or of its option, that the cursor stands on, and where that is written. */
export function inspectMagic(
  text: string,
  offset: number,
): (Inspection & { readonly start: number; readonly end: number }) | undefined {
  const at = magicLineAt(text, offset);
  if (!at?.magic || !at.options || !at.tail) return undefined;
  const { start, cursor, magic, options, tail, isCell } = at;
  if (cursor <= tail.form.length) {
    const documentation = isCell ? helpMarkdown(magic) : lineHelpMarkdown(magic);
    const signature = isCell ? formOf(magic) : lineFormOf(magic);
    return { signature, documentation, start, end: start + tail.form.length };
  }
  const { words } = scanLine(tail, magic, options);
  const word = words.find((one) => one.start <= cursor && cursor <= one.end);
  if (word?.kind !== "option" || !word.option) return undefined;
  const { long, value } = word.option;
  const signature = `--${long}${value ? ` ${value}` : ""}`;
  return {
    signature,
    documentation: optionMarkdown(word.option),
    start: start + word.start,
    end: start + word.end,
  };
}

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

import type { Advice } from "./advice.ts";

/** What a cell's first line, a line magic or a setting can get wrong. `magic`: as it is written, `%%rust` or `%time`. */
export const cellsErrors = {
  unknownMagic: (name: string, nearest: string | undefined): Advice => ({
    what: `There is no magic %%${name}.`,
    why: nearest ? `The nearest name is %%${nearest}.` : "No magic has a similar name.",
    next: nearest
      ? `Write %%${nearest}, or see all of them with %lsmagic.`
      : "See all of them with %lsmagic.",
  }),
  unknownOption: (magic: string, option: string, nearest: string | undefined): Advice => ({
    what: `${magic} has no option ${option}.`,
    why: nearest ? `The nearest one is ${nearest}.` : "No option has a similar name.",
    next: `${magic} --help lists its options.`,
  }),
  unknownLineMagic: (name: string, nearest: string | undefined): Advice => ({
    what: `There is no line magic %${name}.`,
    why: nearest ? `The nearest name is %${nearest}.` : "No line magic has a similar name.",
    next: "See all of them with %lsmagic.",
  }),
  magicNotFirst: (name: string, line: number): Advice => ({
    what: `%%${name} stands on line ${line}.`,
    why: "A cell magic takes the whole cell, so it must be the cell's first line.",
    next: "Move it to the first line, or into a cell of its own.",
  }),
  unknownSetting: (name: string, nearest: string | undefined, all: readonly string[]): Advice => ({
    what: `There is no setting ${name}.`,
    why: nearest ? `The nearest name is ${nearest}.` : `The settings are: ${all.join(", ")}.`,
    next: "%config shows them with their values.",
  }),
  badSetting: (name: string, value: string, allowed: readonly string[]): Advice => ({
    what: `${name} cannot be set to "${value}".`,
    why: `It is one of ${allowed.join(", ")}.`,
    next: `For instance: %config ${name} = ${allowed[0]}.`,
  }),
  missingValue: (magic: string, option: string, value: string): Advice => ({
    what: `${magic} ${option} needs a value.`,
    why: `It is written ${option} ${value}, or ${option}=${value}.`,
    next: `${magic} --help lists its options.`,
  }),
  unexpectedValue: (magic: string, option: string): Advice => ({
    what: `${magic} ${option} takes no value.`,
    why: "It is a flag: present or not.",
    next: `Write ${option} alone; ${magic} --help lists the options.`,
  }),
  missingText: (magic: string, rest: string): Advice => ({
    what: `${magic} needs more on its line.`,
    why: `It is written ${magic} ${rest}.`,
    next: `${magic} --help shows its form and an example.`,
  }),
  optionNumber: (magic: string, option: string, value: string, least: number): Advice => ({
    what: `${magic} cannot take "${value}" for --${option}.`,
    why: `It is a whole number from ${least} on.`,
    next: `${magic} --help lists the options.`,
  }),
  historyNotKept: (reason: string): Advice => ({
    what: "The history of cells cannot be kept on disk.",
    why: `${reason}. This session's history is in memory, and whole.`,
    next: "Make room, or name another folder in the variable TANDEM_HISTORY before the kernel starts.",
  }),
  cellNumbers: (text: string): Advice => ({
    what: `"${text}" does not name cells.`,
    why: "Cells are named by the numbers that stand before them: 5, or 1-3 for the first three.",
    next: "%recover --list shows the cells that ran, with their numbers.",
  }),
  notInJournal: (number: number): Advice => ({
    what: `No cell ${number} has run since the kernel was started.`,
    why: "A cell gets its number when it runs, and another one each time.",
    next: "%recover --list shows the cells that ran, with their numbers.",
  }),
  resetUnasked: (): Advice => ({
    what: "%reset was not asked to go on.",
    why: "All variables would be gone, and the front end that runs this cell takes no answers.",
    next: "Write %reset -f to forget them without a question.",
  }),
  cellRange: (magic: string, text: string): Advice => ({
    what: `${magic} cannot read "${text}" as cells.`,
    why: "Cells are written 4, 4-6, or ~1/3 for cell 3 of the session before.",
    next: `${magic} --help shows examples.`,
  }),
  noCells: (cells: string): Advice => ({
    what: "There are no such cells to save.",
    why: cells === "" ? "No cell of this session has run before." : `The history has none at ${cells}.`,
    next: "%history -n shows the cells with their numbers.",
  }),
  openQuote: (magic: string, quote: string): Advice => ({
    what: `The line of ${magic} has a quote ${quote} that does not end.`,
    why: "A value with spaces stands between two of the same quotes.",
    next: `Close it with ${quote}.`,
  }),
  outName: (magic: string, name: string): Advice => ({
    what: `${magic} cannot declare its result as ${name}.`,
    why: "A name is letters, digits, _ and $, starts with no digit, and is no reserved word.",
    next: "Write --out and another name.",
  }),
  unexpectedText: (magic: string, text: string): Advice => ({
    what: `${magic} does not take "${text}".`,
    why: magic.startsWith("%%")
      ? "It takes options only; its input is the lines below."
      : "It takes options only.",
    next: `${magic} --help shows its form.`,
  }),
} as const;

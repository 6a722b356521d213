import type { CellMagic, LineMagic, MagicDeclaration, MagicOption } from "./magic.ts";
import { lineOptionsOf, optionsOf } from "./magic-line.ts";

/** How a cell magic is written: `%%parallel [options] pattern of expression`. */
export const formOf = (magic: CellMagic) => form("%%", magic);

/** How a line magic is written: `%timeit [options] expression`; options that every magic has are not spelt out. */
export const lineFormOf = (magic: LineMagic) => form("%", magic);

/** A cell magic's help, made from its declaration. */
export const helpOf = (magic: CellMagic) => help(formOf(magic), magic, optionsOf(magic));

/** A line magic's help. */
export const lineHelpOf = (magic: LineMagic) => help(lineFormOf(magic), magic, lineOptionsOf(magic));

/** Options as the help lists them: how each is written, and what it does. */
export const optionRows = (options: readonly MagicOption[]) =>
  options.map((option) => [optionForm(option), option.help] as const);

/** Rows of two columns, the second of which starts at the same place in all. */
export function twoColumns(rows: readonly (readonly [left: string, right: string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function form(sign: string, { name, rest, options }: MagicDeclaration): string {
  const takesOptions = sign === "%%" || options.length > 0;
  return [sign + name, ...(takesOptions ? ["[options]"] : []), ...(rest ? [rest] : [])].join(" ");
}

function help(form: string, magic: MagicDeclaration, options: readonly MagicOption[]): string {
  const summary = magic.summary.charAt(0).toUpperCase() + magic.summary.slice(1);
  const example = magic.example.replace(/^/gm, "  ");
  return `${form}\n${summary}.\n\n${twoColumns(optionRows(options)).join("\n")}\n\nExample:\n${example}\n`;
}

const optionForm = ({ long, short, value }: MagicOption) =>
  `${short ? `-${short}, ` : "    "}--${long}${value ? ` ${value}` : ""}`;

import {
  type CellMagic,
  cellMagicOptions,
  type LineMagic,
  lineMagicOptions,
  type MagicDeclaration,
  type MagicOption,
} from "./magic.ts";
import { lineOptionsOf, optionsOf, withCommon } from "./magic-line.ts";

/** How a cell magic is written: `%%parallel [options] pattern of expression`. */
export const formOf = (magic: MagicDeclaration) => form("%%", magic);

/** How a line magic is written: `%timeit [options] expression`; options that every magic has are not spelt out. */
export const lineFormOf = (magic: MagicDeclaration) => form("%", magic);

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
  const example = magic.example.replace(/^/gm, "  ");
  return `${form}\n${capital(magic.summary)}.\n\n${twoColumns(optionRows(options)).join("\n")}\n\nExample:\n${example}\n`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const optionForm = ({ long, short, value }: MagicOption) =>
  `${short ? `-${short}, ` : "    "}--${long}${value ? ` ${value}` : ""}`;

/** A cell magic's help in Markdown, without its form. */
export const helpMarkdown = (magic: MagicDeclaration) => markdown(magic, withCommon(magic, cellMagicOptions));

/** The same of a line magic. */
export const lineHelpMarkdown = (magic: MagicDeclaration) =>
  markdown(magic, withCommon(magic, lineMagicOptions));

/** An option's help in Markdown. */
export function optionMarkdown(option: MagicOption): string {
  const known = Array.isArray(option.values) ? option.values : [];
  const values = known.length > 0 ? ` For instance ${known.map((one) => `\`${one}\``).join(", ")}.` : "";
  return `\`${optionForm(option).trim()}\`\n\n${capital(option.help)}.${values}`;
}

function markdown(magic: MagicDeclaration, options: readonly MagicOption[]): string {
  const rows = optionRows(options).map(([form, help]) => `- \`${form.trim()}\`: ${help}`);
  return [
    `${capital(magic.summary)}.`,
    ...(magic.details ? [magic.details] : []),
    rows.join("\n"),
    `\`\`\`text\n${magic.example}\n\`\`\``,
  ].join("\n\n");
}

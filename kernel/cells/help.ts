import type { CellMagic, MagicOption } from "./magic.ts";
import { optionsOf } from "./magic-line.ts";

/** How a magic is written: `%%parallel [options] pattern of expression`. */
export const formOf = (magic: CellMagic) =>
  [`%%${magic.name}`, "[options]", ...(magic.rest ? [magic.rest] : [])].join(" ");

/** A magic's help, made from its declaration. */
export function helpOf(magic: CellMagic): string {
  const rows = optionsOf(magic).map((option) => [optionForm(option), option.help] as const);
  const width = Math.max(...rows.map(([form]) => form.length));
  const lines = rows.map(([form, help]) => `  ${form.padEnd(width)}  ${help}`);
  const example = magic.example.replace(/^/gm, "  ");
  return `${formOf(magic)}\n${magic.summary}.\n\n${lines.join("\n")}\n\nExample:\n${example}\n`;
}

const optionForm = ({ long, short, value }: MagicOption) =>
  `${short ? `-${short}, ` : "    "}--${long}${value ? ` ${value}` : ""}`;

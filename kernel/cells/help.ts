import type { CellMagic, MagicOption } from "./magic.ts";
import { optionsOf } from "./magic-line.ts";

/** A magic's help, made from its declaration. */
export function helpOf(magic: CellMagic): string {
  const form = [`%%${magic.name}`, "[options]", ...(magic.rest ? [`[${magic.rest}]`] : [])].join(" ");
  const heads = optionsOf(magic).map((option) => [formOf(option), option.help] as const);
  const width = Math.max(...heads.map(([head]) => head.length));
  const lines = heads.map(([head, help]) => `  ${head.padEnd(width)}  ${help}`);
  return `${form}\n${magic.summary}.\n\n${lines.join("\n")}\n\nExample:\n${indent(magic.example)}\n`;
}

function formOf({ long, short, value }: MagicOption): string {
  return `${short ? `-${short}, ` : "    "}--${long}${value ? ` ${value}` : ""}`;
}

const indent = (text: string) =>
  text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");

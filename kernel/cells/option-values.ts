import { fail } from "../errors.ts";
import type { MagicOptions } from "./magic.ts";

/** An option's value; of one given twice the last. */
export function optionText(options: MagicOptions, name: string): string | undefined {
  const value = options.get(name);
  if (value === undefined || value === true) return undefined;
  return typeof value === "string" ? value : value.at(-1);
}

/** An option's value as a whole number from `least` on; `form` is the magic as it is written. */
export function optionNumber(
  options: MagicOptions,
  name: string,
  least: number,
  form: string,
): number | undefined {
  const text = optionText(options, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value;
  throw fail("optionNumber", form, name, text, least);
}

/** The names that an option lists, apart by commas or spaces; it may be given more than once. */
export function optionNames(options: MagicOptions, name: string): string[] {
  const value = options.get(name);
  if (value === undefined || value === true) return [];
  return [value].flat().flatMap((text) => text.split(/[\s,]+/).filter(Boolean));
}

/** TypeScript that declares the name of `--out` as a value of this type; empty without the option. */
export function declaredOut(options: MagicOptions, type: string): string {
  const out = optionText(options, "out");
  return out === undefined ? "" : `declare let ${out}: ${type};`;
}

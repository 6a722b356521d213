import { textOf } from "../wire/fields.ts";

/** A text as nbformat stores it, whole or as a list of lines; empty for what is neither, whatever a file holds there. */
export function joined(value: unknown, separator = ""): string {
  return Array.isArray(value) ? value.map(textOf).join(separator) : textOf(value);
}

/** An error output's lines, as a front end shows them. */
export function errorText({ ename, evalue, traceback }: Readonly<Record<string, unknown>>): string {
  const lines = Array.isArray(traceback) ? joined(traceback, "\n") : "";
  return lines === "" ? `${textOf(ename)}: ${textOf(evalue)}` : lines;
}

/** What the running interpreter knows of a cell that is being written. */
import type { Completions, Inspection } from "../typescript/service.ts";
import { toCodePoints, toUtf16 } from "../wire/codepoints.ts";
import type { PythonProcess } from "./process.ts";

/** Offsets in UTF-16 units. Undefined where Python knows nothing or has no time. */
export async function completeIn(
  python: PythonProcess,
  text: string,
  offset: number,
): Promise<Completions | undefined> {
  // The runner is our own code: that is what it says. Offsets in code points.
  const found = (await python.look("complete", text, toCodePoints(text, offset))) as
    | Completions
    | null
    | undefined;
  return found ? { ...found, start: toUtf16(text, found.start), end: toUtf16(text, found.end) } : undefined;
}

/** The name at an offset, else what is called around it. */
export async function inspectIn(
  python: PythonProcess,
  text: string,
  offset: number,
): Promise<Inspection | undefined> {
  const found = (await python.look("inspect", text, toCodePoints(text, offset))) as
    | { signature: string; documentation: string }
    | null
    | undefined;
  return found
    ? { signature: found.signature, language: "python", documentation: docstring(found.documentation) }
    : undefined;
}

/** A docstring as Markdown: prose as it is, what is laid out by columns or signs as it was written. */
export function docstring(text: string): string {
  if (text === "") return "";
  const laidOut = /^(?: |\t|>>>|[-=~^*.]{3,}\s*$|[-*:|.#>])|[`*_<>|\\]/m.test(text);
  if (!laidOut) return text;
  const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}text\n${text}\n${fence}`;
}

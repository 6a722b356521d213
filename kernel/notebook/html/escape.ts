import { stripVTControlCharacters } from "node:util";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML, in an element or in a quoted attribute. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "").replace(/\0/g, "\uFFFD");

/** What a program printed as it would look on a terminal, without colours: a line that was written over shows its end. */
export function printed(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r+\n/g, "\n")
    .replace(/^.*\r(?=[^\n])/gm, "")
    .replaceAll("\r", "");
}

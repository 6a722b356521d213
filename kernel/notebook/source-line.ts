import { itemsOf, memberOf } from "./json-text.ts";
import { cellPlaces } from "./notebook.ts";

/**
 * The line (from 1) of a notebook's file on which a line (from 1) of a cell stands: where editors and reviews show what is
 * said of it. Of a source that is one JSON string it is that string's line.
 */
export function sourceLine(text: string, cell: number, line: number): number | undefined {
  const place = cellPlaces(text)[cell];
  const source = place && memberOf(text, place, "source")?.value;
  if (!source) return undefined;
  const lines = text[source.start] === "[" ? itemsOf(text, source) : [];
  const { start } = lines[Math.min(line, lines.length) - 1] ?? source;
  return text.slice(0, start).split("\n").length;
}

import { fail } from "../errors.ts";
import { nearest } from "./nearest.ts";
import { lineStarts } from "./scanner.ts";

/** A stretch of a cell: TypeScript, with its lines where they are in the cell, or a line magic. */
export type Piece =
  | { readonly typescript: string }
  | { readonly magic: string; readonly rest: string; readonly line: number };

/**
 * Takes a cell apart into TypeScript and line magics. A line is a magic where a statement may start and it begins
 * with `%` and one of `names`; `% b` and `%b` elsewhere are TypeScript's remainder. Throws the catalogue's errors
 * for a line that can be neither.
 */
export function splitCell(source: string, names: readonly string[]): readonly Piece[] {
  // Most cells have no line that starts so.
  if (!/^%/m.test(source)) return [{ typescript: source }];
  const pieces: Piece[] = [];
  let from = 0;
  const typescript = (end: number) => {
    const text = source.slice(from, end);
    if (text.trim() !== "") pieces.push({ typescript: source.slice(0, from).replace(/[^\n]/g, "") + text });
  };
  const lines = lineStarts(source);
  for (let { value, done } = lines.next(); !done && value; ) {
    const { offset, line, statement, afterExpression } = value;
    const text = source.slice(offset).split("\n", 1)[0] ?? "";
    const match = statement ? /^(%%?)([A-Za-z_]\w*)(?:\s+(.*?))?\s*$/.exec(text) : null;
    const [, percent, name = "", rest = ""] = match ?? [];
    const isMagic = percent === "%" && names.includes(name);
    if (isMagic) {
      typescript(offset);
      pieces.push({ magic: name, rest, line });
      from = Math.min(offset + text.length + 1, source.length);
    } else if (percent === "%%") throw fail("magicNotFirst", name, line);
    else if (percent === "%" && !afterExpression) throw fail("unknownLineMagic", name, nearest(name, names));
    // The generator is told whether the line was TypeScript.
    ({ value, done } = lines.next(isMagic));
  }
  typescript(source.length);
  return pieces;
}

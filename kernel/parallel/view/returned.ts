import { applyEdits, type Edit } from "../../typescript/edits.ts";
import { lastExpression } from "../../typescript/last-expression.ts";
import { type CellScript, readCell } from "../../typescript/read-cell.ts";
import { lineStart } from "../../typescript/syntax-error.ts";

/**
 * A body, below an empty line for the magic line, that returns its last expression; lines and columns stay. Throws a
 * CellSyntaxError.
 */
export function withReturn(body: string, file: string): string {
  const source = `\n${body}`;
  const script = readCell(source, file, { returns: true });
  const last = lastExpression(script.code, script.program);
  if (!last) return source;
  if (script.original) return compiledReturn(script, source, last.start);
  const { wrapped } = script;
  const end = last.end - (script.code[last.end - 1] === ";" ? 1 : 0);
  // Where it was wrapped, `;(` and `)` were put around the expression.
  const at = wrapped ? lineStart(source, wrapped.line + 1) + wrapped.column : last.start;
  // Behind the statement before, and not in front of the expression, which so keeps its column.
  const before = script.tokens.findLast((token) => token.end <= at)?.end ?? 0;
  if (!wrapped && !source.slice(before, at).includes("\n"))
    return `${source}\n;return(${source.slice(at, end)})`;
  return applyEdits(source, [insert(before, ";return("), insert(wrapped ? end - 3 : end, ")")]).text;
}

/** Compiled code stands elsewhere than the source: the place to return from is found by the map. */
function compiledReturn({ code, original }: CellScript, source: string, start: number): string {
  const before = code.slice(0, start).split("\n");
  const place = original?.(before.length - 1, before.at(-1)?.length ?? 0);
  if (!place) return source;
  const line = lineStart(source, place[0] + 1);
  const at = line + place[1];
  const above = source.slice(source.lastIndexOf("\n", line - 2) + 1, Math.max(0, line - 1));
  const text = source.trimEnd();
  const ends = /^[^/]*;?$/.test(text.slice(text.lastIndexOf("\n") + 1)) || !/;\s*(?:\/\/.*)?$/.test(text);
  if (source.slice(line, at).trim() === "" && !above.includes("//") && ends) {
    const end = text.endsWith(";") ? text.length - 1 : text.length;
    return applyEdits(source, [
      insert(Math.max(0, line - 1), ";return("),
      { start: end, end: text.length, text: "\n)" },
    ]).text;
  }
  return applyEdits(source, [insert(at, "return ")]).text;
}

const insert = (at: number, text: string): Edit => ({ start: at, end: at, text });

import type { EngineCode } from "../engine/engine.ts";
import { applyEdits, type Edit } from "../typescript/edits.ts";
import { transformBody } from "../typescript/function-body.ts";
import { lastExpression } from "../typescript/last-expression.ts";
import { type CellScript, readCell } from "../typescript/read-cell.ts";
import { lineStart } from "../typescript/syntax-error.ts";
import { transformCell } from "../typescript/transform.ts";
import type { Head } from "./head.ts";

/** What surrounds a %%parallel cell's own text. */
export interface Frame {
  /** Column of the expression in the magic line; it keeps it where there is room. */
  readonly column: number;
  /** The call's third argument. */
  readonly options: string;
  /** The cell's name in stacks. */
  readonly file: string;
}

/** Stands for the body while the head is made into JavaScript. */
const BODY = "__tandem_body";

/**
 * Makes a %%parallel cell into a call of `__pmap`. Line N of the code is line N of the cell; the body's last expression
 * is what it returns. Throws a CellSyntaxError.
 */
export function cellCode(head: Head, body: string, frame: Frame): Omit<EngineCode, "showResult"> {
  const { file } = frame;
  // Below an empty line in the magic line's place: line numbers are the cell's.
  const made = transformBody(`\n${body}`, { file });
  const { code } = transformCell(callText(head, BODY, made.isAsync, frame), { file });
  // A function for the replacement: a string would have its dollar signs read.
  const whole = code.replace(new RegExp(`\\{\\s*${BODY}\\s*;?\\s*\\}`), () => `{${made.code}\n}`);
  return { code: whole, imports: [], ...(made.sourceMap ? { sourceMap: made.sourceMap } : {}) };
}

/** The same call in TypeScript, for the type service; a body that does not parse gets no result. */
export function cellText(head: Head, body: string, frame: Frame & { before: string }): string {
  let text = `\n${body}`;
  try {
    text = withReturn(body, frame.file);
  } catch {
    // Half-typed.
  }
  return callText(head, `${text}\n`, true, frame);
}

function callText(
  { pattern, expression }: Head,
  body: string,
  isAsync: boolean,
  { before = "", column, options }: Frame & { before?: string },
): string {
  const call = `${before}await __pmap(`.padEnd(column);
  return `${call}${expression},${isAsync ? "async" : ""}(${pattern})=>{${body}},${options})`;
}

/** The body, below an empty line for the magic line, with its last expression returned. Throws a CellSyntaxError. */
function withReturn(body: string, file: string): string {
  const source = `\n${body}`;
  return applyEdits(source, returnEdits(readCell(source, file, { returns: true }), source)).text;
}

/** Edits of TypeScript that make its last expression its return value. */
function returnEdits({ code, program, original, wrapped }: CellScript, source: string): Edit[] {
  const last = lastExpression(code, program);
  if (!last) return [];
  if (original) {
    // Compiled code stands elsewhere than the source: the place to return from is found by the map.
    const before = code.slice(0, last.start).split("\n");
    const place = original(before.length - 1, before.at(-1)?.length ?? 0);
    return place ? [insert(lineStart(source, place[0] + 1) + place[1], "return ")] : [];
  }
  // Behind the statement before, and not in front of the expression, which so keeps its column.
  const previous = program.body.findLast(
    ({ type, start }) => start < last.start && type !== "EmptyStatement",
  );
  const end = last.end - (code[last.end - 1] === ";" ? 1 : 0);
  // Where it was wrapped, `;(` and `)` were put around the expression; the statement before may have taken the `;`.
  const at = wrapped ? lineStart(source, wrapped.line + 1) + wrapped.column : last.start;
  return [insert(Math.min(previous?.end ?? 0, at), ";return("), insert(wrapped ? end - 3 : end, ")")];
}

const insert = (at: number, text: string): Edit => ({ start: at, end: at, text });

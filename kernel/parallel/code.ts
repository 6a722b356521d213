import type { AnyNode, Program } from "acorn";
import { applyEdits, type Edit } from "../typescript/edits.ts";
import { lastExpression } from "../typescript/last-expression.ts";
import { isFunctionScope, walk } from "../typescript/parse.ts";
import { type CellScript, readCell } from "../typescript/read-cell.ts";
import { lineStart } from "../typescript/syntax-error.ts";
import type { Head } from "./head.ts";

/** What surrounds a %%parallel cell's own text. */
export interface Frame {
  /** In front of the call: `const areas = `. */
  readonly before?: string;
  /** Column of the expression in the magic line; it keeps it where there is room. */
  readonly column: number;
  /** The call's third argument. */
  readonly options: string;
  /** The cell's name in stacks. */
  readonly file: string;
}

/**
 * Writes a %%parallel cell as a call of `__pmap` in TypeScript. Line N of the text is line N of the cell; the body's
 * last expression becomes its result. Throws a CellSyntaxError where the body does not parse.
 */
export function cellText(head: Head, body: string, frame: Frame): string {
  const script = readCell(`\n${body}`, frame.file, { returns: true });
  // From here on positions are the body's own: the line above it only makes syntax errors name the cell's lines.
  return write(
    head,
    applyEdits(`\n${body}`, returnEdits(script, `\n${body}`)).text,
    awaits(script.program),
    frame,
  );
}

/** The same for a body that may not parse: then without a result, for what is being typed. */
export function tolerantCellText(head: Head, body: string, frame: Frame): string {
  try {
    return cellText(head, body, frame);
  } catch {
    return write(head, `\n${body}`, true, frame);
  }
}

function write({ pattern, expression }: Head, lines: string, isAsync: boolean, frame: Frame): string {
  const call = `${frame.before ?? ""}await __pmap(`.padEnd(frame.column);
  return `${call}${expression},${isAsync ? "async" : ""}(${pattern})=>{${lines}\n},${frame.options})`;
}

/** Edits of the body, TypeScript, that make its last expression its return value. */
function returnEdits({ code, program, original, wrapped }: CellScript, body: string): Edit[] {
  const last = lastExpression(code, program);
  if (!last) return [];
  if (original) {
    // Compiled code stands elsewhere than the body: the place to return from is found by the map.
    const before = code.slice(0, last.start).split("\n");
    const place = original(before.length - 1, before.at(-1)?.length ?? 0);
    return place ? [insert(lineStart(body, place[0] + 1) + place[1], "return ")] : [];
  }
  // Behind the statement before, and not in front of the expression, which so keeps its column.
  const previous = program.body.findLast(
    ({ type, start }) => start < last.start && type !== "EmptyStatement",
  );
  const end = last.end - (code[last.end - 1] === ";" ? 1 : 0);
  // Where it was wrapped, `;(` and `)` were put around the expression; the statement before may have taken the `;`.
  const at = wrapped ? lineStart(body, wrapped.line + 1) + wrapped.column : last.start;
  return [insert(Math.min(previous?.end ?? 0, at), ";return("), insert(wrapped ? end - 3 : end, ")")];
}

const insert = (at: number, text: string): Edit => ({ start: at, end: at, text });

/** Whether code awaits by itself, not in a function inside. */
function awaits(program: Program): boolean {
  let found = false;
  const enter = (node: AnyNode): boolean => {
    if (node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await)) found = true;
    return !found && !(isFunctionScope(node) && node.type !== "PropertyDefinition");
  };
  for (const statement of program.body) walk(statement, enter);
  return found;
}

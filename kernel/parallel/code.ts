import { parse } from "acorn";
import type { EngineCode } from "../engine/engine.ts";
import { fail } from "../errors.ts";
import { applyEdits, type Edit } from "../typescript/edits.ts";
import { transformBody } from "../typescript/function-body.ts";
import { lastExpression } from "../typescript/last-expression.ts";
import { type CellScript, readCell } from "../typescript/read-cell.ts";
import { stripOnly } from "../typescript/strip-only.ts";
import { lineStart } from "../typescript/syntax-error.ts";
import { transformCell } from "../typescript/transform.ts";
import { declaredIn, ownText } from "./each.ts";
import type { Head } from "./head.ts";

/** What surrounds a %%parallel cell's own text. */
export interface Frame {
  /** Column of the expression in the magic line; it keeps it where there is room. */
  readonly column: number;
  /** The call's third argument. */
  readonly options: string;
  /** What becomes of the results; a list if left out. */
  readonly results?: "list" | "first" | { readonly reduce: string };
  /** The cell's name in stacks. */
  readonly file: string;
}

/** Stands for the body while the head is made into JavaScript. */
const BODY = "__tandem_body";
const BODY_BLOCK = new RegExp(`\\{\\s*${BODY}\\s*;?\\s*\\}`);

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
  const whole = code.replace(BODY_BLOCK, () => `{${made.code}\n}`);
  return { code: whole, imports: [], ...(made.sourceMap ? { sourceMap: made.sourceMap } : {}) };
}

/** Makes a %%parallel each cell into a call of `__peach`. Throws a CellSyntaxError. */
export function eachCode(
  body: string,
  { file, options }: Omit<Frame, "column">,
): Omit<EngineCode, "showResult"> {
  const made = transformBody(`\n${body}`, { file });
  const { code } = transformCell(`await __peach(async()=>{${BODY}},${options})`, { file });
  const whole = code.replace(BODY_BLOCK, () => `{${ownText(declaredIn(body, file))}${made.code}\n}`);
  return { code: whole, imports: [], ...(made.sourceMap ? { sourceMap: made.sourceMap } : {}) };
}

/**
 * The same call in TypeScript, for the type service, where it has the type of the results; a body that does not parse
 * gets no result. `out`: the name that the cell declares.
 */
export function cellText(head: Head, body: string, frame: Frame & { out?: string | undefined }): string {
  let text = `\n${body}`;
  try {
    text = withReturn(body, frame.file);
  } catch {
    // Half-typed.
  }
  const { out } = frame;
  // A cell that uses the last value cannot declare it: the one would be the other's type.
  if (/(?<![\p{ID_Continue}$])_(?![\p{ID_Continue}$])/u.test(`${head.expression} ${body}`))
    return callText(head, `${text}\n`, true, { ...frame, before: out ? `const ${out}=` : "" });
  const call = callText(head, `${text}\n`, true, { ...frame, before: `${out ? `const ${out}` : "var _"}=` });
  return out ? `${call};var _=${out}` : call;
}

/** `before`: what stands for `await`. */
function callText(
  { pattern, expression }: Head,
  body: string,
  isAsync: boolean,
  { before = "await ", column, options, results = "list" }: Frame & { before?: string },
): string {
  const name = results === "list" ? "__pmap" : results === "first" ? "__pfirst" : "__preduce";
  const call = `${before}${name}(`.padEnd(column);
  const combine = typeof results === "object" ? `,${results.reduce}\n` : "";
  return `${call}${expression},${isAsync ? "async" : ""}(${pattern})=>{${body}},${options}${combine})`;
}

/** Checks what stands after --reduce; throws the catalogue's error. */
export function checkReducer(text: string): string {
  try {
    // A statement of its own, so that nothing but an expression passes.
    const { body } = parse(stripOnly(`(${text}\n);`), { ecmaVersion: "latest", sourceType: "module" });
    if (body.length === 1 && body[0]?.type === "ExpressionStatement") return text;
    throw new SyntaxError("It is more than one expression.");
  } catch (error) {
    // The type stripper throws objects that are no errors.
    const reason = String((error as { message?: unknown }).message ?? error).split("\n", 1)[0] ?? "";
    throw fail("parallelReduce", text, `It does not parse: ${reason}`);
  }
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

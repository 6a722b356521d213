import { parse } from "acorn";
import type { EngineCode } from "../engine/engine.ts";
import { fail } from "../errors.ts";
import { transformBody } from "../typescript/function-body.ts";
import { stripOnly } from "../typescript/strip-only.ts";
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

function callText(
  { pattern, expression }: Head,
  body: string,
  isAsync: boolean,
  { column, options, results = "list" }: Frame,
): string {
  const name = results === "list" ? "__pmap" : results === "first" ? "__pfirst" : "__preduce";
  const call = `await ${name}(`.padEnd(column);
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

import { freeNames } from "../../typescript/free-names.ts";
import { readCell } from "../../typescript/read-cell.ts";
import { ITEM, RESULT } from "../ambient.ts";
import { type LooseHead, looseHead, patternNames } from "./loose-head.ts";
import { withReturn } from "./returned.ts";

/** A %%parallel cell as its view is made of it. Columns from 0, in UTF-16 units. */
export interface ParallelCell {
  /** The magic line. */
  readonly line: string;
  readonly body: string;
  /** The head, and the column at which it starts. */
  readonly rest: string;
  readonly restColumn: number;
  /** The cell's name in stacks. */
  readonly file: string;
  /** The name that it declares. */
  readonly out?: string | undefined;
  /** What becomes of the results; `any`: it cannot be told yet. */
  readonly results: "list" | "first" | "any" | Reducer;
  readonly keepGoing: boolean;
}

/** What stands behind --reduce, and where. */
export interface Reducer {
  readonly text: string;
  readonly column: number;
}

/**
 * The cell in TypeScript, for the type service. Each word of the head and of the body stands in its line and column: the
 * item is a variable of a block, the body a function in that block, and the results are declared below the last line. Only
 * a pattern that shares a name with its expression, or has no space behind it, stands elsewhere. What is half-typed
 * is closed, and gives `any`.
 */
export function parallelView(cell: ParallelCell): string {
  const { results, keepGoing } = cell;
  const head = looseHead(cell.rest);
  const { first, inside } = head ? headLine(cell, head) : { first: "{".padEnd(cell.line.length), inside: "" };
  const call = results === "first" ? "__pfirst" : "__pmap";
  const partial = keepGoing && typeof results !== "object" ? ",true" : "";
  const end = `\n}${partial});${typeof results === "object" ? combining : ""}}`;
  return `${first}var ${RESULT}=${call}(async()=>{${inside}${bodyOf(cell)}${end}${declared(cell, head)}`;
}

/** How a reducer is checked: as an argument, or as a constant where there is no room for a parenthesis behind it. */
const combining = `function ${RESULT}c(_:${RESULT}C){}type ${RESULT}C=(a:typeof ${RESULT}[number],b:typeof ${RESULT}[number])=>typeof ${RESULT}[number]`;

/** What declares the item in the magic line; `inside`: what does it in the function, where the line has no room. */
function headLine(cell: ParallelCell, head: LooseHead): { first: string; inside: string } {
  const { line, restColumn } = cell;
  const { pattern, expression, at, closePattern, closeExpression } = head;
  const names = patternNames(head);
  const start = beforeItem(cell, names);
  const fill = (text: string) => text.padEnd(line.length);
  if (expression === "" && at === pattern.length)
    return { first: `${fill(`${start.padEnd(restColumn)}${pattern}=0 as any`)};`, inside: "" };
  const item = `${closePattern}=${ITEM}(`;
  const fits = item.length <= at - pattern.length && start.length <= restColumn;
  if (fits && !mentions(expression, names)) {
    const text = `${start.padEnd(restColumn)}${pattern}${item}`.padEnd(restColumn + at);
    return { first: `${fill(text + expression)}${closeExpression});`, inside: "" };
  }
  const text = `${start}${RESULT}0=${ITEM}(`.padEnd(restColumn + at);
  return {
    first: `${fill(text + expression)}${closeExpression});`,
    inside: `let ${pattern}${closePattern}=${RESULT}0;`,
  };
}

/** The beginning of the block: the reducer, if there is one, and the keyword. */
function beforeItem({ results, body, restColumn }: ParallelCell, names: readonly string[]): string {
  const keyword = isAssigned(names, body) ? "let" : "const";
  if (typeof results !== "object") return `{${keyword} `;
  const { text, column } = results;
  const room = restColumn - column - text.length;
  return room > 1
    ? `${`{${keyword} ${RESULT}r=${RESULT}c(`.padEnd(column)}${text}),`
    : `${`{${keyword} ${RESULT}r:${RESULT}C=`.padEnd(column)}${text},`;
}

function bodyOf({ body, file }: ParallelCell): string {
  try {
    return withReturn(body, file);
  } catch {
    // Half-typed.
    return `\n${body}\n;return 0 as any`;
  }
}

/** What later cells see. */
function declared({ results, out, body }: ParallelCell, head: LooseHead | undefined): string {
  const value = results === "any" ? "0 as any" : typeof results === "object" ? `${RESULT}[0]!` : RESULT;
  // A cell that uses the last value cannot declare it: the one would be the other's type.
  const last = mentions(`${head?.expression ?? ""} ${body}`, ["_"]) ? "" : `;var _=${value}`;
  return `${last}${out ? `;const ${out}=${value}` : ""}`;
}

/** Whether a text has one of the names, other than as a property. */
function mentions(text: string, names: readonly string[]): boolean {
  const words = text.match(/(?<![\p{ID_Continue}$.])[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [];
  return words.some((word) => names.includes(word));
}

/** Whether a body assigns to one of the names: to it they are parameters. */
function isAssigned(names: readonly string[], body: string): boolean {
  if (!/[^=!<>]=[^=>]|\+\+|--/.test(body) || !mentions(body, names)) return false;
  try {
    const { code } = readCell(body, "cell.ts", { returns: true });
    return freeNames(code, "body").names.some(
      ({ name, writes }) => writes.length > 0 && names.includes(name),
    );
  } catch {
    return false;
  }
}

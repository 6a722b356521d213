import type { AnyNode, Program } from "acorn";
import type { Edit } from "./edits.ts";
import { isObjectLiteral } from "./parse.ts";

export interface LastExpression {
  readonly start: number;
  readonly end: number;
  /** It is a block that reads as an object literal, `{ a, b: 2 }`, and is meant as one. */
  readonly isBlock: boolean;
}

/** The last statement of a cell or body, if it is an expression. */
export function lastExpression(code: string, program: Program): LastExpression | undefined {
  return ofStatements(code, program.body);
}

function ofStatements(code: string, statements: readonly AnyNode[]): LastExpression | undefined {
  const last = statements.findLast((node) => node.type !== "EmptyStatement");
  // The compiler puts what follows a `using` into a try block, its own by the name of what it catches.
  if (last?.type === "TryStatement" && last.handler?.param?.type === "Identifier")
    return last.handler.param.name === "_" ? ofStatements(code, last.block.body) : undefined;
  const isBlock = last?.type === "BlockStatement" && isObjectLiteral(code.slice(last.start, last.end));
  return last && (isBlock || last.type === "ExpressionStatement")
    ? { start: last.start, end: last.end, isBlock }
    : undefined;
}

/** The edits that make a body's last expression its return value; lines stay. None where it ends in none. */
export function returnEdits(code: string, program: Program): Edit[] {
  const last = lastExpression(code, program);
  return last ? [{ start: last.start, end: last.start, text: "return " }] : [];
}

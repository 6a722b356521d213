import { lastExpression } from "../typescript/last-expression.ts";
import { readCell } from "../typescript/read-cell.ts";
import type { Cell, CellOutcome } from "./cell.ts";
import type { Session } from "./session.ts";
import { withResult } from "./with-result.ts";

/** Runs a cell's text as a cell without a magic. With `out` its value is declared under this name instead of being shown. */
export async function runTypeScript(
  cell: Cell,
  session: Session,
  out: string | undefined,
): Promise<CellOutcome> {
  if (out === undefined) return session.runText(cell);
  let valued = false;
  const output = withResult(cell.output, () => {
    valued = true;
  });
  const outcome = await session.runText({ ...cell, output });
  if (outcome.status === "ok") await session.engine.call(cell, "cells.keep", { name: out, valued });
  return outcome;
}

/** TypeScript that declares `out` with the type of a text's last expression; it does not run. */
export function outDeclaration(source: string, out: string | undefined): string {
  if (out === undefined) return "";
  try {
    const { code, program, original, wrapped } = readCell(source, "cell.ts");
    const last = original || wrapped ? undefined : lastExpression(code, program);
    if (last) return `let ${out} = (${source.slice(last.start, last.end).replace(/;\s*$/, "")});`;
  } catch {
    // Half-typed.
  }
  return `declare let ${out}: any;`;
}

import type { MagicProblem } from "../cells/magic.ts";
import { remembered } from "../cells/remembered.ts";
import { TandemError } from "../errors.ts";
import { CellSyntaxError } from "../typescript/syntax-error.ts";
import { parseSides } from "./sides.ts";

/** What is wrong with the sides of a comparison, at the lines that are no sides; nothing while the cell does not parse. */
export const sideProblems = remembered((body: string): MagicProblem[] => {
  // Nothing has been written yet.
  if (body.trim() === "") return [];
  const source = `%%bench\n${body}`;
  try {
    parseSides(source, "cell.ts");
    return [];
  } catch (error) {
    if (error instanceof CellSyntaxError) return [];
    if (!(error instanceof TandemError)) throw error;
    const lines = source.split("\n");
    const line = lineOf(error, lines);
    const text = lines[line] ?? "";
    const start = { line, character: /^\s*/.exec(text)?.[0].length ?? 0 };
    return [{ start, end: { line, character: text.trimEnd().length }, error, instead: [] }];
  }
});

/** The line, from 0, that an error names, or on which the label stands for the second time. */
function lineOf({ code, facts: [fact] }: TandemError, lines: readonly string[]): number {
  if (code === "benchUnlabelled") return Number(fact) - 1;
  if (code !== "benchTwice") return 0;
  return Math.max(
    0,
    lines.findLastIndex((line) => /^\s*([\p{ID_Continue}$]+)\s*:/u.exec(line)?.[1] === fact),
  );
}

import type { Cell } from "../../cells/cell.ts";
import { magicProblems } from "../../cells/line-problems.ts";
import type { Place } from "../../cells/magic.ts";
import { noOutput } from "../../cells/no-output.ts";
import { nothingRuns, quietView } from "../../cells/quiet-view.ts";
import { KernelSession } from "../../cells/session-state.ts";
import { writtenCell } from "../../cells/written-cell.ts";
import type { TandemError } from "../../errors.ts";
import { isExecuted, type Notebook } from "../../notebook/notebook.ts";
import type { TypeService } from "../../typescript/service.ts";

/** One thing that is wrong with a cell. */
export interface Finding {
  readonly severity: "error" | "warning";
  /** Counted among the cells that would run, from 1, as in stacks. */
  readonly cell: number;
  /** Position among all cells, from 0. */
  readonly index: number;
  /** In the cell, from 1, in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** `TS2322`, or the code of an error of ours. */
  readonly code: string;
  readonly message: string;
}

/** Checks a notebook's types in the order of its cells, and runs nothing. `types`: of the notebook's folder, without cells. */
export async function checkNotebook(
  notebook: Notebook,
  folder: string,
  types: TypeService,
): Promise<Finding[]> {
  const session = new KernelSession(folder, nothingRuns, types);
  const findings: Finding[] = [];
  const cells = notebook.cells.filter(isExecuted);
  for (const [position, { index, source }] of cells.entries()) {
    const cell = position + 1;
    const above = cells.slice(0, position).map((one) => writtenCell(one.source));
    const { signal } = new AbortController();
    const asked: Cell = { number: cell, file: `cell-${cell}.ts`, source, output: noOutput, signal };
    const { text, below, problem } = await quietView(asked, session);
    const wrong = magicProblems(source, above).map(({ error, start }) => problemOf(error, start));
    if (problem && wrong.length === 0) wrong.push(problemOf(problem, { line: 0, character: 0 }));
    findings.push(...wrong.map((one) => ({ cell, index, ...one })));
    if (text === undefined) continue;
    for (const found of await types.check(asked.file, text)) {
      const { severity, line, column, code, message } = found;
      const question = below?.find((one) => one.line === line);
      if (question) {
        const error = question.tell(message, above);
        if (error) findings.push({ cell, index, ...problemOf(error, question.start) });
        continue;
      }
      if (severity !== "suggestion") {
        findings.push({ severity, cell, index, line, column, code: `TS${code}`, message });
      }
    }
    await types.commit(asked.file, text);
  }
  return findings;
}

/** An error of ours about a cell's magics. */
function problemOf(
  { code, advice }: TandemError,
  { line, character }: Place,
): Omit<Finding, "cell" | "index"> {
  const unknown = code === "unknownMagic" || code === "unknownLineMagic";
  return {
    severity: unknown ? "warning" : "error",
    line: line + 1,
    column: character + 1,
    code,
    message: `${advice.what} ${advice.why}`,
  };
}

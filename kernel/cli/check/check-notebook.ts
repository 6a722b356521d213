import type { Cell } from "../../cells/cell.ts";
import { findMagic, readHead } from "../../cells/magic-line.ts";
import { magics } from "../../cells/magics.ts";
import { noOutput } from "../../cells/no-output.ts";
import { prepare } from "../../cells/prepare.ts";
import { KernelSession } from "../../cells/session-state.ts";
import type { Engine } from "../../engine/engine.ts";
import { TandemError } from "../../errors.ts";
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
  for (const [position, { index, source }] of notebook.cells.filter(isExecuted).entries()) {
    const cell = position + 1;
    const { signal } = new AbortController();
    const asked: Cell = { number: cell, file: `cell-${cell}.ts`, source, output: noOutput, signal };
    const { text, problem } = await viewOf(asked, session);
    if (problem) findings.push({ cell, index, ...problem });
    if (text === undefined) continue;
    for (const found of await types.check(asked.file, text)) {
      const { severity, line, column, code, message } = found;
      if (severity !== "suggestion") {
        findings.push({ severity, cell, index, line, column, code: `TS${code}`, message });
      }
    }
    await types.commit(asked.file, text);
  }
  return findings;
}

type Problem = Omit<Finding, "cell" | "index">;

/** What the type service sees of a cell, and what is wrong with its magics. */
async function viewOf(
  cell: Cell,
  session: KernelSession,
): Promise<{ text?: string | undefined; problem?: Problem }> {
  try {
    const text = await prepare(cell, session).typeView();
    await declare(cell, session);
    return { text };
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    const unknown = error.code === "unknownMagic" || error.code === "unknownLineMagic";
    const line = cell.source.split("\n").findIndex((text) => /^%/.test(text)) + 1 || 1;
    const { what, why } = error.advice;
    const problem: Problem = {
      severity: unknown ? "warning" : "error",
      line,
      column: 1,
      code: error.code,
      message: `${what} ${why}`,
    };
    // What is left of a cell of TypeScript still declares names for the next ones.
    const text = readHead(cell.source) ? undefined : cell.source.replace(/^%.*$/gm, "");
    return { text, problem };
  }
}

/** Lets magics that know of earlier cells of theirs know this one. */
async function declare(cell: Cell, session: KernelSession): Promise<void> {
  const head = readHead(cell.source);
  if (head) await findMagic(head.name, magics).declare?.(head.body, cell, session);
}

const refuse = async (): Promise<never> => {
  throw new Error("Nothing runs while types are checked.");
};
const nothingRuns: Engine = { evaluate: refuse, call: refuse, restart: refuse, interrupt() {} };

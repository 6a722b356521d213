import type { Engine } from "../engine/engine.ts";
import { TandemError } from "../errors.ts";
import type { Cell } from "./cell.ts";
import { findMagic, readHead } from "./magic-line.ts";
import { magics } from "./magics.ts";
import { prepare } from "./prepare.ts";
import type { Session } from "./session.ts";

/** What the type service sees of a cell that does not run. */
export interface QuietView {
  /** Left out where the cell has no TypeScript and declares nothing. */
  readonly text?: string | undefined;
  /** What is wrong with its magics. */
  readonly problem?: TandemError;
}

/**
 * The type service's view of a cell in a session in which nothing runs (`nothingRuns`), and lets later cells know of it. To be
 * called in the order of the cells.
 */
export async function quietView(cell: Cell, session: Session): Promise<QuietView> {
  try {
    const text = await prepare(cell, session).typeView();
    await declare(cell, session);
    return { text };
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    // What is left of a cell of TypeScript still declares names for the next ones.
    const text = readHead(cell.source) ? undefined : cell.source.replace(/^%.*$/gm, "");
    return { text, problem: error };
  }
}

/** Lets magics that know of earlier cells of theirs know this one. */
async function declare(cell: Cell, session: Session): Promise<void> {
  const head = readHead(cell.source);
  if (head) await findMagic(head.name, magics).declare?.(head.body, cell, session);
}

const refuse = async (): Promise<never> => {
  throw new Error("Nothing runs while types are checked.");
};

/** The engine of a session that only looks at cells. */
export const nothingRuns: Engine = { evaluate: refuse, call: refuse, restart: refuse, interrupt() {} };

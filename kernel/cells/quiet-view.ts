import type { Engine } from "../engine/engine.ts";
import { TandemError } from "../errors.ts";
import type { Cell } from "./cell.ts";
import type { BelowLine } from "./magic.ts";
import { findMagic, readHead } from "./magic-line.ts";
import { magics } from "./magics.ts";
import { prepare, viewOfWritten } from "./prepare.ts";
import type { Session } from "./session.ts";

/** What the type service sees of a cell that does not run. */
export interface QuietView {
  /** Left out where the cell has no TypeScript and declares nothing. */
  readonly text?: string | undefined;
  /** As in `TypeView`. */
  readonly below?: readonly BelowLine[];
  /** What is wrong with its magics. */
  readonly problem?: TandemError;
}

/**
 * The type service's view of a cell in a session in which nothing runs (`nothingRuns`), and lets later cells know of it. To be
 * called in the order of the cells.
 */
export async function quietView(cell: Cell, session: Session): Promise<QuietView> {
  let problem: TandemError | undefined;
  try {
    prepare(cell, session);
    await declare(cell, session);
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    problem = error;
  }
  const view = await viewOfWritten(cell, session).catch((error: unknown) => {
    if (!(error instanceof TandemError)) throw error;
    problem ??= error;
    return undefined;
  });
  return {
    text: view?.text,
    ...(view?.below && { below: view.below }),
    ...(problem && { problem }),
  };
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

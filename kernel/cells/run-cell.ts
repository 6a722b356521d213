import { Interrupted } from "../engine/interrupted.ts";
import type { Diagnostic } from "../typescript/service.ts";
import type { Cell, CellOutcome } from "./cell.ts";
import { type PreparedCell, prepare } from "./prepare.ts";
import type { KernelSession } from "./session-state.ts";
import { inTime, refusal, warningsText } from "./type-checks.ts";

interface RunOptions {
  /** Whether its types are checked and kept for later cells. */
  readonly check: boolean;
}

/** How a cell went, and what comes behind it. */
export interface CellRun {
  readonly outcome: CellOutcome;
  /** Resolves when all that is still said of the cell has been said, as far as somebody listens. Never rejects. */
  readonly rest: Promise<void>;
}

const nothing = Promise.resolve();

/** A cell that runs longer than this, in ms, is checked beside its run; others behind it, on a free processor. */
const QUICK = 5;
/** How long a cell's reply gets to reach its client before the check takes the processors, in ms. */
const HEAD_START = 2;

/**
 * Runs one cell, its types checked beside the run, or before it where only what checks runs. Throws what keeps the
 * cell from running.
 */
export async function runCell(source: Cell, session: KernelSession, options: RunOptions): Promise<CellRun> {
  const { checks, settings } = session;
  const prepared = prepare(source, session);
  const { cell } = prepared;
  if (!options.check) return { outcome: await prepared.run(), rest: nothing };
  checks.tellMissing(cell, settings.check);
  let checked: Promise<readonly Diagnostic[]> | undefined;
  if (settings.check === "strict") {
    checked = check(prepared, session);
    const errors = (await checked).filter(({ severity }) => severity === "error");
    if (cell.signal.aborted) throw new Interrupted();
    if (errors.length > 0) return { outcome: { status: "error", error: refusal(errors) }, rest: nothing };
  }
  const running = prepared.run();
  const checking = (async () => {
    await Promise.race([running.catch(() => {}).then(() => pause(HEAD_START)), pause(QUICK)]);
    checked ??= check(prepared, session);
    return { checked };
  })();
  const outcome = await running;
  return { outcome, rest: checking.then(({ checked: found }) => conclude(prepared, session, found)) };
}

/** Tells what the check finds, and makes the cell's names known to later cells. */
async function conclude(
  { cell, typeView }: PreparedCell,
  { checks, settings }: KernelSession,
  checked: Promise<readonly Diagnostic[]>,
): Promise<void> {
  checks.commit(
    cell.file,
    typeView().catch(() => undefined),
  );
  const published = checked.then((diagnostics) => {
    // The cell itself may have turned checks off.
    if (settings.check === "off" || diagnostics.length === 0) return;
    cell.output.stream("stderr", warningsText(diagnostics));
  });
  // Where a person sits the rest follows when it comes; who runs cells unattended stops listening at a cell's end.
  if (cell.input || cell.signal.aborted) await Promise.race([published, shortly()]);
  else await inTime(published);
}

/** TypeScript's numbers for names that are used above their declaration. */
const USED_BEFORE = new Set([2448, 2449, 2450, 2454]);

const shortly = () => new Promise<void>((resolve) => setImmediate(resolve));
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function check(prepared: PreparedCell, session: KernelSession): Promise<readonly Diagnostic[]> {
  if (session.settings.check === "off") return [];
  const text = prepared.typeView().catch(() => undefined);
  const required = session.settings.check === "strict";
  const found = await session.checks.check(prepared.cell.file, text, { required });
  if (found.length === 0) return found;
  // What is below the cell was not written in it, and stands for what runs before.
  const linesOf = (known: string) => known.split("\n").length;
  const lines = linesOf(prepared.cell.source);
  const below = linesOf((await text) ?? "") > lines;
  return found.filter(({ line, code }) => line <= lines && !(below && USED_BEFORE.has(code)));
}

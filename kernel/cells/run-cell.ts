import { Interrupted } from "../engine/interrupted.ts";
import type { Diagnostic } from "../typescript/service.ts";
import type { Cell, CellOutcome } from "./cell.ts";
import { type PreparedCell, prepare } from "./prepare.ts";
import type { KernelSession } from "./session-state.ts";
import { refusal, warningsText } from "./type-checks.ts";

interface RunOptions {
  /** Whether its types are checked and kept for later cells. */
  readonly check: boolean;
}

/**
 * Runs one cell, its types checked beside the run, or before it where only what checks runs. Throws what keeps the
 * cell from running.
 */
export async function runCell(
  source: Cell,
  session: KernelSession,
  options: RunOptions,
): Promise<CellOutcome> {
  const { checks, settings } = session;
  const prepared = prepare(source, session);
  const { cell } = prepared;
  if (!options.check) return prepared.run();
  const checked = check(prepared, session);
  if (settings.check === "strict") {
    const errors = (await checked).filter(({ severity }) => severity === "error");
    if (cell.signal.aborted) throw new Interrupted();
    if (errors.length > 0) return { status: "error", error: refusal(errors) };
  }
  const outcome = await prepared.run();
  checks.commit(
    cell.file,
    prepared.typeView().catch(() => undefined),
  );
  if (outcome.status === "error") return outcome;
  const published = checked.then((diagnostics) => {
    // The cell itself may have turned checks off.
    if (settings.check === "off" || diagnostics.length === 0) return;
    cell.output.stream("stderr", warningsText(diagnostics));
  });
  // What is known by now is shown before the cell's end; the rest follows when it comes.
  await Promise.race([published, new Promise((resolve) => setImmediate(resolve))]);
  return outcome;
}

async function check(prepared: PreparedCell, session: KernelSession): Promise<readonly Diagnostic[]> {
  if (session.settings.check === "off") return [];
  return session.checks.check(
    prepared.cell.file,
    prepared.typeView().catch(() => undefined),
  );
}

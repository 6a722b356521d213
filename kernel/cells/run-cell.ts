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
  checks.tellMissing(cell, settings.check);
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
  const published = checked.then((diagnostics) => {
    // The cell itself may have turned checks off.
    if (settings.check === "off" || diagnostics.length === 0) return;
    cell.output.stream("stderr", warningsText(diagnostics));
  });
  // Where a person sits the rest follows when it comes; who runs cells unattended stops listening at a cell's end.
  if (cell.input || cell.signal.aborted) await Promise.race([published, shortly()]);
  else await inTime(published);
  return outcome;
}

const shortly = () => new Promise((resolve) => setImmediate(resolve));

async function check(prepared: PreparedCell, session: KernelSession): Promise<readonly Diagnostic[]> {
  if (session.settings.check === "off") return [];
  return session.checks.check(
    prepared.cell.file,
    prepared.typeView().catch(() => undefined),
  );
}

import { dirname, join } from "node:path";
import type { CellRun, Notebook, NotebookCell } from "../notebook/notebook.ts";
import { OutputCollector } from "../notebook/outputs.ts";
import { KernelGone } from "../wire/client.ts";
import { KernelProcess } from "../wire/kernel-process.ts";
import type { Message } from "../wire/message.ts";

/** One executed cell, as it is reported while the notebook runs. */
export interface CellReport {
  /** The execution count, as in stacks (`cell-3.ts`). */
  readonly number: number;
  readonly total: number;
  readonly ok: boolean;
  readonly seconds: number;
  readonly source: string;
  /** The lines of its error, if it failed. */
  readonly traceback: readonly string[];
}

export interface NotebookRun {
  /** By the cell's index in the notebook; cells that did not run are not in it. */
  readonly runs: ReadonlyMap<number, CellRun>;
  readonly ran: number;
  /** The number of the cell that failed. */
  readonly failed?: number;
  /** Set if the kernel ended on the way. */
  readonly error?: Error;
}

/**
 * Executes the code cells of a notebook in a new kernel, through the same messages as any front end, up to the first that
 * fails. Tags as in nbclient: `raises-exception` lets a cell fail, `skip-execution` passes it over.
 */
export async function executeNotebook(
  notebook: Notebook,
  file: string,
  onCell: (report: CellReport) => void,
): Promise<NotebookRun> {
  const cells = notebook.cells.filter(isExecuted);
  const outputs = new OutputCollector();
  const counts = new Map<number, number | null>();
  const kernel = new KernelProcess({
    node: process.execPath,
    script: join(__dirname, "tandem.cjs"),
    folder: dirname(file),
    env: process.env,
    log: (text) => process.stderr.write(text),
  });
  const interrupt = () => void kernel.interrupt().catch(() => {});
  process.on("SIGINT", interrupt);
  let failed: number | undefined;
  let error: Error | undefined;
  try {
    for (const [position, cell] of cells.entries()) {
      const started = performance.now();
      counts.set(cell.index, null);
      const content = { code: cell.source, silent: false, store_history: true, stop_on_error: true };
      const reply = await kernel.client.request("shell", "execute_request", content, (message) =>
        outputs.take(cell.index, message),
      );
      const { execution_count: count } = reply.content;
      if (typeof count === "number") counts.set(cell.index, count);
      const ok = reply.content.status === "ok" || cell.tags.includes("raises-exception");
      onCell({
        number: position + 1,
        total: cells.length,
        ok,
        seconds: (performance.now() - started) / 1000,
        source: cell.source,
        traceback: ok ? [] : traceback(reply),
      });
      if (!ok) {
        failed = position + 1;
        break;
      }
    }
    await kernel.stop();
  } catch (fault) {
    if (!(fault instanceof KernelGone)) throw fault;
    error = await kernel.ended;
  } finally {
    process.off("SIGINT", interrupt);
  }
  const runs = new Map<number, CellRun>();
  for (const [index, executionCount] of counts) {
    runs.set(index, { executionCount, outputs: outputs.outputs(index) });
  }
  return { runs, ran: counts.size, ...(failed && { failed }), ...(error && { error }) };
}

/** Whether a cell is sent to the kernel; empty cells are not, as in every front end. */
function isExecuted(cell: NotebookCell): boolean {
  return cell.type === "code" && cell.source.trim() !== "" && !cell.tags.includes("skip-execution");
}

function traceback(reply: Message): string[] {
  const { ename, evalue, traceback: lines } = reply.content;
  return Array.isArray(lines) && lines.length > 0 ? lines.map(String) : [`${ename}: ${evalue}`];
}

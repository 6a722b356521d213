import { dirname, join } from "node:path";
import type { TandemError } from "../../errors.ts";
import { type CellRun, isExecuted, type Notebook, type NotebookCell } from "../../notebook/notebook.ts";
import { OutputCollector } from "../../notebook/outputs.ts";
import { KernelGone } from "../../wire/client.ts";
import { KernelProcess } from "../../wire/kernel-process.ts";
import type { Message } from "../../wire/message.ts";
import { secondsText } from "../duration.ts";
import type { CellResult, NotebookResult } from "./result.ts";
import type { Stop } from "./stop.ts";

/** How long an interrupted cell may take until it is interrupted again, and then until its kernel is killed; in ms. */
const PATIENCE = 3000;

export interface Execution {
  readonly keepGoing: boolean;
  /** The longest that a cell may take, in ms. */
  readonly timeout: number | undefined;
  readonly stop: Stop;
  onStart(cell: CellResult, total: number): void;
  onEnd(cell: CellResult, total: number, outputs: CellRun): CellResult;
}

/**
 * Executes the code cells of a notebook in a new kernel, through the same messages as any front end, up to the first that
 * fails, or all of them. Tags as in nbclient: `raises-exception` lets a cell fail, `skip-execution` passes it over.
 * `file`: the notebook's path, absolute.
 */
export async function executeNotebook(
  notebook: Notebook,
  file: string,
  { keepGoing, timeout, stop, onStart, onEnd }: Execution,
): Promise<Pick<NotebookResult, "cells" | "runs" | "error">> {
  const cells = notebook.cells.filter(isExecuted);
  const outputs = new OutputCollector();
  const counts = new Map<number, number | null>();
  const runOf = (index: number): CellRun => ({
    executionCount: counts.get(index) ?? null,
    outputs: outputs.outputs(index),
  });
  const kernel = new KernelProcess({
    node: process.execPath,
    script: join(__dirname, "tandem.cjs"),
    folder: dirname(file),
    env: process.env,
    log: (text) => process.stderr.write(text),
  });
  const results: CellResult[] = [];
  let ended = false;
  let error: TandemError | undefined;
  for (const [position, cell] of cells.entries()) {
    const { index, id, source } = cell;
    const known = { number: position + 1, index, id, source, seconds: 0 } as const;
    if (ended || stop.asked.aborted) {
      results.push({ ...known, status: "skipped" });
      continue;
    }
    onStart({ ...known, status: "ok" }, cells.length);
    counts.set(index, null);
    const started = performance.now();
    const watch = watchCell(kernel, stop, timeout);
    const content = {
      code: source,
      silent: false,
      store_history: true,
      stop_on_error: true,
      allow_stdin: false,
    };
    const reply = await kernel.client
      .request("shell", "execute_request", content, (message) => outputs.take(index, message))
      .catch((fault: unknown) => {
        if (fault instanceof KernelGone) return undefined;
        throw fault;
      });
    watch.end();
    const count = reply?.content.execution_count;
    if (typeof count === "number") counts.set(index, count);
    const seconds = (performance.now() - started) / 1000;
    if (!reply && !watch.stopped && !watch.timedOut) error = await kernel.ended;
    const outcome = outcomeOf(cell, reply, error, watch, timeout);
    results.push(onEnd({ ...known, seconds, ...outcome }, cells.length, runOf(index)));
    if (!reply || (outcome.status !== "ok" && !keepGoing)) ended = true;
  }
  await kernel.stop();
  const runs = new Map([...counts.keys()].map((index) => [index, runOf(index)]));
  return { cells: results, runs, ...(error && { error }) };
}

/** Interrupts a cell when its time is over or the run should end, and does not let it heed that or not as it likes. */
function watchCell(kernel: KernelProcess, stop: Stop, timeout: number | undefined) {
  const timers: NodeJS.Timeout[] = [];
  const watch = { stopped: false, timedOut: false, end };
  const interrupt = () => {
    // The kernel may be gone by now, which its request tells.
    const ask = () => void kernel.interrupt().catch(() => {});
    ask();
    timers.push(setTimeout(ask, PATIENCE), setTimeout(kill, 2 * PATIENCE));
  };
  const kill = () => kernel.kill();
  const onStop = () => {
    watch.stopped = true;
    interrupt();
  };
  const onTimeout = () => {
    watch.timedOut = true;
    interrupt();
  };
  if (timeout !== undefined) timers.push(setTimeout(onTimeout, timeout));
  stop.asked.addEventListener("abort", onStop);
  stop.forced.addEventListener("abort", kill);
  function end(): void {
    for (const timer of timers) clearTimeout(timer);
    stop.asked.removeEventListener("abort", onStop);
    stop.forced.removeEventListener("abort", kill);
  }
  return watch;
}

/** What became of a cell; of one that was stopped it does not matter how it took that. */
function outcomeOf(
  cell: NotebookCell,
  reply: Message | undefined,
  death: TandemError | undefined,
  { stopped, timedOut }: { stopped: boolean; timedOut: boolean },
  timeout = 0,
): Pick<CellResult, "status" | "error"> {
  if (timedOut) {
    const message = `The cell took longer than ${secondsText(timeout / 1000)} and was interrupted.`;
    return { status: "timeout", error: { name: "Timeout", message, traceback: [] } };
  }
  if (stopped) return { status: "interrupted" };
  if (death) return { status: "failed", error: { name: death.code, message: death.message, traceback: [] } };
  if (reply?.content.status === "ok" || cell.tags.includes("raises-exception")) return { status: "ok" };
  const { ename, evalue, traceback } = reply?.content ?? {};
  const lines = Array.isArray(traceback) ? traceback.map(String) : [];
  return { status: "failed", error: { name: String(ename), message: String(evalue), traceback: lines } };
}

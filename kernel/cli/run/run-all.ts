import { resolve } from "node:path";
import { TandemError } from "../../errors.ts";
import { compareOutputs } from "../../notebook/compare.ts";
import { type Notebook, withRuns } from "../../notebook/notebook.ts";
import { report } from "../command.ts";
import { secondsText } from "../duration.ts";
import { executeNotebook } from "./execute.ts";
import type { Places, Plan } from "./plan.ts";
import type { Progress } from "./progress.ts";
import { isGood, type NotebookResult, statusOf } from "./result.ts";
import type { Stop } from "./stop.ts";

export interface RunOutcome {
  readonly results: readonly NotebookResult[];
  /** What could not be read, or not be written where it should. */
  readonly problems: readonly TandemError[];
}

/** Runs a plan's notebooks one after the other and writes each one's results. `out` gets a line for each. */
export async function runAll(
  plan: Plan,
  stop: Stop,
  progress: Progress,
  out: (text: string) => void,
): Promise<RunOutcome> {
  const { notebooks, places, keepGoing } = plan;
  const results: NotebookResult[] = [];
  const problems: TandemError[] = [];
  for (const [file, notebook] of notebooks) {
    if (notebook instanceof TandemError) {
      progress.write(report(notebook));
      problems.push(notebook);
      const nothing = { notebook: undefined, cells: [], runs: new Map(), seconds: 0 };
      results.push({ file, ...nothing, error: notebook });
      continue;
    }
    if (stop.asked.aborted || (!keepGoing && results.some(hasFailed))) continue;
    if (notebooks.size > 1) progress.say(file);
    const result = await runOne(file, notebook, plan, stop, progress);
    results.push(result);
    if (result.error) progress.write(report(result.error));
    const written = await write(result, notebook, places.get(file));
    out(summaryOf(result, written.files));
    for (const problem of written.problems) progress.write(report(problem));
    problems.push(...written.problems);
  }
  if (notebooks.size > 1) out(totalOf(results, notebooks.size));
  return { results, problems };
}

async function runOne(
  file: string,
  notebook: Notebook,
  { keepGoing, timeout, compare }: Plan,
  stop: Stop,
  progress: Progress,
): Promise<NotebookResult> {
  const started = performance.now();
  const executed = await executeNotebook(notebook, resolve(file), {
    keepGoing,
    timeout,
    stop,
    onStart: (cell, total) => progress.start(cell, total),
    onEnd(cell, total, run) {
      const stored = notebook.cells[cell.index];
      const compared =
        compare && stored && !stored.tags.includes("injected-parameters") && cell.status === "ok";
      const difference = compared ? compareOutputs(stored.outputs, run.outputs, stored.tags) : undefined;
      const result = difference === undefined ? cell : { ...cell, difference };
      progress.end(result, total);
      return result;
    },
  });
  return { file, notebook, seconds: (performance.now() - started) / 1000, ...executed };
}

/** Writes what was asked for; a file that could not be written does not keep the others from it. */
async function write(
  result: NotebookResult,
  notebook: Notebook,
  places: Places | undefined,
): Promise<{ files: string[]; problems: TandemError[] }> {
  const files: string[] = [];
  const problems: TandemError[] = [];
  const texts = [
    [places?.out, () => withRuns(notebook, result.runs)],
    // Loaded where it is asked for: no other command waits for what draws a page.
    [places?.html, async () => (await import("./html-report.ts")).htmlReport(result, notebook)],
  ] as const;
  for (const [place, text] of texts) {
    if (!place) continue;
    try {
      const problem = await place.write(await text());
      if (problem) problems.push(problem);
      else files.push(place.file);
    } catch (error) {
      if (!(error instanceof TandemError)) throw error;
      problems.push(error);
    }
  }
  return { files, problems };
}

/** Whether cells failed: outputs that differ from the stored ones keep nothing from being run. */
const hasFailed = ({ cells, error }: NotebookResult) =>
  error !== undefined || !cells.every(({ difference, ...cell }) => isGood(cell));

function summaryOf(result: NotebookResult, files: readonly string[]): string {
  const { file, cells, seconds } = result;
  const ran = cells.filter(({ status }) => status !== "skipped").length;
  const failed = cells.filter(({ status }) => status === "failed" || status === "timeout").length;
  const differ = cells.filter(({ difference }) => difference !== undefined).length;
  const facts = [
    `${file}: ${ran} cells ran in ${secondsText(seconds)}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(differ > 0 ? [`${differ} differ from the stored outputs`] : []),
    ...(statusOf(result) === "interrupted" ? ["then it was interrupted"] : []),
  ].join(", ");
  return `${facts}${files.length > 0 ? `; written to ${files.join(" and ")}` : ""}.\n`;
}

function totalOf(results: readonly NotebookResult[], all: number): string {
  const good = results.filter((result) => statusOf(result) === "ok").length;
  const left = all - results.length;
  return `${all} notebooks: ${good} ok, ${results.length - good} failed${left > 0 ? `, ${left} not run` : ""}.\n`;
}

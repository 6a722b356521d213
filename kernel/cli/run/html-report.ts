import { basename, dirname, resolve } from "node:path";
import { version } from "../../../package.json";
import { type PageCell, renderPage } from "../../notebook/html/page.ts";
import type { Notebook } from "../../notebook/notebook.ts";
import { secondsText } from "../duration.ts";
import { type CellResult, isGood, type NotebookResult, problemOf, statusOf } from "./result.ts";

/** A notebook's run as one HTML file. */
export function htmlReport(result: NotebookResult, notebook: Notebook): string {
  const { file, cells, runs, seconds, error } = result;
  const entries = cells.map((cell): [number, PageCell] => {
    const { status, index } = cell;
    const outputs = runs.get(index)?.outputs ?? [];
    const note = noteOf(cell);
    return [
      index,
      { head: { text: headOf(cell), good: isGood(cell) && status === "ok" }, outputs, ...(note && { note }) },
    ];
  });
  const ran = cells.filter(({ status }) => status !== "skipped").length;
  const when = new Date().toISOString().slice(0, 16).replace("T", " ");
  return renderPage({
    title: basename(file),
    facts: [
      `${statusOf(result)}: ${ran} of ${cells.length} cells ran in ${secondsText(seconds)}, ${when} UTC, Tandem ${version}`,
      ...(error ? [error.message] : []),
    ],
    notebook,
    folder: dirname(resolve(file)),
    cells: new Map(entries),
  });
}

function headOf({ number, status, difference, seconds }: CellResult): string {
  if (status === "skipped") return `[${number}] not run`;
  return `[${number}] ${difference === undefined ? status : "differs"}, ${secondsText(seconds)}`;
}

/** What the outputs themselves do not tell. */
function noteOf(cell: CellResult): string | undefined {
  return cell.status === "timeout" || cell.difference !== undefined ? problemOf(cell) : undefined;
}

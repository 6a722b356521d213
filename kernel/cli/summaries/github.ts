import { relative, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { sourceLine } from "../../notebook/source-line.ts";
import { secondsText } from "../duration.ts";
import {
  type CellResult,
  firstLine,
  isGood,
  type NotebookResult,
  problemOf,
  statusOf,
} from "../run/result.ts";

/** What GitHub shows beside a line of a file. */
export interface Annotation {
  readonly level: "error" | "warning";
  readonly file: string;
  readonly line: number | undefined;
  readonly title: string;
  readonly message: string;
}

/** GitHub takes at most 1 MiB as a step's summary. */
const LONGEST_SUMMARY = 500_000;
const LONGEST_PROBLEM = 5000;

export const inGitHubActions = (): boolean => process.env.GITHUB_ACTIONS === "true";

/** An annotation as a command of the workflow, a line. */
export function annotationLine({ level, file, line, title, message }: Annotation): string {
  const root = process.env.GITHUB_WORKSPACE;
  const path = root ? relative(root, resolve(file)) : file;
  const fields = [
    ["file", path],
    ["line", line],
    ["title", title],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${property(String(value))}`]));
  return `::${level} ${fields.join(",")}::${data(stripVTControlCharacters(message))}\n`;
}

/** An annotation for each cell that is not good, and for each notebook that could not be run. */
export function annotations(results: readonly NotebookResult[]): string {
  return results.flatMap((result) => ofNotebook(result).map(annotationLine)).join("");
}

function ofNotebook({ file, notebook, cells, error }: NotebookResult): Annotation[] {
  const bad = cells.filter((cell) => !isGood(cell));
  if (error && bad.length === 0) {
    return [{ level: "error", file, line: 1, title: "Notebook", message: error.message }];
  }
  return bad.map((cell) => {
    const line = notebook && sourceLine(notebook.text, cell.index, failingLine(cell));
    return { level: "error", file, line, title: `Cell ${cell.number}`, message: problemOf(cell) };
  });
}

/** The line of the cell that its stack names first. */
function failingLine({ number, error }: CellResult): number {
  const stack = error?.traceback.join("\n") ?? "";
  return Number(new RegExp(`\\bcell-${number}\\.\\w+:(\\d+)`).exec(stack)?.[1] ?? 1);
}

/** The run in Markdown, for the step's summary. */
export function stepSummary(results: readonly NotebookResult[]): string {
  const rows = results.map((result) => {
    const ran = result.cells.filter(({ status }) => status !== "skipped").length;
    const cells = [
      code(result.file),
      statusOf(result),
      `${ran} of ${result.cells.length}`,
      secondsText(result.seconds),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const problems = results.flatMap((result) => [
    ...(result.error ? [section(result.file, result.error.message)] : []),
    ...result.cells
      .filter((cell) => !isGood(cell))
      .map((cell) => section(`${result.file}, cell ${cell.number}`, problemOf(cell), firstLine(cell))),
  ]);
  const head = "| notebook | result | cells run | time |\n| --- | --- | ---: | ---: |";
  const text = `### tandem run\n\n${head}\n${rows.join("\n")}\n${problems.join("")}\n`;
  return text.length > LONGEST_SUMMARY ? `${text.slice(0, LONGEST_SUMMARY)}\n\n…\n` : text;
}

function section(title: string, problem: string, first?: string): string {
  const shown = stripVTControlCharacters(problem);
  const text = shown.length > LONGEST_PROBLEM ? `${shown.slice(0, LONGEST_PROBLEM)}\n…` : shown;
  // A fence longer than any in the text.
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `\n**${code(title)}**${first ? `: ${code(first)}` : ""}\n\n${fence}text\n${text}\n${fence}\n`;
}

/** Text as code, on one line and in a table. */
function code(text: string): string {
  return `<code>${text.replace(/[&<>|*_`\\[\]\r\n~]/g, (c) => `&#${c.charCodeAt(0)};`)}</code>`;
}

/** What GitHub's runner undoes in a command's text. */
const data = (text: string) => text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
const property = (text: string) => data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");

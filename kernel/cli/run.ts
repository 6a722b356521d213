import { resolve } from "node:path";
import { canBeDeclared } from "../cells/magic-line.ts";
import { fail, TandemError } from "../errors.ts";
import type { Destination } from "../notebook/destination.ts";
import { readNotebook } from "../notebook/file.ts";
import { type Notebook, withRuns } from "../notebook/notebook.ts";
import { type Parameter, readParameter, unknownParameters, withParameters } from "../notebook/parameters.ts";
import type { Arguments } from "./arguments.ts";
import { badArguments, type Command, EXIT, report } from "./command.ts";
import { readDuration, secondsText } from "./duration.ts";
import { KERNEL_NAME } from "./kernelspec.ts";
import { executeNotebook } from "./run/execute.ts";
import { findFiles } from "./run/files.ts";
import { openPlaces } from "./run/places.ts";
import { Progress } from "./run/progress.ts";
import { type NotebookResult, statusOf } from "./run/result.ts";
import { Stop } from "./run/stop.ts";

export const run: Command = {
  name: "run",
  takes: "NOTEBOOK…",
  summary: "Executes the cells of notebooks in order, each notebook in its folder and in a kernel of its own",
  options: [
    {
      long: "parameter",
      short: "p",
      value: "NAME=VALUE",
      many: true,
      help: "set a parameter, by a cell behind the one tagged parameters; VALUE is JSON, else a text",
    },
    {
      long: "out",
      short: "o",
      value: "PATH",
      help: "write the executed notebook to a file; several to a folder",
    },
    { long: "in-place", help: "write the results into the notebooks themselves" },
    { long: "keep-going", short: "k", help: "go on after a cell that failed, and with the next notebook" },
    {
      long: "timeout",
      value: "TIME",
      help: "the longest that a cell may take: 30s, 2min; then it is interrupted",
    },
    { long: "total-timeout", value: "TIME", help: "the longest that all of it may take" },
  ],
  more: `NOTEBOOK is a path or a pattern ("**/*.ipynb"). Without --out nothing is written.
Exit codes: 0 every cell did what it should, 1 one did not, 2 the command is wrong or a file could not be read or
written, 130 ended by Ctrl-C (143 by SIGTERM); what there is by then is written.`,
  async run(args) {
    const stdout = process.stdout;
    const progress = new Progress();
    const keepGoing = args.has("keep-going");
    const timeout = readDuration("run", "timeout", args.value("timeout"));
    const limit = readDuration("run", "total-timeout", args.value("total-timeout"));
    if (args.positionals.length === 0) throw badArguments("run", "It needs the path of a notebook.");
    const files = await findFiles(args.positionals);
    const parameters = args.values("parameter").map(parameterOf);
    const notebooks = await readAll(files, keepGoing);
    // Before a long run rather than after it.
    const places = await placesOf(args, [...notebooks.keys()]);

    const stop = new Stop(limit);
    const results: NotebookResult[] = [];
    const problems: TandemError[] = [];
    try {
      for (const [file, found] of notebooks) {
        const notebook =
          found instanceof TandemError ? found : parametrised(found, parameters, file, progress);
        if (notebook instanceof TandemError) {
          progress.write(report(notebook));
          results.push({
            file,
            notebook: undefined,
            cells: [],
            runs: new Map(),
            seconds: 0,
            error: notebook,
          });
          problems.push(notebook);
          continue;
        }
        if (stop.asked.aborted || (!keepGoing && results.some((one) => statusOf(one) !== "ok"))) continue;
        if (notebooks.size > 1) progress.say(file);
        const result = await runOne(file, notebook, { keepGoing, timeout, stop, progress });
        results.push(result);
        const place = places?.get(file);
        const problem = await place?.write(withRuns(notebook, result.runs));
        if (problem) problems.push(problem);
        if (result.error) progress.write(report(result.error));
        stdout.write(summaryOf(result, problem ? undefined : place));
        if (problem) progress.write(report(problem));
      }
    } finally {
      stop.close();
    }
    if (notebooks.size > 1) stdout.write(totalOf(results, notebooks.size));
    if (stop.reason === "timeout")
      progress.say("tandem: the run took longer than --total-timeout and was ended.");
    return exitCode(results, problems, stop);
  },
};

function parameterOf(text: string): Parameter {
  const [, name = "", value] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (value === undefined) throw badArguments("run", `-p takes NAME=VALUE, not ${text}.`);
  if (!canBeDeclared(name)) throw badArguments("run", `${name} is no name for a TypeScript variable.`);
  return readParameter(name, value);
}

/** The notebook with its parameters' cell; says which of them it does not know. */
function parametrised(
  notebook: Notebook,
  parameters: readonly Parameter[],
  file: string,
  progress: Progress,
): Notebook {
  if (parameters.length === 0) return notebook;
  for (const name of unknownParameters(notebook, parameters)) {
    progress.say(`tandem: ${file}: the cell tagged parameters has no ${name}.`);
  }
  return withParameters(notebook, parameters, file);
}

interface Running {
  readonly keepGoing: boolean;
  readonly timeout: number | undefined;
  readonly stop: Stop;
  readonly progress: Progress;
}

async function runOne(
  file: string,
  notebook: Notebook,
  { progress, ...how }: Running,
): Promise<NotebookResult> {
  const started = performance.now();
  const executed = await executeNotebook(notebook, resolve(file), {
    ...how,
    onStart: (cell, total) => progress.start(cell, total),
    onEnd: (cell, total) => {
      progress.end(cell, total);
      return cell;
    },
  });
  return { file, notebook, seconds: (performance.now() - started) / 1000, ...executed };
}

/** Reads all notebooks before anything runs; what is wrong with one ends the command, unless it should keep going. */
async function readAll(
  files: readonly string[],
  keepGoing: boolean,
): Promise<Map<string, Notebook | TandemError>> {
  const notebooks = new Map<string, Notebook | TandemError>();
  for (const file of files) {
    try {
      const notebook = await readNotebook(file);
      checkKernel(notebook, file);
      notebooks.set(file, notebook);
    } catch (error) {
      if (!keepGoing || !(error instanceof TandemError)) throw error;
      notebooks.set(file, error);
    }
  }
  return notebooks;
}

async function placesOf(
  args: Arguments,
  files: readonly string[],
): Promise<Map<string, Destination> | undefined> {
  const out = args.value("out");
  if (!args.has("in-place")) return out === undefined ? undefined : openPlaces(files, out);
  if (out !== undefined) throw badArguments("run", "--out and --in-place exclude each other.");
  const places = new Map<string, Destination>();
  for (const file of files) for (const [, place] of await openPlaces([file], file)) places.set(file, place);
  return places;
}

/** Refuses a notebook that names a kernel of another language; one that names none is taken as ours. */
function checkKernel(notebook: Notebook, file: string): void {
  const { name, language } = notebook.kernel;
  if (name === KERNEL_NAME || language === undefined) return;
  if (["typescript", "javascript", "tandem-typescript"].includes(language.toLowerCase())) return;
  throw fail("otherKernel", file, name ?? "of its language", language);
}

function summaryOf(result: NotebookResult, place: Destination | undefined): string {
  const { file, cells, seconds } = result;
  const ran = cells.filter(({ status }) => status !== "skipped").length;
  const bad = cells.filter(({ status }) => status === "failed" || status === "timeout").length;
  const written = place ? `; written to ${place.file}` : "";
  const failed = bad > 0 ? `, ${bad} failed` : "";
  const ended = statusOf(result) === "interrupted" ? ", then it was interrupted" : "";
  return `${file}: ${ran} cells ran in ${secondsText(seconds)}${failed}${ended}${written}.\n`;
}

function totalOf(results: readonly NotebookResult[], all: number): string {
  const good = results.filter((result) => statusOf(result) === "ok").length;
  const left = all - results.length;
  return `${all} notebooks: ${good} ok, ${results.length - good} failed${left > 0 ? `, ${left} not run` : ""}.\n`;
}

function exitCode(results: readonly NotebookResult[], problems: readonly TandemError[], stop: Stop): number {
  if (stop.reason === "SIGINT") return EXIT.interrupted;
  if (stop.reason === "SIGTERM") return EXIT.terminated;
  if (stop.reason === "SIGHUP") return 129;
  if (problems.length > 0) return EXIT.badInput;
  return stop.reason === undefined && results.every((result) => statusOf(result) === "ok")
    ? EXIT.ok
    : EXIT.failed;
}

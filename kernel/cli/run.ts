import { type Command, EXIT, report } from "./command.ts";
import { readPlan } from "./run/plan.ts";
import { Progress } from "./run/progress.ts";
import { Reports, reportOptions } from "./run/reports.ts";
import { statusOf } from "./run/result.ts";
import { type RunOutcome, runAll } from "./run/run-all.ts";
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
    {
      long: "html",
      value: "PATH",
      help: "write a report as HTML, one file for each notebook, that needs nothing besides",
    },
    {
      long: "compare",
      help: "tell where outputs differ from the stored ones, times aside, and fail where they do",
    },
    { long: "keep-going", short: "k", help: "go on after a cell that failed, and with the next notebook" },
    {
      long: "timeout",
      value: "TIME",
      help: "the longest that a cell may take: 30s, 2min; then it is interrupted",
    },
    { long: "total-timeout", value: "TIME", help: "the longest that all of it may take" },
    ...reportOptions,
  ],
  more: `NOTEBOOK is a path or a pattern ("**/*.ipynb"). Without --out nothing is written into notebooks.
Exit codes: 0 every cell did what it should, 1 one did not, 2 the command is wrong or a file could not be read or
written, 130 ended by Ctrl-C (143 by SIGTERM); what there is by then is written.`,
  async run(args) {
    const progress = new Progress();
    const plan = await readPlan(args, (text) => progress.say(text));
    const reports = await Reports.open(args);
    const stdout = reports.takesStdout ? process.stderr : process.stdout;
    const stop = new Stop(plan.limit);
    const outcome = await runAll(plan, stop, progress, (text) => stdout.write(text));
    stop.close();
    if (stop.reason === "timeout") {
      progress.say("tandem: the run took longer than --total-timeout and was ended.");
    }
    const code = exitCode(outcome, stop);
    const unwritten = await reports.write(outcome.results, code);
    for (const problem of unwritten) progress.write(report(problem));
    return code === EXIT.ok && unwritten.length > 0 ? EXIT.badInput : code;
  },
};

const SIGNALLED = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: EXIT.hungUp } as const;

function exitCode({ results, problems }: RunOutcome, { reason }: Stop): number {
  if (reason !== undefined && reason !== "timeout") return SIGNALLED[reason];
  if (problems.length > 0) return EXIT.badInput;
  return reason === undefined && results.every((result) => statusOf(result) === "ok") ? EXIT.ok : EXIT.failed;
}

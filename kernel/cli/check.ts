import { dirname, resolve } from "node:path";
import { fail, TandemError } from "../errors.ts";
import { readNotebook } from "../notebook/file.ts";
import type { Notebook } from "../notebook/notebook.ts";
import { sourceLine } from "../notebook/source-line.ts";
import type { Finding } from "./check/check-notebook.ts";
import { badArguments, type Command, EXIT, report } from "./command.ts";
import { findFiles } from "./run/files.ts";
import { checkKernel } from "./run/plan.ts";
import { annotationLine, inGitHubActions } from "./summaries/github.ts";

export const check: Command = {
  name: "check",
  takes: "NOTEBOOK…",
  summary: "Checks the types of notebooks without running them",
  options: [],
  more: `A line for each finding: FILE:cell-N:LINE:COLUMN - error TS2322: …, where N counts the cells that would run.
What is known only by running, such as values from Python, is of type any. Unknown magics are warnings.
Exit codes: 0 no errors, 1 errors, 2 a file could not be read.`,
  async run(args) {
    if (args.positionals.length === 0) throw badArguments("check", "It needs the path of a notebook.");
    let errors = 0;
    let warnings = 0;
    let unreadable = false;
    const files = await findFiles(args.positionals);
    for (const file of files) {
      try {
        const notebook = await readNotebook(file);
        checkKernel(notebook, file);
        const findings = await findingsOf(file, notebook);
        errors += findings.filter(({ severity }) => severity === "error").length;
        warnings += findings.filter(({ severity }) => severity === "warning").length;
        for (const finding of findings) {
          process.stdout.write(lineOf(file, finding));
          if (inGitHubActions()) process.stdout.write(annotationOf(file, notebook.text, finding));
        }
      } catch (error) {
        if (!(error instanceof TandemError)) throw error;
        unreadable = true;
        process.stderr.write(report(error));
      }
    }
    const counts = [counted(errors, "error"), ...(warnings > 0 ? [counted(warnings, "warning")] : [])];
    process.stdout.write(`Found ${counts.join(" and ")} in ${counted(files.length, "notebook")}.\n`);
    return unreadable ? EXIT.badInput : errors > 0 ? EXIT.failed : EXIT.ok;
  },
};

async function findingsOf(file: string, notebook: Notebook): Promise<Finding[]> {
  const { checkNotebook } = await import("./check/check-notebook.ts");
  const { createTypeService } = await import("../typescript/service/types.ts");
  const folder = dirname(resolve(file));
  const types = createTypeService({ folder });
  if (!types) throw fail("noCompiler", `${process.platform}-${process.arch}`);
  // The compiler's process holds up nobody's end, so something else has to.
  const alive = setInterval(() => {}, 2 ** 30);
  try {
    return await checkNotebook(notebook, folder, types);
  } finally {
    await types.close();
    clearInterval(alive);
  }
}

function lineOf(file: string, { severity, cell, line, column, code, message }: Finding): string {
  const text = message.replaceAll("\n", "\n  ");
  return `${file}:cell-${cell}:${line}:${column} - ${severity} ${code}: ${text}\n`;
}

function annotationOf(file: string, text: string, finding: Finding): string {
  const { severity: level, index, line, cell, code, message } = finding;
  return annotationLine({
    level,
    file,
    line: sourceLine(text, index, line),
    title: `Cell ${cell}, ${code}`,
    message,
  });
}

const counted = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;

import { access, constants } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fail } from "../errors.ts";
import { readNotebook, writeWhole } from "../notebook/file.ts";
import { type Notebook, withRuns } from "../notebook/notebook.ts";
import { type Command, EXIT, parse, report } from "./command.ts";
import { type CellReport, executeNotebook } from "./execute-notebook.ts";
import { KERNEL_NAME } from "./kernelspec.ts";

export const run: Command = {
  name: "run",
  help: `tandem run NOTEBOOK [--out FILE]
  Executes a notebook's cells in order, in the notebook's folder, and stops at the first that fails.
  Exit code: 0 if every cell ran, 1 if one failed, 2 if the notebook could not be run at all.
    --out FILE  writes the executed notebook to FILE, which may be the notebook itself`,
  async run(args) {
    const { values, positionals } = parse("run", {
      args,
      options: { out: { type: "string" } },
      allowPositionals: true,
    });
    const [file, ...more] = positionals;
    if (file === undefined) throw fail("badArguments", "run", "It needs the path of a notebook.");
    if (more.length > 0)
      throw fail("badArguments", "run", `It takes one notebook; there is also ${more[0]}.`);
    const notebook = await readNotebook(file);
    checkKernel(notebook, file);
    // Before a long run rather than after it.
    if (values.out !== undefined) await checkFolder(values.out);

    const started = performance.now();
    const result = await executeNotebook(notebook, resolve(file), printCell);
    if (values.out !== undefined) await writeWhole(values.out, withRuns(notebook, result.runs));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (result.error) {
      process.stderr.write(report(result.error));
      return EXIT.failed;
    }
    const written = values.out === undefined ? "" : `; written to ${values.out}`;
    if (result.failed) {
      process.stderr.write(`tandem: cell ${result.failed} of ${file} failed.\n`);
      return EXIT.failed;
    }
    process.stdout.write(`${file}: ${result.ran} cells ran in ${seconds} s${written}.\n`);
    return EXIT.ok;
  },
};

/** Refuses a notebook that names a kernel of another language; one that names none is taken as ours. */
function checkKernel(notebook: Notebook, file: string): void {
  const { name, language } = notebook.kernel;
  if (name === KERNEL_NAME || language === undefined) return;
  if (["typescript", "javascript", "tandem-typescript"].includes(language.toLowerCase())) return;
  throw fail("otherKernel", file, name ?? "of its language", language);
}

/** One line on stderr for each cell; below it the error of one that failed. */
function printCell({ number, total, ok, seconds, source, traceback }: CellReport): void {
  const first = source.trimStart().split("\n", 1)[0] ?? "";
  const shown = first.length > 60 ? `${first.slice(0, 59)}…` : first;
  process.stderr.write(`[${number}/${total}] ${ok ? "ok" : "failed"} ${seconds.toFixed(2)} s  ${shown}\n`);
  if (!ok) process.stderr.write(`\nCell ${number} failed:\n${traceback.join("\n")}\n\n`);
}

/** Throws if no file can be made at `out`. */
async function checkFolder(out: string): Promise<void> {
  try {
    await access(dirname(resolve(out)), constants.W_OK);
  } catch (error) {
    throw fail("cannotWrite", out, (error as Error).message);
  }
}

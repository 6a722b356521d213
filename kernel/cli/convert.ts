import { existsSync } from "node:fs";
import { extname } from "node:path";
import { fail } from "../errors.ts";
import { Destination } from "../notebook/destination.ts";
import { readNotebook, readText } from "../notebook/file.ts";
import { readPercent } from "../notebook/percent/read.ts";
import { newNotebook, updatedNotebook } from "../notebook/percent/to-notebook.ts";
import { writePercent } from "../notebook/percent/write.ts";
import { badArguments, type Command, EXIT } from "./command.ts";
import { checkKernel } from "./run/plan.ts";

/** What can hold cells of TypeScript, besides a notebook. */
const SCRIPTS = [".ts", ".tsx", ".mts", ".js", ".mjs"];

export const convert: Command = {
  name: "convert",
  takes: "FILE [FILE]",
  summary: "Converts a notebook to a .ts file with // %% before each cell, and such a file to a notebook",
  options: [{ long: "force", short: "f", help: "overwrite a .ts file that says something else" }],
  more: `The second FILE is the first with the other extension, if not given. Cells, ids, tags and other metadata survive both
ways; outputs are not in the .ts. A notebook that is there is brought up to date: cells that did not change keep their
bytes and outputs.`,
  async run(args) {
    const [source, given, ...more] = args.positionals;
    if (source === undefined || more.length > 0) throw badArguments("convert", "It takes one file or two.");
    const fromNotebook = extname(source) === ".ipynb";
    if (!fromNotebook && !SCRIPTS.includes(extname(source))) {
      throw badArguments("convert", `${source} is neither an .ipynb nor a .ts file.`);
    }
    const target = given ?? source.replace(/\.\w+$/, fromNotebook ? ".ts" : ".ipynb");
    const isScript = SCRIPTS.includes(extname(target));
    if (fromNotebook ? !isScript : extname(target) !== ".ipynb") {
      throw badArguments(
        "convert",
        `${source} cannot become ${target}: one is to be a notebook, the other a .ts file.`,
      );
    }
    const place = await Destination.open(target);
    const text = await (fromNotebook ? script(source) : notebook(source, target));
    const before = existsSync(target) ? await readText(target) : undefined;
    if (before !== text) {
      if (fromNotebook && before !== undefined && !args.has("force")) throw fail("wouldOverwrite", target);
      const problem = await place.write(text);
      if (problem) throw problem;
    }
    process.stdout.write(`${source} → ${target}\n`);
    return EXIT.ok;
  },
};

async function script(file: string): Promise<string> {
  const notebook = await readNotebook(file);
  checkKernel(notebook, file);
  return writePercent(notebook);
}

async function notebook(file: string, target: string): Promise<string> {
  const wanted = readPercent(await readText(file));
  return existsSync(target) ? updatedNotebook(await readNotebook(target), wanted) : newNotebook(wanted);
}

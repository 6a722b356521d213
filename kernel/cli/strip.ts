import { text as readStream } from "node:stream/consumers";
import { Destination } from "../notebook/destination.ts";
import { readNotebook } from "../notebook/file.ts";
import { parseNotebook } from "../notebook/notebook.ts";
import { strippedText } from "../notebook/strip.ts";
import { badArguments, type Command, EXIT } from "./command.ts";
import { findFiles } from "./run/files.ts";

export const strip: Command = {
  name: "strip",
  takes: "NOTEBOOK…",
  summary: "Removes outputs and execution counts from notebooks, and changes nothing else in them",
  options: [{ long: "check", help: "write nothing; name the files that have outputs, and exit with 1" }],
  more: `NOTEBOOK is a path, a pattern, or - for stdin to stdout. Cells tagged keep-output keep what they have.
As a filter of git, so that outputs are never committed and stay in your folder:
    git config filter.tandem.clean "tandem strip -"
    echo "*.ipynb filter=tandem" >> .gitattributes`,
  async run(args) {
    if (args.positionals.length === 0) throw badArguments("strip", "It needs the path of a notebook, or -.");
    const check = args.has("check");
    if (args.positionals.includes("-")) {
      if (args.positionals.length > 1 || check) throw badArguments("strip", "- stands alone.");
      const text = await readStream(process.stdin);
      process.stdout.write(strippedText(parseNotebook(text, "stdin")));
      return EXIT.ok;
    }
    let found = 0;
    for (const file of await findFiles(args.positionals)) {
      const notebook = await readNotebook(file);
      const place = check ? undefined : await Destination.open(file);
      const stripped = strippedText(notebook);
      if (stripped === notebook.text) continue;
      found++;
      process.stdout.write(check ? `${file} has outputs.\n` : `${file} was stripped.\n`);
      const problem = await place?.write(stripped);
      if (problem) throw problem;
    }
    return check && found > 0 ? EXIT.failed : EXIT.ok;
  },
};

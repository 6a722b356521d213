import { appendFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { extname, resolve } from "node:path";
import { fail } from "../../errors.ts";
import { writeWhole } from "../../notebook/file.ts";
import { surroundings } from "../../shell/run-shell.ts";
import type { LineMagic } from "../magic.ts";
import { readHead } from "../magic-line.ts";
import { optionNumber, optionText } from "../option-values.ts";
import type { Session } from "../session.ts";
import { readRanges } from "./ranges.ts";
import type { HistoryEntry, HistoryQuery } from "./select.ts";

const CELLS =
  "Cells are written `4`, `4-6`, and `~1/3` for cell 3 of the session before, `~2/` for all of the one before that.";

/** `%history`: the cells that ran. */
export const history: LineMagic = {
  name: "history",
  summary: "show the cells that ran",
  rest: "[cells…]",
  options: [
    { long: "numbers", short: "n", help: "with session and execution count" },
    { long: "outputs", short: "o", help: "with results, as text" },
    {
      long: "grep",
      short: "g",
      value: "pattern",
      help: "of all sessions those that hold this; * is any text, ? a character",
    },
    { long: "last", short: "l", value: "10", help: "of all sessions the last so many" },
  ],
  example: "%history -n 4-6",
  details: `Without cells those of this session. ${CELLS} The history of all sessions is kept on disk, for this user alone.`,
  check({ rest, options }) {
    optionNumber(options, "last", 1, "%history");
    rangesOrAll(rest, "%history");
  },
  async run({ cell, rest, options }, session) {
    const pattern = optionText(options, "grep");
    const last = optionNumber(options, "last", 1, "%history");
    const output = { output: true };
    let queries: HistoryQuery[];
    if (pattern !== undefined) {
      const n = last === undefined ? {} : { n: last };
      queries = [{ hist_access_type: "search", pattern: `*${pattern}*`, ...n, ...output }];
    } else if (last !== undefined) queries = [{ hist_access_type: "tail", n: last, ...output }];
    else queries = rangesOrAll(rest, "%history").map((query) => ({ ...query, ...output }));
    const numbered = options.has("numbers") || pattern !== undefined;
    for (const [from, number, found] of await entries(queries, session)) {
      const [source, result] = typeof found === "string" ? [found, null] : found;
      const shown = options.has("outputs") && result ? `\n${result.replace(/^/gm, "// ")}` : "";
      cell.output.stream("stdout", `${numbered ? `// ${from}/${number}\n` : ""}${source}${shown}\n`);
    }
    return { status: "ok" };
  },
};

/** `%save`: cells of the history as a TypeScript file. */
export const save: LineMagic = {
  name: "save",
  summary: "write cells that ran into a TypeScript file",
  rest: "file [cells…]",
  options: [
    { long: "append", short: "a", help: "put them behind what the file holds" },
    { long: "force", short: "f", help: "replace a file without asking" },
  ],
  example: "%save -f analysis.ts 3-7 9",
  details:
    `Without cells all of this session. ${CELLS} Cells and lines of magics stand in the file as comments, so that it is TypeScript. ` +
    "A file that is there is replaced after a question; where nobody can answer, that needs `-f`. `.ts` is added to a name without an ending.",
  check: ({ rest }) => void rangesOrAll(fileAndCells(rest).cells, "%save"),
  async run({ cell, rest, options }, session) {
    const { name, cells } = fileAndCells(rest);
    const { cwd } = await surroundings(cell, session);
    const path = resolve(cwd, name.replace(/^~(?=$|[\\/])/, homedir()));
    const file = extname(path) === "" ? `${path}.ts` : path;
    const found = await entries(rangesOrAll(cells, "%save"), session);
    if (found.length === 0) throw fail("noCells", cells);
    const text = `${found.map(([, , source]) => asTypeScript(String(source))).join("\n\n")}\n`;
    const there = await stat(file).catch(() => undefined);
    if (there?.isDirectory()) throw fail("cannotWrite", name, "It is a folder.");
    if (options.has("append") && there) {
      await appendFile(file, `\n${text}`).catch((error: Error) => {
        throw fail("cannotWrite", name, `${error.message}.`);
      });
    } else {
      if (there && !options.has("force")) {
        if (!cell.input) throw fail("fileThere", file);
        const answer = await cell.input(`Replace ${file}? (y/n) `, false);
        if (!/^\s*y(es)?\s*$/i.test(answer)) throw fail("fileThere", file);
      }
      await writeWhole(file, text);
    }
    const count = found.length === 1 ? "1 cell" : `${found.length} cells`;
    cell.output.stream("stdout", `${count} written to ${file}\n`);
    return { status: "ok" };
  },
};

function fileAndCells(rest: string): { name: string; cells: string } {
  const [, quote, quoted, plain, cells = ""] = /^(?:(["'])(.*?)\1|(\S+))\s*(.*)$/.exec(rest) ?? [];
  return { name: (quote ? quoted : plain) ?? "", cells };
}

function rangesOrAll(text: string, form: string): HistoryQuery[] {
  return text === "" ? [{ hist_access_type: "range", session: 0, start: 0 }] : readRanges(text, form);
}

async function entries(queries: readonly HistoryQuery[], session: Session): Promise<HistoryEntry[]> {
  return (await Promise.all(queries.map((query) => session.history(query)))).flat();
}

/** A cell as TypeScript alone: a cell magic's whole, and lines of line magics, as comments. */
function asTypeScript(source: string): string {
  if (readHead(source)) return source.replace(/^/gm, "// ");
  return source.replace(/^(?:%[A-Za-z]\w*(?=\s|\?|$)|![^=\s(])/gm, "// $&").trimEnd();
}

import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, extname, resolve } from "node:path";
import type { Cell, CellOutcome } from "../cells/cell.ts";
import { fileChoices } from "../cells/file-choices.ts";
import type { LineMagic } from "../cells/magic.ts";
import type { Part, Session } from "../cells/session.ts";
import { fail } from "../errors.ts";
import { surroundings } from "../shell/run-shell.ts";
import { readNotebook } from "./file.ts";

/** `%run`: a file as if its text stood in the notebook. */
export const run: LineMagic = {
  name: "run",
  summary: "run a TypeScript or JavaScript file, or a notebook, in this notebook",
  rest: "file",
  options: [],
  choices: (_before, at) => fileChoices(at, /\.(?:[cm]?[jt]s|[jt]sx|ipynb)$/),
  example: "%run helpers.ts",
  details:
    "What the file declares belongs to the notebook then, exported or not; of an .ipynb file every code cell runs, magics included. A relative path is " +
    "seen from the notebook's folder, or from where `%cd` went. Imports in the file are looked up from the notebook's folder. To use " +
    "a module's exports alone, import it.",
  async run({ cell, rest }, session) {
    const file = await find(rest, cell, session);
    const under = session.part(running);
    if (under.files.includes(file)) throw fail("runsItself", file, under.files.at(-1) ?? file);
    under.files.push(file);
    try {
      for (const part of await partsOf(file, cell)) {
        const outcome = await session.runText(part);
        if (outcome.status === "error") return outcome;
      }
      return { status: "ok" } satisfies CellOutcome;
    } finally {
      under.files.pop();
    }
  },
  async typeView({ cell, rest }, session) {
    // Where nothing runs nobody has gone elsewhere by `%cd` yet.
    const file = await find(rest, cell, session).catch(() => resolve(session.folder, pathIn(rest)));
    const around = viewed.get(cell) ?? [];
    // A file that runs itself is refused when it runs; its names are there once.
    if (around.includes(file)) return {};
    const parts = await partsOf(file, cell);
    const views: string[] = [];
    for (const part of parts) viewed.set(part, [...around, file]);
    for (const part of parts) views.push((await session.viewOf(part)) ?? "");
    return { below: views.join("\n;\n") };
  },
};

/** The files that run now, each started by the one before. */
interface Running extends Part {
  readonly files: string[];
}

const running = (_session: Session): Running => ({ files: [], async close() {} });

/** The files around a cell that another file's view is made of, outermost first. */
const viewed = new WeakMap<Cell, readonly string[]>();

const SCRIPT = /^\.(?:[cm]?[jt]s|[jt]sx)$/;

const pathIn = (rest: string) => rest.replace(/^(["'])(.*)\1$/, "$2").replace(/^~(?=$|[\\/])/, homedir());

async function find(rest: string, cell: Cell, session: Session): Promise<string> {
  const { cwd } = await surroundings(cell, session);
  return resolve(cwd, pathIn(rest));
}

/** What a file holds, as cells; each is named in stacks by its file. */
async function partsOf(file: string, cell: Cell): Promise<Cell[]> {
  const ending = extname(file);
  // A name in a stack has no spaces.
  const name = basename(file).replace(/\s/g, "_");
  if (ending === ".ipynb") {
    const { cells } = await readNotebook(file);
    const code = cells.filter(({ type }) => type === "code");
    return code.map(({ source, index }) => ({ ...cell, source, file: `${name}-${index + 1}.ts` }));
  }
  if (!SCRIPT.test(ending)) throw fail("notRunnable", file);
  const source = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? fail("noSuchFile", file) : fail("cannotRead", file, error.message);
  });
  return [{ ...cell, source: source.replace(/^#!.*/, ""), file: name }];
}

import { performance } from "node:perf_hooks";
import type { Cell, CellOutcome } from "../cells/cell.ts";
import { type CellMagic, type LineMagic, OUT } from "../cells/magic.ts";
import { optionText } from "../cells/option-values.ts";
import { outDeclaration, runTypeScript } from "../cells/run-typescript.ts";
import type { Session } from "../cells/session.ts";
import { duration } from "../display/chart/format.ts";
import type { EngineTime } from "../engine/part.ts";

const details =
  "The time is that of one run, awaited promises included, by the clock of the process that runs the cells. Processor time is that of " +
  "all threads of this process, and not of other processes such as Python or commands. One run tells little about code that is fast: `%timeit` " +
  "repeats it, and `%%bench` compares.";

/** `%%time`: a TypeScript cell, and how long it took. */
export const timeCell: CellMagic = {
  name: "time",
  summary: "Run the cell as TypeScript and say how long it took",
  options: [],
  example: "%%time --out rows\nconst text = await readFile('big.csv', 'utf8')\ntext.split('\\n')",
  details,
  run: (cell, session) => {
    const inner = { ...cell, source: `\n${cell.body}` };
    const run = () => runTypeScript(inner, session, optionText(cell.options, "out"));
    return timed(cell, session, run, /^[%!]/m.test(cell.body));
  },
  holdsTypeScript: true,
  async typeView(cell, session) {
    const source = `\n${cell.body}`;
    const text = (await session.viewOf({ ...cell, source })) ?? source;
    return { text: `${text}\n${outDeclaration(source, optionText(cell.options, "out"))}` };
  },
};

/** `%time statement`: one line, and how long it took. */
export const timeLine: LineMagic = {
  name: "time",
  summary: "run a statement and say how long it took",
  rest: "statement",
  options: [OUT],
  example: "%time const table = await load('data.csv')",
  details: `What the statement declares belongs to the notebook. ${details}`,
  run: ({ cell, line, rest, restColumn, options }, session) => {
    // Where it stands in the cell, so that stacks have the cell's lines and columns.
    const source = "\n".repeat(line - 1) + " ".repeat(restColumn) + rest;
    return timed(cell, session, () =>
      runTypeScript({ ...cell, source }, session, optionText(options, "out")),
    );
  },
  typeView: async ({ rest, restColumn, options }) => ({
    line: " ".repeat(restColumn) + rest,
    below: outDeclaration(rest, optionText(options, "out")),
  }),
};

/** `others`: what runs is not TypeScript alone, whose time the engine knows. */
async function timed(
  cell: Cell,
  session: Session,
  run: () => Promise<CellOutcome>,
  others = false,
): Promise<CellOutcome> {
  // That is what the engine answers.
  const read = async () => (await session.engine.call(cell, "cells.time", {})) as EngineTime;
  const before = await read();
  const start = performance.now();
  const outcome = await run();
  const passed = (performance.now() - start) / 1000;
  // Where the engine died there is nothing to tell.
  const after = await read().catch(() => undefined);
  if (!after || after.wall < before.wall) return outcome;
  const user = after.user - before.user;
  const system = after.system - before.system;
  const wall = others ? passed : after.wall - before.wall;
  cell.output.stream(
    "stdout",
    `Time: ${duration(wall)}   Processor: ${duration(user + system)} (user ${duration(user)}, system ${duration(system)})\n`,
  );
  return outcome;
}

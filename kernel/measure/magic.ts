import type { CellOutcome } from "../cells/cell.ts";
import type { CellMagic, MagicCell, TypeView } from "../cells/magic.ts";
import type { Session } from "../cells/session.ts";
import { transformCell } from "../typescript/transform.ts";
import type { BenchRequest } from "./engine.ts";
import { optionDefaults, readOptions } from "./options.ts";
import { parseSides } from "./sides.ts";

const { rounds, budget, precision, tol } = optionDefaults;

/** `%%bench`: which of the labelled statements is faster, and whether that can be claimed. */
export const benchMagic: CellMagic = {
  name: "bench",
  summary:
    "Compares labelled statements: interleaved rounds, a control, equal results, one sentence as the verdict",
  options: [
    { long: "rounds", value: "n", help: `fewest rounds (${rounds})` },
    { long: "budget", value: "time", help: `time for all of it, warming up included (${budget})` },
    {
      long: "precision",
      value: "percent",
      help: `rounds go on until the control is this precise (${precision})`,
    },
    { long: "tol", value: "4ulp|1e-9", help: `how far results may be apart, in ULP or relative (${tol})` },
  ],
  example: "%%bench --budget 10s\nconst n = 32\ntypescript: fibTs(n)\nrust: fib(n)\npython: py.fib(n)",

  async run(cell: MagicCell, session: Session): Promise<CellOutcome> {
    const options = optionTexts(cell);
    readOptions(options); // A mistake in them is told before anything runs.
    const { setup, sides } = parseSides(cell.source, cell.file);
    if (setup.trim() !== "") {
      const code = transformCell(setup, { file: cell.file });
      const outcome = await session.engine.evaluate(cell, { ...code, showResult: false });
      if (outcome.status === "error") return outcome;
    }
    const out = lastText(cell, "out");
    const request: BenchRequest = { sides, options, ...(out !== undefined && { out }) };
    await session.engine.call(cell, "measure.bench", request);
    return { status: "ok" };
  },

  async typeView(cell: MagicCell): Promise<TypeView> {
    const lines = cell.source.split("\n").length;
    const comment = `//${cell.source.slice(2, cell.source.length - cell.body.length)}`.trimEnd();
    const out = lastText(cell, "out");
    const declared = out === undefined ? "" : `\ndeclare let ${out}: BenchResult;`;
    const body = lines > 1 ? `\n${cell.body}` : "";
    return { text: `${comment}${body}${declared}` };
  },
};

function optionTexts(cell: MagicCell): BenchRequest["options"] {
  return {
    rounds: lastText(cell, "rounds"),
    budget: lastText(cell, "budget"),
    precision: lastText(cell, "precision"),
    tol: lastText(cell, "tol"),
  };
}

/** An option's value; of one given twice the last. */
function lastText({ options }: MagicCell, name: string): string | undefined {
  const value = options.get(name);
  if (value === undefined || value === true) return undefined;
  return typeof value === "string" ? value : value.at(-1);
}

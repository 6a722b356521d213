import type { CellOutcome } from "../cells/cell.ts";
import type { CellMagic, MagicArguments, MagicCell, TypeView } from "../cells/magic.ts";
import { declaredOut, optionText } from "../cells/option-values.ts";
import type { Session } from "../cells/session.ts";
import { fail } from "../errors.ts";
import { transformCell } from "../typescript/transform.ts";
import type { BenchRequest, Point } from "./engine.ts";
import { withoutExternals } from "./external.ts";
import { optionDefaults, readOptions } from "./options.ts";
import { checkedName, savedNames } from "./saved-names.ts";
import { readParameter } from "./series.ts";
import { sideProblems } from "./side-problems.ts";
import { parseSides } from "./sides.ts";

const { rounds, budget, precision, tol } = optionDefaults;

/** `%%bench`: which of the labelled statements is faster, and whether that can be claimed. */
export const benchMagic: CellMagic = {
  name: "bench",
  summary:
    "Compares labelled statements: interleaved rounds, a control, equal results, one sentence as the verdict",
  options: [
    { long: "rounds", value: "n", help: `fewest rounds (${rounds})`, values: [rounds] },
    {
      long: "budget",
      value: "time",
      help: `time for all of it, warming up included (${budget})`,
      values: [budget],
    },
    {
      long: "precision",
      value: "percent",
      help: `rounds go on until the control is this precise (${precision})`,
      values: [precision],
    },
    {
      long: "tol",
      value: "4ulp|1e-9",
      help: `how far results may be apart, in ULP or relative (${tol})`,
      values: [tol, "1e-9"],
    },
    { long: "cold", help: "tell the first call of each side too, and how long its cell took to compile" },
    { long: "csv", value: "file", help: "write the figures as CSV; of --for those of all values" },
    { long: "json", value: "file", help: "write the whole result as JSON; of --for those of all values" },
    {
      long: "save",
      value: "name",
      help: "keep the result beside the notebook, in .tandem/bench; of --for one for each value",
      values: savedNames,
    },
    {
      long: "against",
      value: "name",
      help: "compare with a result that was kept on this machine",
      values: savedNames,
    },
    {
      long: "for",
      value: "name",
      help: "measure for each value, which the set-up and the sides see under this name: --for n in 10,20,30, last on the line",
    },
  ],
  rest: "[in values]",
  example:
    "%%bench --budget 10s\nconst n = 32\ntypescript: fibTs(n)\nrust: fib(n)\npython: py.fib(n)\n" +
    "block: { const x = n; fibTs(x) }\ncommand: %sh sort words.txt\nrequest: GET http://localhost:8000/",

  check(given) {
    const options = readOptions(optionTexts(given, pointsOf(given).length));
    if (options.save !== undefined) checkedName("--save", options.save);
    if (options.against !== undefined) checkedName("--against", options.against);
  },

  refusals: ({ body }) => sideProblems(body),

  async run(cell: MagicCell, session: Session): Promise<CellOutcome> {
    const points = pointsOf(cell);
    const options = optionTexts(cell, points.length);
    readOptions(options); // A mistake in them is told before anything runs.
    const { setup, sides } = parseSides(cell.source, cell.file);
    const out = optionText(cell.options, "out");
    for (const point of points) {
      if (point) await session.engine.call(cell, "measure.set", point);
      if (setup.trim() !== "") {
        const code = transformCell(setup, { file: cell.file });
        const outcome = await session.engine.evaluate(cell, { ...code, showResult: false });
        if (outcome.status === "error") return outcome;
      }
      const request: BenchRequest = {
        sides,
        options,
        ...(out !== undefined && { out }),
        ...(point && { point }),
      };
      await session.engine.call(cell, "measure.bench", request);
    }
    return { status: "ok" };
  },

  holdsTypeScript: true,
  async typeView(cell: MagicCell): Promise<TypeView> {
    const lines = cell.source.split("\n").length;
    const comment = `//${cell.source.slice(2, cell.source.length - cell.body.length)}`.trimEnd();
    const point = firstPoint(cell);
    const type = point ? "BenchSeries" : "BenchResult";
    // The value of --for is there before the set-up.
    const parameter = point ? `declare let ${point.parameter}: ${typeof point.value}; ` : "";
    const body = lines > 1 ? `\n${withoutExternals(cell.body).text}` : "";
    return { text: `${parameter}${comment}${body}\n${declaredOut(cell.options, type)}` };
  },
};

/** The first value of `--for`; none where it is half-typed. */
function firstPoint(cell: MagicArguments): Point | undefined {
  try {
    return pointsOf(cell)[0];
  } catch {
    return undefined;
  }
}

/** The values of `--for`, or one run without a value. */
function pointsOf(cell: MagicArguments): (Point | undefined)[] {
  const name = optionText(cell.options, "for");
  if (name === undefined) {
    if (cell.rest.trim() !== "") throw fail("unexpectedText", "%%bench", cell.rest.trim());
    return [undefined];
  }
  const { parameter, values } = readParameter(`${name} ${cell.rest}`);
  return values.map((value, index) => ({ parameter, value, index, of: values.length }));
}

/** The options; the budget is shared by the values of `--for`. */
function optionTexts(cell: MagicArguments, runs: number): BenchRequest["options"] {
  const written = optionText(cell.options, "budget");
  const { budget } = readOptions({ budget: written });
  return {
    rounds: optionText(cell.options, "rounds"),
    budget: runs === 1 ? written : (budget / runs) * 1000,
    precision: optionText(cell.options, "precision"),
    tol: optionText(cell.options, "tol"),
    cold: cell.options.get("cold") === true,
    csv: optionText(cell.options, "csv"),
    json: optionText(cell.options, "json"),
    save: optionText(cell.options, "save"),
    against: optionText(cell.options, "against"),
  };
}

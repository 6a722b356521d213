import { type LineMagic, type MagicOptions, OUT } from "../cells/magic.ts";
import { declaredOut, optionNumber, optionText } from "../cells/option-values.ts";
import { transformBody } from "../typescript/function-body.ts";
import type { TimeitRequest } from "./timeit.ts";

/** `%timeit statement`: how long a call of it takes, by repeating it. */
export const timeit: LineMagic = {
  name: "timeit",
  summary: "measure how long a statement takes, by repeating it",
  rest: "statement",
  options: [
    { long: "calls", short: "n", value: "1000", help: "calls in a round; without it as many as take 20 ms" },
    {
      long: "rounds",
      short: "r",
      value: "30",
      help: "rounds; without it 30, or fewer where they would take long",
    },
    OUT,
  ],
  example: "%timeit rows.map((row) => row.price * 2)",
  details:
    "The statement becomes a function, which a loop compiled for it alone calls, after as many calls that are not counted as it takes to see how " +
    "long one is. A round is many calls; told are the median of the rounds and its 95 % interval (bootstrap; from six rounds on), " +
    "what an empty function costs where that matters, and how much of the processor others used where it was much. A promise is awaited. " +
    "`--out name` declares the figures, in seconds: `median`, `interval`, `calls`, `samples`. To compare things, and to know whether a difference " +
    "can be claimed, use `%%bench`.",
  check: ({ options }) => void numbersOf(options),
  async run({ cell, line, rest, restColumn, options }, session) {
    const source = "\n".repeat(line - 1) + " ".repeat(restColumn) + rest;
    const { code, isAsync } = transformBody(source, { file: cell.file });
    const out = optionText(options, "out");
    const { calls, rounds } = numbersOf(options);
    const request: TimeitRequest = {
      code: `${isAsync ? "async " : ""}()=>{${code}\n}\n//# sourceURL=${cell.file}`,
      ...(calls !== undefined && { calls }),
      ...(rounds !== undefined && { rounds }),
      ...(out !== undefined && { out }),
    };
    await session.engine.call(cell, "measure.timeit", request);
    return { status: "ok" };
  },
  async typeView({ rest, restColumn, options }) {
    const type =
      "{ median: number; interval: readonly [number, number] | null; calls: number; samples: readonly number[] }";
    return {
      // In a block: what it declares stays in it.
      line: `${"{".padStart(restColumn)}${rest}\n}`.replace("\n", " "),
      below: declaredOut(options, type),
    };
  },
};

const numbersOf = (options: MagicOptions) => ({
  calls: optionNumber(options, "calls", 1, "%timeit"),
  rounds: optionNumber(options, "rounds", 1, "%timeit"),
});

import type { CellOutcome } from "../cells/cell.ts";
import { scanLine } from "../cells/line-words.ts";
import { type CellMagic, type MagicArguments, type MagicCell, OUT, type TypeView } from "../cells/magic.ts";
import type { Session } from "../cells/session.ts";
import { fail } from "../errors.ts";
import { cellCode, checkReducer, eachCode, type Frame } from "./code.ts";
import { declaredIn } from "./each.ts";
import type { CellOptions } from "./engine.ts";
import { type Head, parseHead } from "./head.ts";
import { optionsOfLine } from "./options.ts";
import { type ParallelCell, parallelView } from "./view/view.ts";
import { capturedLines } from "./written/below.ts";
import { refusals } from "./written/refusals.ts";

const options: CellMagic["options"] = [
  { long: "n", short: "n", value: "4", help: "workers; as many as there are cores if left out" },
  {
    long: "chunk",
    value: "auto",
    values: ["auto"],
    help: "items sent to a worker at a time; auto: as many as take about 5 ms",
  },
  { long: "force", help: "send all items to workers, even where that is slower" },
  {
    long: "share",
    value: "names",
    repeats: true,
    help: "put these typed arrays into shared memory, for good",
  },
  { long: "move", help: "move buffers in items and results instead of copying them" },
  {
    long: "timeout",
    value: "30s",
    values: ["500ms", "30s", "2min"],
    help: "the longest that an item may take",
  },
  { long: "retries", value: "1", help: "how often an item that throws is tried again" },
  { long: "keep-going", help: "a failing item leaves its place empty, and the others go on" },
  { long: "as-completed", help: "give results as they come: for await (const { index, value } of _)" },
  { long: "reduce", value: "f", help: "combine the results by an associative function of two" },
  { long: "trace", help: "show what each worker did when, and save it beside the notebook" },
  { long: "explain", help: "show how each name that the cell uses reaches the workers, and its size" },
  { long: "isolate", help: "workers are processes: a crash of native code ends one, not the engine" },
  { long: "on", value: "name", help: "workers on other machines; not in this version" },
];

/** `%%parallel x of rows`: the cell's body once per item, on all cores. */
export const parallel: CellMagic = {
  name: "parallel",
  summary: "run the cell once per item, on all cores",
  rest: "pattern of expression, or each",
  options,
  example: "%%parallel --out areas [w, h] of sizes\nw * h",
  choices: (before) =>
    before === "" ? [{ text: "each", help: "run the cell once in each worker, as a set-up" }] : [],
  check(given) {
    optionsOfLine(given.options);
    resultsOf(given);
    if (!isEach(given)) parseHead(given.rest);
  },
  refusals,
  async run(cell: MagicCell, session: Session): Promise<CellOutcome> {
    const out = outOf(cell);
    const code = isEach(cell) ? eachCode(cell.body, frameOf(cell)) : codeOf(cell, parseHead(cell.rest));
    // A declared result is not shown as well, like that of any declaration.
    return await session.engine.evaluate(cell, { ...code, showResult: out === undefined && !isEach(cell) });
  },
  holdsTypeScript: true,
  async typeView(cell: MagicCell): Promise<TypeView | undefined> {
    // Workers have what a set-up declares, so that later cells may use it.
    if (isEach(cell)) {
      const { text, below } = capturedLines(cell, cell.source.split("\n").length + 1);
      return { text: `\n${cell.body}${text}`, below };
    }
    const { source, body, rest, restColumn, file } = cell;
    const line = (source.split("\n", 1)[0] ?? "").replace(/\r$/, "");
    const view = parallelView({
      line,
      body,
      rest,
      restColumn,
      file,
      out: outOf(cell),
      results: viewedResults(cell, line),
      keepGoing: cell.options.has("keep-going"),
    });
    const { text, below } = capturedLines(cell, view.split("\n").length + 1);
    return { text: view + text, below };
  },
};

/** Whether the cell is a set-up: it runs once in each worker. */
const isEach = ({ rest }: MagicArguments): boolean => rest.trim() === "each";

const codeOf = (cell: MagicCell, head: Head) => cellCode(head, cell.body, frameOf(cell, head));

function frameOf(cell: MagicCell, head?: Head): Frame {
  const { file, restColumn } = cell;
  const out = outOf(cell);
  const names = isEach(cell) ? declaredIn(cell.body, file).map(({ name }) => name) : undefined;
  const options: CellOptions = {
    options: optionsOfLine(cell.options),
    file,
    ...(out ? { out } : {}),
    ...(names ? { names } : {}),
  };
  return {
    column: restColumn + (head?.at ?? 0),
    options: JSON.stringify(options),
    file,
    results: resultsOf(cell),
  };
}

function resultsOf(cell: MagicArguments): NonNullable<Frame["results"]> {
  const reduce = lastOf(cell, "reduce");
  const first = cell.options.has("as-completed");
  if (reduce !== undefined && first) throw fail("parallelTogether", "--reduce", "--as-completed");
  if (reduce !== undefined) return { reduce: checkReducer(reduce) };
  return first ? "first" : "list";
}

/** The same for the view, with the reducer's place on the line. */
function viewedResults(cell: MagicCell, line: string): ParallelCell["results"] {
  try {
    const results = resultsOf(cell);
    if (typeof results !== "object") return results;
    const head = { form: "%%parallel", tail: line.slice("%%parallel".length), column: "%%parallel".length };
    const { words } = scanLine(head, parallel, [...options, OUT]);
    const word = words.findLast(({ kind, option }) => kind === "value" && option?.long === "reduce");
    const at = word ? line.indexOf(results.reduce, word.start) : -1;
    return at < 0 ? "any" : { text: results.reduce, column: at };
  } catch {
    // Half-typed.
    return "any";
  }
}

/** The name given by `--out`; the magic line's reader has checked that it is one. */
const outOf = (cell: MagicCell): string | undefined => lastOf(cell, "out");

function lastOf({ options: given }: MagicArguments, name: string): string | undefined {
  const value = given.get(name);
  return typeof value === "object" ? value.at(-1) : value === true ? undefined : value;
}

import type { CellOutcome } from "../cells/cell.ts";
import type { CellMagic, MagicCell, TypeView } from "../cells/magic.ts";
import type { Session } from "../cells/session.ts";
import { cellCode, cellText, type Frame } from "./code.ts";
import type { CellOptions } from "./engine.ts";
import { type Head, parseHead } from "./head.ts";
import { optionsOfLine } from "./options.ts";

const options: CellMagic["options"] = [
  { long: "n", short: "n", value: "4", help: "workers; as many as there are cores if left out" },
  {
    long: "chunk",
    value: "auto",
    help: "items sent to a worker at a time; auto: as many as take about 5 ms",
  },
  { long: "force", help: "send all items to workers, even where that is slower" },
  { long: "timeout", value: "30s", help: "the longest that an item may take" },
  { long: "keep-going", help: "a failing item leaves its place empty, and the others go on" },
  { long: "retries", value: "1", help: "how often an item that throws is tried again" },
  { long: "explain", help: "show how each name that the cell uses reaches the workers, and its size" },
  { long: "on", value: "name", help: "workers on other machines; not in this version" },
];

/** `%%parallel x of rows`: the cell's body once per item, on all cores. */
export const parallel: CellMagic = {
  name: "parallel",
  summary: "run the cell once per item, on all cores",
  rest: "pattern of expression",
  options,
  example: "%%parallel --out areas [w, h] of sizes\nw * h",
  async run(cell: MagicCell, session: Session): Promise<CellOutcome> {
    const head = parseHead(cell.rest);
    const out = outOf(cell);
    const code = cellCode(head, cell.body, frameOf(cell, head));
    // A declared result is not shown as well, like that of any declaration.
    return await session.engine.evaluate(cell, { ...code, showResult: out === undefined });
  },
  async typeView(cell: MagicCell): Promise<TypeView | undefined> {
    try {
      const head = parseHead(cell.rest);
      const out = outOf(cell);
      return {
        text: cellText(head, cell.body, { ...frameOf(cell, head), before: out ? `const ${out}=` : "" }),
      };
    } catch {
      // Half-typed: the run says what is wrong.
      return undefined;
    }
  },
};

function frameOf(cell: MagicCell, head: Head): Frame {
  const { file, restColumn } = cell;
  const out = outOf(cell);
  const options: CellOptions = { options: optionsOfLine(cell.options), file, ...(out ? { out } : {}) };
  return { column: restColumn + head.at, options: JSON.stringify(options), file };
}

/** The name given by `--out`; the magic line's reader has checked that it is one. */
function outOf({ options: given }: MagicCell): string | undefined {
  const out = given.get("out");
  return typeof out === "object" ? out.at(-1) : out === true ? undefined : out;
}

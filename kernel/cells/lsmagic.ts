import { formOf, lineFormOf, twoColumns } from "./help.ts";
import type { CellMagic, LineMagic } from "./magic.ts";

/** `%lsmagic`: all magics of both tables. */
export const lsmagic = (lines: () => readonly LineMagic[], cells: readonly CellMagic[]): LineMagic => ({
  name: "lsmagic",
  summary: "list all magics",
  options: [],
  example: "%lsmagic",
  async run({ cell }) {
    const text = [
      "Line magics, alone on a line (--help shows the options):",
      ...twoColumns(lines().map((one) => [lineFormOf(one), one.summary])),
      "  !command  the same as %sh command, where the line is no TypeScript",
      "",
      "Cell magics, on a cell's first line (--help shows the options):",
      ...twoColumns(cells.map((one) => [formOf(one), one.summary])),
    ];
    cell.output.stream("stdout", `${text.join("\n")}\n`);
    return { status: "ok" };
  },
});

import { formOf } from "./help.ts";
import type { LineMagic } from "./line-magic.ts";
import { magics } from "./magics.ts";
import { configure, showSettings } from "./settings.ts";

const lsmagic: LineMagic = {
  name: "lsmagic",
  summary: "list all magics",
  async run(_rest, cell) {
    const lines = [
      "Line magics, alone on a line:",
      ...table(lineMagics.map((one) => [`%${one.name}${one.rest ? ` ${one.rest}` : ""}`, one.summary])),
      "",
      "Cell magics, on a cell's first line (--help shows the options):",
      ...table(magics.map((one) => [formOf(one), one.summary])),
    ];
    cell.output.stream("stdout", `${lines.join("\n")}\n`);
  },
};

const config: LineMagic = {
  name: "config",
  summary: "show the settings, or set one",
  rest: "[check = off|warn|strict] [output_limit = 10 MB|off]",
  async run(rest, cell, session) {
    configure(session.settings, rest);
    if (rest === "") cell.output.stream("stdout", showSettings(session.settings));
  },
};

/** Every line magic. */
export const lineMagics: readonly LineMagic[] = [config, lsmagic];

function table(rows: readonly (readonly [form: string, summary: string])[]): string[] {
  const width = Math.max(...rows.map(([form]) => form.length));
  return rows.map(([form, summary]) => `  ${form.padEnd(width)}  ${summary}`);
}

import type { LineMagic } from "../cells/magic.ts";
import type { Listed } from "./listed.ts";

/** `%who`: the notebook's variables. */
export const who: LineMagic = {
  name: "who",
  summary: "list the variables with their types and sizes",
  rest: "[type or name…]",
  options: [],
  example: "%who Array Map",
  details:
    "The names that cells declared, by `--out`, Rust and Python too, in alphabetical order; only those of the types or names given, where some are. " +
    "The size is in bytes for typed arrays and buffers, in characters for strings, and in entries for arrays, maps, sets and objects.",
  async run({ cell, rest }, session) {
    // The engine's half of this part answers so.
    const all = (await session.engine.call(cell, "variables.sizes", {})) as Listed[];
    const wanted = rest.split(/[\s,]+/).filter((one) => one !== "");
    const chosen = all.filter(
      ({ name, type }) => wanted.length === 0 || wanted.includes(name) || wanted.includes(type),
    );
    const rows = chosen.map(({ name, type, size, value }) => [name, type, size, value.replace(/\s+/g, " ")]);
    const print = (text: string) => cell.output.stream("stdout", `${text}\n`);
    if (rows.length === 0)
      print(wanted.length === 0 ? "No variables." : "No variables of these types or names.");
    else print(table([["name", "type", "size", "value"], ...rows]));
    return { status: "ok" };
  },
};

const MOST_WIDTH = 100;

/** Rows as text, their columns below each other; a line is cut where it would be too wide. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines
    .map((line) => (line.length > MOST_WIDTH ? `${line.slice(0, MOST_WIDTH - 1)}…` : line))
    .join("\n");
}

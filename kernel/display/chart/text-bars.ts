import { valueAxis } from "./axis.ts";
import type { BarChart } from "./bars.ts";
import { isSquare } from "./text-size.ts";

/** Eighths of a character cell, from none to seven. */
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

const barCells = 24;

/** The chart as text in a fixed-width font: a table whose last column holds the bars. */
export function textBars(chart: BarChart): string {
  const bars = chart.rows.filter((row) => "value" in row);
  const axis = valueAxis(
    bars.map((bar) => bar.value),
    [0, barCells],
    8,
  );
  const cells = chart.rows.map((row) =>
    "value" in row
      ? [row.label, row.text, row.range, bar(axis.at(row.value)), row.note]
      : [row.label, row.missing],
  );
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(0, ...cells.filter((row) => row.length > 2).map((row) => cellsOf(row[column] ?? ""))),
  );
  widths[0] = Math.max(0, ...cells.map((row) => cellsOf(row[0] ?? "")));
  const lines = cells.map((row) => {
    const padded = row.map((cell, column) => {
      const width = row.length > 2 || column === 0 ? (widths[column] ?? 0) : 0;
      const padding = " ".repeat(Math.max(0, width - cellsOf(cell)));
      return column === 1 && row.length > 2 ? padding + cell : cell + padding;
    });
    return padded.join("  ").trimEnd();
  });
  const scale = axis.logarithmic ? " (logarithmic axis)" : "";
  const blocks = [
    [chart.title, ...chart.notes].join(" "),
    `${chart.subtitle}${scale}\n${lines.join("\n")}`,
    chart.footer.join("\n"),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

/** Columns of a terminal that a text takes: characters of square scripts take two. */
export function cellsOf(text: string): number {
  // Most texts are ASCII, and long tables have many.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  if (/^[\x00-\x7f]*$/.test(text)) return text.length;
  return [...text].reduce((sum, character) => sum + (isSquare(character) ? 2 : 1), 0);
}

function bar(length: number): string {
  const whole = Math.floor(length);
  const drawn = "█".repeat(whole) + (eighths[Math.round((length - whole) * 8) % 8] ?? "");
  return drawn === "" ? "▏" : drawn;
}

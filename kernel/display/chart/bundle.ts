import type { MimeBundle } from "../../wire/message.ts";
import { barsOf, drawChart } from "./draw.ts";
import { type ChartSpec, chartMime } from "./spec.ts";
import { toText } from "./svg.ts";
import { chartTable, type Table } from "./table.ts";
import { cellsOf, textBars } from "./text-bars.ts";

/** A chart as an output: data for our renderer, a picture, and text for terminals. No HTML, which would outrank the picture. */
export function chartBundle(spec: ChartSpec): MimeBundle {
  return {
    [chartMime]: spec,
    "image/svg+xml": toText(drawChart(spec).drawing),
    "text/plain": spec.type === "bars" ? textBars(barsOf(spec)) : textTable(spec),
  };
}

/** A terminal shows no more rows than this. */
const mostRows = 40;

function textTable(spec: ChartSpec): string {
  const table = chartTable(spec);
  const rows = table.rows.slice(0, mostRows);
  const left = table.rows.length - rows.length;
  const more = left > 0 ? [`… ${left} more rows`] : [];
  const said = [spec.title, ...(spec.notes ?? [])].join(" ");
  return [said, "", ...aligned({ ...table, rows }), ...more, ...(spec.footer ?? [])].join("\n");
}

/** Columns of one width: names to the left, figures to the right. */
function aligned({ columns, rows }: Table): string[] {
  const all = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...all.map((row) => cellsOf(row[column] ?? ""))));
  const figures = columns.map((_, column) =>
    rows.every((row) => /^$|^[×−-]?\s?[\d.]/.test(row[column] ?? "")),
  );
  return all.map((row) =>
    row
      .map((cell, column) => {
        const padding = " ".repeat((widths[column] ?? 0) - cellsOf(cell));
        return figures[column] ? padding + cell : cell + padding;
      })
      .join("  ")
      .trimEnd(),
  );
}

import { drawChart } from "../../kernel/display/chart/draw.ts";
import type { ChartSpec } from "../../kernel/display/chart/spec.ts";
import { chartCsv, chartTable } from "../../kernel/display/chart/table.ts";
import { traceOf } from "../../kernel/display/chart/trace.ts";
import { showChart } from "./chart-view.ts";

/** Shows a chart in `element`. Returns what ends it. */
export function showSpec(spec: ChartSpec, element: HTMLElement): () => void {
  const trace = {
    label: "Save trace for Perfetto",
    name: "trace.json",
    text: () => (spec.type === "gantt" ? traceOf(spec) : ""),
  };
  return showChart(
    {
      draw: (width, view) => drawChart(spec, width, view),
      table: chartTable(spec),
      csv: chartCsv(spec),
      ...(spec.type === "gantt" && { files: [trace] }),
    },
    element,
  );
}

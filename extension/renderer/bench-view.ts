import { barChart } from "../../kernel/display/chart/bars.ts";
import { benchChart } from "../../kernel/measure/report.ts";
import type { BenchResult } from "../../kernel/measure/result.ts";
import { benchTable } from "../../kernel/measure/table.ts";
import { showChart } from "./chart-view.ts";

/** Shows a measured result in `element`. Returns what ends it. */
export function showBench(result: BenchResult, element: HTMLElement): () => void {
  const spec = benchChart(result);
  return showChart(
    { draw: (width) => ({ drawing: barChart(spec, width) }), table: benchTable(result) },
    element,
  );
}

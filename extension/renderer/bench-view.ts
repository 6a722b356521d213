import { barChart } from "../../kernel/display/chart/bars.ts";
import { benchChart } from "../../kernel/measure/report.ts";
import type { BenchResult } from "../../kernel/measure/result.ts";
import { benchTable } from "../../kernel/measure/table.ts";
import { html, toDom } from "./dom.ts";
import { rendererStyle } from "./style.ts";
import { tableView } from "./table-view.ts";
import { Tooltip } from "./tooltip.ts";

/** Narrower than this the drawing is scaled; wider, bars say no more. */
const widths = { least: 400, most: 900 } as const;

/**
 * Shows a measured result in `element`: the chart, as wide as there is room, with its figures on hovering and, at a
 * button, as a table. Returns what ends it.
 */
export function showBench(result: BenchResult, element: HTMLElement): () => void {
  const spec = benchChart(result);
  const chart = html("div", { class: "tandem-chart" });
  const table = tableView(benchTable(result));
  table.hidden = true;
  const button = html("button", { type: "button", "aria-expanded": "false" }, "Show table");
  button.addEventListener("click", () => {
    table.hidden = !table.hidden;
    button.textContent = table.hidden ? "Show table" : "Hide table";
    button.setAttribute("aria-expanded", String(!table.hidden));
  });
  const root = html("div", { class: "tandem-bench" }, html("style", {}, rendererStyle), chart, button, table);
  const tooltip = new Tooltip(root, (target) => {
    const row = spec.rows[Number(target.closest("[data-row]")?.getAttribute("data-row") ?? -1)];
    return row && "value" in row ? row.hover : undefined;
  });

  let drawn = 0;
  const draw = () => {
    const room = element.clientWidth || 600;
    const width = Math.min(widths.most, Math.max(widths.least, Math.floor(room)));
    if (width === drawn) return;
    drawn = width;
    chart.replaceChildren(toDom(barChart(spec, width)));
  };
  element.replaceChildren(root);
  draw();
  const observer = new ResizeObserver(draw);
  observer.observe(element);
  return () => {
    observer.disconnect();
    tooltip.end();
  };
}

import type { Table } from "../../kernel/display/chart/table.ts";
import { html } from "./dom.ts";

/** A table of texts; the first cell of a row names it. */
export function tableView({ caption, columns, rows }: Table): HTMLElement {
  const head = html("tr", {}, ...columns.map((column) => html("th", { scope: "col" }, column)));
  const body = rows.map(([name = "", ...cells]) =>
    html("tr", {}, html("th", { scope: "row" }, name), ...cells.map((cell) => html("td", {}, cell))),
  );
  const table = html(
    "table",
    {},
    html("caption", {}, caption),
    html("thead", {}, head),
    html("tbody", {}, ...body),
  );
  return html("div", { class: "tandem-table" }, table);
}

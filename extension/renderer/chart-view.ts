import type { Drawn } from "../../kernel/display/chart/draw.ts";
import type { View } from "../../kernel/display/chart/plane.ts";
import { csv, type Table } from "../../kernel/display/chart/table.ts";
import { html, toDom } from "./dom.ts";
import { pngOf } from "./png.ts";
import { rendererStyle } from "./style.ts";
import { tableView } from "./table-view.ts";
import { Tooltip } from "./tooltip.ts";
import { Zoom } from "./zoom.ts";

/** Narrower than this the drawing is scaled; wider, it says no more. */
const widths = { least: 300, most: 900 } as const;

/** A chart to be shown: how it is drawn, and its figures. */
export interface Shown {
  draw(width: number, view: View | undefined): Drawn;
  /** For people. */
  readonly table: Table;
  /** For programs; the table's own cells if left out. */
  readonly csv?: string;
  /** Files that it can be saved as: a button each. */
  readonly files?: readonly { readonly label: string; readonly name: string; text(): string }[];
}

/**
 * Shows a chart in `element`: as wide as there is room, with its figures on hovering, a closer look by wheel, drag or keys,
 * a table, and what can be copied. Returns what ends it.
 */
export function showChart(shown: Shown, element: HTMLElement): () => void {
  const chart = html("div", { class: "tandem-chart" });
  const table = tableView(shown.table);
  table.hidden = true;
  const say = html("span", { class: "tandem-said", role: "status" });
  const buttons = html("div", { class: "tandem-buttons" });
  const root = html(
    "div",
    { class: "tandem-bench" },
    html("style", {}, rendererStyle),
    chart,
    buttons,
    say,
    table,
  );

  let view: View | undefined;
  let drawn: Drawn | undefined;
  let width = 0;
  const draw = () => {
    drawn = shown.draw(width, view);
    const picture = toDom(drawn.drawing);
    chart.replaceChildren(picture);
    reset.hidden = view === undefined;
  };
  const look = (next: View | undefined) => {
    view = next;
    draw();
  };

  const toggle = button("Show table", () => {
    table.hidden = !table.hidden;
    toggle.textContent = table.hidden ? "Show table" : "Hide table";
    toggle.setAttribute("aria-expanded", String(!table.hidden));
  });
  toggle.setAttribute("aria-expanded", "false");
  const reset = button("Whole chart", () => look(undefined));
  const told = (what: string, work: () => Promise<void>) => async () => {
    try {
      await work();
      say.textContent = what;
    } catch (error) {
      say.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const figures = shown.csv ?? csv(shown.table);
  buttons.append(
    toggle,
    button(
      "Copy as CSV",
      told("Copied.", () => navigator.clipboard.writeText(figures)),
    ),
    button(
      "Copy as PNG",
      told("Copied.", () =>
        navigator.clipboard.write([new ClipboardItem({ "image/png": pngOf(chart.querySelector("svg")) })]),
      ),
    ),
    button(
      "Save as PNG",
      told("Saved.", async () => save("chart.png", await pngOf(chart.querySelector("svg")))),
    ),
    ...(shown.files ?? []).map(({ label, name, text }) =>
      button(
        label,
        told("Saved.", async () => save(name, new Blob([text()], { type: "application/json" }))),
      ),
    ),
    reset,
  );
  const tooltip = new Tooltip(
    root,
    (target) => target.closest("[data-tip]")?.getAttribute("data-tip") ?? undefined,
  );
  const fill = () => {
    const room = element.clientWidth || 600;
    const next = Math.min(widths.most, Math.max(widths.least, Math.floor(room)));
    if (next === width) return;
    width = next;
    draw();
  };
  element.replaceChildren(root);
  fill();
  const zoom = new Zoom(chart, {
    scale: () => drawn?.x,
    view: () => view,
    look,
  });
  const observer = new ResizeObserver(fill);
  observer.observe(element);
  return () => {
    observer.disconnect();
    tooltip.end();
    zoom.end();
  };
}

function button(text: string, click: () => void): HTMLButtonElement {
  const made = html("button", { type: "button" }, text);
  made.addEventListener("click", click);
  return made;
}

/** Hands a file to the browser, or to the editor around it. */
export function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  html("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

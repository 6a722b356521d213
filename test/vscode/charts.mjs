// The user's own charts as a person meets them in VS Code: drawn by our renderer, read by hovering, looked at closely, copied.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { executeNotebooks, outputFrames } from "../../scripts/browser/notebook.mjs";
import { until } from "../../scripts/browser/workbench.mjs";
import { notebookOf } from "./languages.mjs";

/** @typedef {import("playwright-core").Page} Page */

const cells = [
  `plot({
  type: "gantt",
  title: "Two workers",
  lanes: ["worker 1", "worker 2"].map((name, lane) => ({
    name,
    spans: [0, 1, 2].map((n) => ({ start: n * 0.01 + lane / 1000, end: n * 0.01 + 0.008, label: "chunk " + n })),
  })),
})`,
  `plot({
  type: "lines",
  title: "A curve of the user's",
  x: { label: "Size", unit: "B", scale: "log" },
  y: { label: "Time", unit: "s" },
  series: [{ name: "sort", x: [1024, 4096, 16384], y: Float64Array.of(0.001, 0.0042, 0.019) }],
})`,
];

/**
 * Runs a notebook of charts and uses them.
 *
 * @param {import("../../scripts/browser/server.mjs").Server} server
 * @param {string} home an empty folder
 * @param {string} artifacts where pictures go
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function useCharts(server, home, artifacts) {
  mkdirSync(home, { recursive: true });
  const name = "charts.ipynb";
  writeFileSync(join(home, name), JSON.stringify(notebookOf(cells)));
  const look = async (/** @type {Page} */ page) => {
    await page.setViewportSize({ width: 1400, height: 1600 });
    await use(page, join(artifacts, "charts-zoomed.png"));
    readStored(join(home, name));
  };
  const charts = { name, picture: join(artifacts, "charts.png"), whole: true, look };
  let failed = 0;
  await executeNotebooks(server, home, [charts], (_name, problems, time) => {
    failed = problems.length > 0 ? 1 : 0;
    console.log([`${failed ? "FAILED" : "ok    "} charts in VS Code (${time})`, ...problems].join("\n"));
  });
  return { passed: 1 - failed, failed };
}

/** What the file keeps for other viewers: the data, the picture and the table. @param {string} file */
function readStored(file) {
  const [first] = JSON.parse(readFileSync(file, "utf8")).cells;
  const kinds = Object.keys(first.outputs[0].data).sort();
  assert.deepEqual(kinds, ["application/vnd.tandem.chart+json", "image/svg+xml", "text/plain"]);
}

/** Hovers, zooms, opens the table, copies, saves. @param {Page} page @param {string} picture */
async function use(page, picture) {
  const charts = await chartsOf(page);
  const gantt = charts.filter({ hasText: "Two workers" });
  const lines = charts.filter({ hasText: "A curve of the user's" });
  const tip = gantt.locator(".tandem-tooltip");

  await gantt.locator("[data-tip^='chunk 1']").first().hover();
  await until("the hover says a span's figures", async () =>
    /chunk 1: 8.00 ms/.test((await tip.textContent()) ?? ""),
  );

  const spans = gantt.locator("svg [data-tip]");
  assert.equal(await spans.count(), 6);
  await gantt.locator(".tandem-chart").focus();
  for (let steps = 0; steps < 6; steps++) await page.keyboard.press("+");
  await until("the keys show a part", async () => (await spans.count()) < 6);
  await page.screenshot({ path: picture });
  await gantt.getByRole("button", { name: "Whole chart" }).click();
  await until("the button shows the whole", async () => (await spans.count()) === 6);

  const area = await gantt.locator("svg").boundingBox();
  assert.ok(area);
  await page.mouse.move(area.x + area.width * 0.3, area.y + area.height * 0.6);
  await page.mouse.down();
  await page.mouse.move(area.x + area.width * 0.4, area.y + area.height * 0.6, { steps: 5 });
  await page.mouse.up();
  await until("a drag shows a part", async () => (await spans.count()) < 6);
  await page.keyboard.press("Escape");
  await gantt.locator(".tandem-chart").press("Escape");
  await until("Escape shows the whole", async () => (await spans.count()) === 6);

  const toggle = lines.getByRole("button", { name: "Show table" });
  await toggle.focus();
  await page.keyboard.press("Enter");
  await until("the table shows", async () =>
    /4 KB4.20 ms/.test((await lines.locator("table:visible").textContent()) ?? ""),
  );

  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await lines.getByRole("button", { name: "Copy as CSV" }).click();
  await until("it says that it copied", async () =>
    /Copied/.test((await lines.locator("[role=status]").textContent()) ?? ""),
  );
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^Series,Size \[B\],Time \[s\]\r?\nsort,1024,0.001\r?\n/);

  await lines.getByRole("button", { name: "Copy as PNG" }).click();
  await until("the picture is on the clipboard", () =>
    page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      return item?.types.includes("image/png") === true;
    }),
  );

  const trace = await saved(page, () =>
    gantt.getByRole("button", { name: "Save trace for Perfetto" }).click(),
  );
  /** @type {{ traceEvents: { ph: string }[] }} */
  const { traceEvents } = JSON.parse(trace.toString());
  assert.equal(traceEvents.filter(({ ph }) => ph === "X").length, 6);
  const png = await saved(page, () => lines.getByRole("button", { name: "Save as PNG" }).click());
  assert.deepEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
}

/** The charts in the frame that has them. @param {Page} page */
async function chartsOf(page) {
  /** @type {import("playwright-core").Locator | undefined} */
  let found;
  await until("two charts are drawn", async () => {
    for (const frame of outputFrames(page)) {
      const charts = frame.locator(".tandem-bench");
      if ((await charts.count().catch(() => 0)) === cells.length) found = charts;
    }
    return found !== undefined;
  });
  assert.ok(found);
  return found;
}

/** What a click saves. @param {Page} page @param {() => Promise<void>} click */
async function saved(page, click) {
  const [download] = await Promise.all([page.waitForEvent("download", { timeout: 20_000 }), click()]);
  return readFileSync(await download.path());
}

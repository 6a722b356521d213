// A notebook in the workbench: open it, run it, see it whole.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { command, openFile, openWindow, pause, until, waitForCommand } from "./workbench.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** The tallest picture that Chromium draws, in pixels. */
const tallest = 16_000;

/**
 * What a run left in a notebook's file: how many code cells with something in them there are, and what went wrong.
 *
 * @typedef {{ cells: number, problems: string[] }} Executed
 */

/**
 * Opens a notebook of a folder in a new window, runs it, saves it and takes a picture of the whole of it. `look` may
 * look at the window before it closes.
 *
 * @param {object} options
 * @param {import("./server.mjs").Server} options.server
 * @param {string} options.folder absolute
 * @param {string} options.name of the notebook's file
 * @param {string} options.picture path of the PNG
 * @param {number} [options.limit] for all cells, in milliseconds
 * @param {(page: Page) => Promise<void>} [options.look]
 * @returns {Promise<Executed>}
 */
export async function executeNotebook({ server, folder, name, picture, limit = 20 * 60_000, look }) {
  const window = await openWindow(`${server.address}&folder=${encodeURIComponent(folder)}`);
  const { page } = window;
  try {
    await openNotebook(page, name);
    await runAll(page, limit);
    await photograph(page, picture);
    await look?.(page);
    return readExecuted(join(folder, name));
  } catch (error) {
    await page.screenshot({ path: picture });
    throw error;
  } finally {
    await window.close();
  }
}

/**
 * Opens a folder's notebook in a window and waits for its cells.
 *
 * @param {Page} page
 * @param {string} name
 */
export async function openNotebook(page, name) {
  await waitForCommand(page, "Tandem: New Notebook");
  await openFile(page, name);
  await page
    .locator(".notebook-editor .cell-list-container .monaco-list-row")
    .first()
    .waitFor({ state: "attached" });
  // The kernel's name in the toolbar: from here on the notebook is Tandem's.
  await page
    .locator(".notebook-toolbar-container .kernel-label:visible")
    .filter({ hasText: "Tandem" })
    .first()
    .waitFor();
  await command(page, "View: Toggle Primary Side Bar Visibility");
}

/**
 * Runs every cell, waits for the last, and saves.
 *
 * @param {Page} page
 * @param {number} limit milliseconds
 */
export async function runAll(page, limit) {
  await command(page, "Notebook: Run All");
  // The toolbar offers to interrupt for as long as a cell runs or waits.
  const interrupt = page.locator(".notebook-toolbar-container [aria-label^=Interrupt]").first();
  await interrupt.waitFor({ timeout: 30_000 });
  await interrupt.waitFor({ state: "detached", timeout: limit });
  // VS Code writes the execution counts into the document a moment after the cells have ended.
  await until("the notebook is saved", async () => {
    await pause(500);
    await command(page, "File: Save");
    await pause(500);
    return (await page.locator(".tab.active.dirty").count()) === 0;
  });
}

/**
 * A picture of all cells: the window is made as tall as the notebook, which grows while outputs are drawn.
 *
 * @param {Page} page
 * @param {string} path
 */
export async function photograph(page, path) {
  const size = page.viewportSize() ?? { width: 1400, height: 1000 };
  const rows = page.locator(".notebook-editor .cell-list-container .monaco-list-rows").first();
  for (let height = 0, tries = 0; tries < 8; tries++) {
    const needed = Math.min(
      tallest,
      (await rows.evaluate((element) => element.getBoundingClientRect().height)) + 250,
    );
    if (needed === height) break;
    height = needed;
    await page.setViewportSize({ ...size, height });
    await pause(1500);
  }
  await page.screenshot({ path, fullPage: true });
}

/**
 * Reads what a run left in a notebook's file.
 *
 * @param {string} file
 * @returns {Executed}
 */
export function readExecuted(file) {
  /** @type {{ cells: { cell_type: string, metadata?: { tags?: string[] }, source: string | string[], execution_count?: number | null, outputs?: { output_type: string, ename?: string, evalue?: string }[] }[] }} */
  const notebook = JSON.parse(readFileSync(file, "utf8"));
  const problems = [];
  let cells = 0;
  for (const [index, cell] of notebook.cells.entries()) {
    if (cell.cell_type !== "code" || [cell.source].flat().join("").trim() === "") continue;
    cells++;
    const error = cell.outputs?.find((output) => output.output_type === "error");
    const mayFail = cell.metadata?.tags?.includes("raises-exception");
    if (error && !mayFail) problems.push(`cell ${index + 1}: ${error.ename}: ${error.evalue}`);
    else if (cell.execution_count == null) problems.push(`cell ${index + 1} did not run`);
  }
  return { cells, problems };
}

/**
 * The outputs on screen, which VS Code draws in frames of their own.
 *
 * @param {Page} page
 * @returns {import("playwright-core").Frame[]}
 */
export function outputFrames(page) {
  return page.frames().filter((frame) => frame.url().includes("fake.html"));
}

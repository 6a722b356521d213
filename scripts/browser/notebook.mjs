// A notebook in the workbench: open it, run it, see it whole.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { elapsed } from "../process.mjs";
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
 * A notebook to run: the file's name, where its picture goes, whether that is of all cells or of the window, and what looks
 * at the window before the notebook is closed.
 *
 * @typedef {{ name: string, picture: string, whole: boolean, look?: ((page: Page) => Promise<void>) | undefined }} Notebook
 */

/**
 * Runs notebooks of a folder one after the other, saves each and takes a picture of it. They share a window, whose start
 * takes longer than many a notebook; where one fails, the next gets a new window.
 *
 * @param {import("./server.mjs").Server} server
 * @param {string} folder absolute
 * @param {readonly Notebook[]} notebooks
 * @param {(name: string, problems: readonly string[], time: string) => void} tell is called after each
 * @returns {Promise<void>}
 */
export async function executeNotebooks(server, folder, notebooks, tell) {
  /** @type {Awaited<ReturnType<typeof openFolder>> | undefined} */
  let window;
  try {
    for (const notebook of notebooks) {
      const started = Date.now();
      try {
        window ??= await openFolder(server, folder);
        await execute(window.page, notebook);
        tell(notebook.name, readExecuted(join(folder, notebook.name)).problems, elapsed(started));
      } catch (error) {
        await window?.close();
        window = undefined;
        tell(notebook.name, [error instanceof Error ? (error.stack ?? "") : String(error)], elapsed(started));
      }
    }
  } finally {
    await window?.close();
  }
}

/** How long all cells of a notebook may take, in milliseconds. */
const limit = 20 * 60_000;

/**
 * @param {Page} page a window on the notebook's folder
 * @param {Notebook} notebook
 */
async function execute(page, { name, picture, whole, look }) {
  const size = page.viewportSize();
  try {
    await openNotebook(page, name);
    await runAll(page, limit);
    if (whole) await photograph(page, picture);
    else await page.screenshot({ path: picture });
    await look?.(page);
  } catch (error) {
    await page.screenshot({ path: picture });
    throw error;
  }
  if (size) await page.setViewportSize(size);
  await command(page, "View: Close Editor");
  await page.locator(".tab").filter({ hasText: name }).waitFor({ state: "detached" });
}

/**
 * Opens a window on a folder, with all its room for the editor.
 *
 * @param {import("./server.mjs").Server} server
 * @param {string} folder absolute
 */
export async function openFolder(server, folder) {
  const window = await openWindow(`${server.address}&folder=${encodeURIComponent(folder)}`);
  try {
    await waitForCommand(window.page, "Tandem: New Notebook");
    await command(window.page, "View: Toggle Primary Side Bar Visibility");
    return window;
  } catch (error) {
    await window.close();
    throw error;
  }
}

/**
 * Opens a notebook of the window's folder and waits for its cells.
 *
 * @param {Page} page
 * @param {string} name
 */
export async function openNotebook(page, name) {
  await openFile(page, name);
  await page.locator(".tab.active").filter({ hasText: name }).waitFor();
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
async function photograph(page, path) {
  const size = page.viewportSize() ?? { width: 1400, height: 1000 };
  const rows = page.locator(".notebook-editor .cell-list-container .monaco-list-rows").first();
  const tall = () => rows.evaluate((element) => element.getBoundingClientRect().height);
  // Room beyond the cells, which the list itself makes larger in a taller window.
  const spare = 250;
  for (let height = 0, tries = 0; tries < 4; tries++) {
    const needed = Math.min(tallest, (await tall()) + spare);
    if (needed <= height + spare) break;
    height = needed;
    await page.setViewportSize({ ...size, height });
    await settled(tall);
  }
  await page.screenshot({ path, fullPage: true });
}

/**
 * Waits until a size stays the same for a second, at most for five.
 *
 * @param {() => Promise<number>} measure
 */
async function settled(measure) {
  for (let before = await measure(), same = 0, tries = 0; same < 4 && tries < 20; tries++) {
    await pause(250);
    const now = await measure();
    same = now === before ? same + 1 : 0;
    before = now;
  }
}

/**
 * Reads what a run left in a notebook's file.
 *
 * @param {string} file
 * @returns {Executed}
 */
function readExecuted(file) {
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

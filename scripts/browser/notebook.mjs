// A notebook in the workbench: open it, run it, see it whole.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { command, openFile, pause, until, waitForCommand } from "./workbench.mjs";

/** @typedef {import("playwright-core").Page} Page */

/**
 * What a run left in a notebook's file.
 *
 * @typedef {{ code: number, failed: string[] }} Executed number of code cells with something in them, and the errors
 */

/**
 * Opens a folder's notebook in a window and waits for its first cell.
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
  const interrupt = page.locator(".notebook-toolbar-container [aria-label^=Interrupt]");
  await interrupt.first().waitFor({ timeout: 30_000 });
  await interrupt.first().waitFor({ state: "detached", timeout: limit });
  await command(page, "File: Save");
  await until("the file is saved", async () => (await page.locator(".tab.active.dirty").count()) === 0);
}

// VS Code's workbench in a headless Chromium, driven as a person would: commands, the editor, what is on screen.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "../setup/browser.mjs";

/** How long the slowest machine may take for one step, in milliseconds. */
const patience = 120_000;

/**
 * Opens a window on a VS Code server.
 *
 * @param {string} [address] where to go at once
 * @param {{ width: number, height: number }} [viewport]
 */
export async function openWindow(address, viewport = { width: 1400, height: 1000 }) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("No Chromium was found.");
  const profile = mkdtempSync(join(tmpdir(), "tandem-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport,
    args: [
      // Chromium's sandbox does not work as root, nor in most containers; the only pages are our own.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  // Without a graphics card each frame is drawn by the processor, which the cells are to have. A sheet like this is no inline
  // style, which a page's policy may forbid.
  await context.addInitScript(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*, ::before, ::after { animation: none !important; transition: none !important; }");
    document.adoptedStyleSheets.push(sheet);
  });
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(patience);
  /** @type {string[]} */
  const outside = [];
  context.on("request", (request) => {
    const url = request.url();
    // A service worker answers for vscode-cdn.net; nothing leaves the machine.
    if (!/^(data|blob):|^\w+:\/\/(127\.0\.0\.1|localhost)|vscode-resource\.vscode-cdn\.net/.test(url))
      outside.push(url);
  });
  if (address) await page.goto(address);
  return {
    page,
    /** Addresses beyond this machine that the window asked for. */
    outside,
    async close() {
      // A window with unsaved editors would ask; five seconds are enough for one that does not.
      await Promise.race([context.close(), pause(5000)]);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** @typedef {import("playwright-core").Page} Page */

/**
 * Runs a command by its title, from the command palette.
 *
 * @param {Page} page
 * @param {string} title with its category, as the palette shows it
 */
export async function command(page, title) {
  const input = await openPalette(page);
  await input.fill(`>${title}`);
  // Its name exactly: "File: Save" also finds "File: Compare Active File with Saved".
  await page
    .locator(".quick-input-widget .monaco-list-row .label-name")
    .filter({ hasText: exactly(title) })
    .first()
    .click();
  await input.waitFor({ state: "hidden" });
}

/**
 * Waits until a contributed command is known, and so everything that extensions contribute: a notebook opened before
 * that shows as JSON and stays so.
 *
 * @param {Page} page
 * @param {string} title
 */
export async function waitForCommand(page, title) {
  await until(`the command ${title}`, async () => {
    const input = await openPalette(page);
    await input.fill(`>${title}`);
    await pause(500);
    const rows = await page.locator(".quick-input-widget .monaco-list-row").allInnerTexts();
    await page.keyboard.press("Escape");
    return rows.some((row) => row.includes(title));
  });
}

/**
 * Opens a file of the folder by its name.
 *
 * @param {Page} page
 * @param {string} name
 */
export async function openFile(page, name) {
  const input = await openPalette(page);
  await input.fill(name);
  await page.locator(".quick-input-widget .monaco-list-row").filter({ hasText: name }).first().waitFor();
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
}

/**
 * @param {Page} page
 * @returns {Promise<import("playwright-core").Locator>} its input
 */
async function openPalette(page) {
  const input = page.locator(".quick-input-widget input[type=text]:visible").first();
  await until("the command palette", async () => {
    await page.keyboard.press("F1");
    return input.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
  });
  return input;
}

/** @param {string} text @returns {RegExp} that matches it and nothing longer */
function exactly(text) {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}

/**
 * Polls until something holds.
 *
 * @param {string} what for the error
 * @param {() => Promise<boolean>} holds
 * @param {number} [limit] milliseconds
 */
export async function until(what, holds, limit = patience) {
  const end = Date.now() + limit;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${limit / 1000} s.`);
    await pause(250);
  }
}

/** @param {number} milliseconds */
export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

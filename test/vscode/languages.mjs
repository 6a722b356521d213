// The cells' languages as a person meets them in VS Code: the completion list, red lines, hovers, fixes, renames, the outline.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openNotebook } from "../../scripts/browser/notebook.mjs";
import { command, openWindow, pause, until } from "../../scripts/browser/workbench.mjs";
import { elapsed } from "../../scripts/process.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Locator} Locator */
/** @typedef {import("../../scripts/browser/server.mjs").Server} Server */

const sources = [
  "const prices = { apple: 3, pear: 4 }",
  "",
  "const total: number = 'text'",
  "let count = 1\ncount += 1",
  "String(count)",
  "%%rust\npub fn keep(v: Vec<f64>) -> usize {\n    drop(v);\n    v.len()\n}",
  "%%python\nshelf = {'books': 3}",
  "%%python\n# shown below",
];

/**
 * Each thing a person does, in one window, one after the other. Each leaves its picture.
 *
 * @type {readonly (readonly [name: string, act: (page: Page, server: Server) => Promise<void>])[]}
 */
const acts = [
  [
    "completion",
    async (page) => {
      await typeInto(page, 1, "prices.");
      await until("the list has the members", async () => {
        const rows = await suggestions(page).allInnerTexts();
        return ["apple", "pear"].every((name) => rows.some((row) => row.includes(name)));
      });
    },
  ],
  [
    "completion-accepted",
    async (page) => {
      await page.keyboard.type("pe");
      await suggestions(page).filter({ hasText: "pear" }).first().waitFor();
      await page.keyboard.press("Enter");
      await until("the name is in the cell", async () => (await text(page, 1)) === "prices.pear");
    },
  ],
  [
    "red-line",
    async (page) => {
      await cell(page, 2).locator(".squiggly-error").first().waitFor({ state: "attached" });
    },
  ],
  [
    "hover",
    async (page) => {
      await cell(page, 2).locator(".view-line span", { hasText: "total" }).last().hover();
      const hover = page.locator(".monaco-hover:visible").first();
      await until("the hover shows type and error", async () =>
        /const total: number/.test(plain(await hover.textContent().catch(() => ""))),
      );
      assert.match(plain(await hover.textContent()), /'string' is not assignable to type 'number'/);
    },
  ],
  [
    "quick-fix",
    async (page) => {
      await typeInto(page, 1, "\ntwice(prices.apple)");
      await cell(page, 1).locator(".squiggly-error").first().waitFor({ state: "attached" });
      await cell(page, 1).locator(".view-line", { hasText: "twice" }).click();
      await page.keyboard.press("Home");
      await page.keyboard.press("Control+.");
      const fix = page
        .locator(".action-widget .monaco-list-row", { hasText: /import from "\.\/lib"/ })
        .first();
      await fix.waitFor();
      await page.screenshot({ path: join(pictures, "language-quick-fix-offered.png") });
      await fix.click();
      await until("the import is there", async () =>
        (await text(page, 1)).includes('import { twice } from "./lib"'),
      );
      const red = cell(page, 1).locator(".squiggly-error");
      await until("the red line is gone", async () => (await red.count()) === 0);
    },
  ],
  [
    "rename",
    async (page) => {
      await focus(page, 3);
      await page.keyboard.press("Control+Home");
      for (let step = 0; step < 4; step++) await page.keyboard.press("ArrowRight");
      await page.keyboard.press("F2");
      const input = page.locator(".rename-box input:visible").first();
      await input.waitFor();
      await input.fill("visits");
      await page.keyboard.press("Enter");
      await until("both cells have the new name", async () => {
        const [declared, used] = [await text(page, 3), await text(page, 4)];
        return declared === "let visits = 1visits += 1" && used === "String(visits)";
      });
    },
  ],
  [
    "magic",
    async (page) => {
      await command(page, "Notebook: Insert Code Cell Below");
      await page.keyboard.type("%%par");
      await suggestions(page).filter({ hasText: "%%parallel" }).first().waitFor();
    },
  ],
  [
    "rust",
    async (page) => {
      await page.keyboard.press("Escape");
      const rust = await cellWith(page, "pub fn keep");
      await rust.locator(".squiggly-error").first().waitFor({ state: "attached" });
      await rust.locator(".view-line", { hasText: "v.len()" }).click();
      await page.keyboard.press("Home");
      await page.keyboard.press("Control+.");
      const fix = page.locator(".action-widget .monaco-list-row", { hasText: /clon/ }).first();
      await fix.waitFor();
      await page.screenshot({ path: join(pictures, "language-rust-offered.png") });
      await fix.click();
      await until("the fix is in the cell", async () =>
        plain(await rust.textContent()).includes("drop(v.clone());"),
      );
      await until("the red line is gone", async () => (await rust.locator(".squiggly-error").count()) === 0);
    },
  ],
  [
    "python",
    async (page) => {
      const shelf = await cellWith(page, "shelf = ");
      await shelf.locator(".view-lines").click();
      await shelf.locator(".run-button-container .action-label").first().click();
      await shelf.locator(".codicon-notebook-state-success").first().waitFor();
      await (await cellWith(page, "shown below")).locator(".view-lines").click();
      await page.keyboard.press("Control+End");
      await page.keyboard.type("\nshelf.it", { delay: 20 });
      await suggestions(page).filter({ hasText: "items" }).first().waitFor();
    },
  ],
  [
    "outline",
    async (page) => {
      await page.keyboard.press("Escape");
      await command(page, "Explorer: Focus on Outline View");
      const rows = page.locator(".outline-tree .monaco-list-row");
      await until("cells are in the outline", async () => {
        const names = (await rows.allInnerTexts()).join("\n");
        return ["prices", "total", "visits"].every((name) => names.includes(name));
      });
    },
  ],
  [
    "server-death",
    async (page, server) => {
      // Windows that were closed keep theirs for a while; this one's is the latest.
      const before = serverProcesses(server);
      const pid = before.at(-1);
      assert.ok(pid);
      process.kill(pid, "SIGKILL");
      await until("another one runs", async () =>
        serverProcesses(server).some((other) => !before.includes(other)),
      );
      await command(page, "Notifications: Show Notifications");
      const said = page.locator(".notifications-center .notification-list-item", {
        hasText: "language server ended by itself",
      });
      await said.first().waitFor();
      assert.equal(await said.count(), 1);
      await page.screenshot({ path: join(pictures, "language-server-death-said.png") });
      await page.keyboard.press("Escape");
      const after = await cellWith(page, "String(visits)");
      await after.locator(".view-lines").click();
      await page.keyboard.press("Control+End");
      await page.keyboard.type("\nprices.", { delay: 20 });
      await suggestions(page).filter({ hasText: "apple" }).first().waitFor();
    },
  ],
];

/** Settings that show code cells in the outline. */
export const languageSettings = {
  "notebook.outline.showCodeCells": true,
  "notebook.outline.showMarkdownHeadersOnly": false,
};

let pictures = ".";

/**
 * Opens a notebook and uses what its languages offer.
 *
 * @param {import("../../scripts/browser/server.mjs").Server} server
 * @param {string} home an empty folder
 * @param {string} artifacts where pictures go
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function useLanguages(server, home, artifacts) {
  pictures = artifacts;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "lib.ts"), "export function twice(n: number): number {\n  return 2 * n\n}\n");
  writeFileSync(join(home, "languages.ipynb"), JSON.stringify(notebookOf(sources)));
  const window = await openWindow(`${server.address}&folder=${encodeURIComponent(home)}`, {
    width: 1400,
    height: 1300,
  });
  const { page } = window;
  page.setDefaultTimeout(60_000);
  const counts = { passed: 0, failed: 0 };
  try {
    await openNotebook(page, "languages.ipynb");
    for (const [name, act] of acts) {
      const started = Date.now();
      try {
        await act(page, server);
        counts.passed++;
        console.log(`ok     ${name} in VS Code (${elapsed(started)})`);
      } catch (error) {
        counts.failed++;
        console.log(
          `FAILED ${name} in VS Code (${elapsed(started)}): ${error instanceof Error ? error.stack : error}`,
        );
      }
      await page.screenshot({ path: join(artifacts, `language-${name}.png`) });
    }
  } catch (error) {
    counts.failed++;
    await page.screenshot({ path: join(artifacts, "language.png") });
    console.log(`FAILED languages in VS Code: ${error instanceof Error ? error.stack : error}`);
  } finally {
    await window.close();
  }
  return counts;
}

/** @param {Page} page @param {number} index @returns {Locator} */
function cell(page, index) {
  return page.locator(`.notebook-editor .cell-list-container .monaco-list-row[data-index="${index}"]`);
}

/** The cell that shows a text. @param {Page} page @param {string} shown */
async function cellWith(page, shown) {
  const row = page
    .locator(".notebook-editor .cell-list-container .monaco-list-row", { hasText: shown })
    .first();
  await row.waitFor();
  return row;
}

/** The lines of a cell's editor. @param {Page} page @param {number} index */
async function text(page, index) {
  return plain((await cell(page, index).locator(".view-line").allInnerTexts()).join(""));
}

/** Puts the cursor at the end of a cell. @param {Page} page @param {number} index */
async function focus(page, index) {
  await cell(page, index).locator(".view-lines").click();
  await page.keyboard.press("Control+End");
}

/** @param {Page} page @param {number} index @param {string} typed */
async function typeInto(page, index, typed) {
  await focus(page, index);
  await pause(300);
  await page.keyboard.type(typed, { delay: 20 });
}

/** Process ids of the language servers of a VS Code server's windows, the latest last. @param {Server} server */
function serverProcesses({ home }) {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,args="], {
    encoding: "utf8",
  }).split("\n");
  const ours = lines.filter(
    (line) => line.includes(join(home, "extensions")) && line.includes("language.cjs"),
  );
  return ours.map((line) => Number.parseInt(line, 10)).sort((a, b) => a - b);
}

/** @param {Page} page */
function suggestions(page) {
  return page.locator(".suggest-widget:visible .monaco-list-row");
}

/** Text as a person reads it: an editor's spaces are no ordinary ones. @param {string | null} shown */
function plain(shown) {
  return (shown ?? "").replaceAll("\u00a0", " ");
}

/**
 * A notebook of ours with these code cells, as it is on disk.
 *
 * @param {readonly string[]} texts
 */
export function notebookOf(texts) {
  return {
    cells: texts.map((source, index) => ({
      cell_type: "code",
      execution_count: null,
      id: `cell-${index}`,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: {
      kernelspec: { display_name: "Tandem", language: "typescript", name: "tandem" },
      language_info: { name: "tandem-typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

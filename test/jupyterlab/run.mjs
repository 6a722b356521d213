// JupyterLab in a headless Chromium: a bundled notebook runs and its charts are drawn, a widget goes both ways, input
// and variables are there. `node test/jupyterlab/run.mjs` runs it alone. Needs a built dist/.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openWindow, pause } from "../../scripts/browser/workbench.mjs";
import { root } from "../../scripts/process.mjs";
import { findChromium } from "../../scripts/setup/browser.mjs";
import { pythonEnv } from "../../scripts/setup/python-env.mjs";
import { installKernel } from "../protocol/run.mjs";
import { startJupyterLab } from "./server.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{ passed: number, failed: number, missing?: string }} Counts */

const pictures = join(root, "artifacts", "jupyterlab");
// One that takes few seconds: all of them are run by other tests.
const bundled = "11-interfaces.ipynb";
const outputs = ".jp-Cell-outputArea";

const slider = `const dial = widget({
  esm: \`export default {
    render({ model, el }) {
      const range = Object.assign(document.createElement("input"), { type: "range", className: "dial" })
      range.value = model.get("value")
      range.oninput = () => { model.set("value", Number(range.value)); model.save_changes() }
      model.on("change:value", () => { range.value = model.get("value") })
      el.append(range)
    },
  }\`,
  state: { value: 20 },
})
dial`;

/** @type {Record<string, (page: Page) => Promise<void>>} */
const tests = {
  async "a bundled notebook runs, and its chart is drawn"(page) {
    await runAll(page, 300_000);
    await expect(
      "no cell failed",
      async () => (await page.locator(".jp-OutputArea-output[data-mime-type*=error]").count()) === 0,
    );
    const chart = page.locator(`${outputs} .jp-RenderedSVG img, ${outputs} .jp-RenderedSVG svg`).first();
    await chart.scrollIntoViewIfNeeded();
    await expect("the chart has a size", async () => ((await chart.boundingBox())?.width ?? 0) > 200);
  },
  async "a slider moves a value in the kernel, and back"(page) {
    await runCell(page, 0);
    const range = page.locator(`${outputs} input.dial`).first();
    await range.waitFor({ timeout: 30_000 });
    await range.fill("63");
    await runCell(page, 1);
    await expect("the kernel has the slider's value", async () => (await cellText(page, 1)).includes("63"));
    await runCell(page, 2);
    await expect("the slider has the kernel's value", async () => (await range.inputValue()) === "88");
  },
  async "a question is answered in the cell"(page) {
    await runCell(page, 0);
    const box = page.locator(".jp-Stdin-input").first();
    await box.waitFor({ timeout: 30_000 });
    await box.fill("Ada");
    await box.press("Enter");
    await expect("the answer came", async () => (await cellText(page, 0)).includes("hello Ada"));
  },
  async "the inspector shows the variables"(page) {
    await runCell(page, 0);
    const bug = page.locator(".jp-DebuggerBugButton").first();
    const listed = async () =>
      ((await page.locator(".jp-DebuggerVariables").textContent()) ?? "").includes("fortyTwo");
    await page.evaluate("void jupyterapp.commands.execute('debugger:show-panel')");
    // A click that comes before JupyterLab has asked the kernel whether it can be inspected does nothing.
    for (let tries = 1; ; tries++) {
      await bug.click();
      try {
        await expect("a variable is listed", listed, 10_000);
        return;
      } catch (error) {
        if (tries === 3) throw error;
      }
    }
  },
  async "a cell that prints without end leaves the page usable, and an interrupt ends it"(page) {
    await runCell(page, 0);
    await pause(5000);
    // However slow the machine is: more has come than is shown.
    const past = () =>
      page.evaluate(`document.querySelector("${outputs}").textContent.includes("output_limit")`);
    await expect("the limit of what is shown is reached", past, 120_000);
    let began = Date.now();
    await page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')");
    await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
    const answered = Date.now() - began;
    began = Date.now();
    await page.evaluate("void jupyterapp.commands.execute('notebook:interrupt-kernel')");
    // The text as it stands: to lay out a megabyte for its visible part takes the page seconds.
    const text = async () => String(await page.evaluate(`document.querySelector("${outputs}").textContent`));
    await expect("the cell was interrupted", async () => (await text()).includes("Interrupted:"), 60_000);
    console.log(
      `  (a command was drawn after ${answered} ms, the interrupt shown after ${Date.now() - began} ms)`,
    );
    // What was left out is said, with its file.
    assert.ok(/line 0\n[\s\S]*output_limit/.test(await text()), "what was left out is not said");
    await runCell(page, 1);
    await expect("the next cell runs", async () => (await cellText(page, 1)).includes("42"));
  },
};

/** @type {Record<string, string[] | undefined>} the cells of each test's notebook; the bundled one where there are none */
const notebooks = {
  "a slider moves a value in the kernel, and back": [slider, 'dial.get("value")', 'dial.set("value", 88)'],
  "a question is answered in the cell": ['"hello " + (await input("Your name? "))'],
  "a cell that prints without end leaves the page usable, and an interrupt ends it": [
    "for (let i = 0; ; i++) console.log('line', i)",
    "6 * 7",
  ],
  "the inspector shows the variables": ["const fortyTwo = 42"],
};

/** @returns {Promise<Counts>} */
export async function run() {
  const found = await pythonEnv();
  if ("missing" in found) return { passed: 0, failed: 0, missing: found.missing };
  if (!findChromium()) return { passed: 0, failed: 0, missing: "There is no Chromium on PATH." };
  await installKernel(found.python);
  mkdirSync(pictures, { recursive: true });
  const home = realpathSync(mkdtempSync(join(tmpdir(), "tandem-lab-")));
  const folder = join(home, "notebooks");
  mkdirSync(folder);
  const server = await startJupyterLab(found.python, folder, home);
  const counts = { passed: 0, failed: 0 };
  try {
    for (const [i, [title, test]] of Object.entries(tests).entries()) {
      const name = `${i}.ipynb`;
      const cells = notebooks[title];
      if (cells) writeFileSync(join(folder, name), notebookOf(cells));
      else copyFileSync(join(root, "notebooks", bundled), join(folder, name));
      const window = await openWindow(server.address(name), { width: 1300, height: 1600 });
      try {
        await ready(window.page);
        await test(window.page);
        counts.passed++;
        console.log(`  passed: ${title}`);
      } catch (error) {
        counts.failed++;
        console.log(`  FAILED: ${title}: ${error instanceof Error ? error.message : error}`);
      } finally {
        await window.page.screenshot({ path: join(pictures, `${i}.png`) });
        await window.close();
      }
    }
  } finally {
    await server.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
  return counts;
}

/**
 * Waits for the notebook and its kernel.
 *
 * @param {Page} page
 */
async function ready(page) {
  await page.locator(".jp-Notebook .jp-Cell").first().waitFor();
  await expect("the kernel is idle", async () =>
    page.evaluate("jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"),
  );
}

/**
 * Runs the cell of an index; what a page's focus chose before does not matter.
 *
 * @param {Page} page
 * @param {number} index
 */
const runCell = (page, index) =>
  page.evaluate(
    `jupyterapp.shell.currentWidget.content.activeCellIndex = ${index}; void jupyterapp.commands.execute('notebook:run-cell')`,
  );

/**
 * Runs all cells and waits for the last.
 *
 * @param {Page} page
 * @param {number} limit milliseconds
 */
async function runAll(page, limit) {
  await page.evaluate(
    "void jupyterapp.commands.execute('notebook:run-all-cells').finally(() => { globalThis.allRan = true })",
  );
  await expect("all cells ran", async () => page.evaluate("globalThis.allRan === true"), limit);
}

/**
 * @param {Page} page
 * @param {number} index of the cell
 */
const cellText = async (page, index) =>
  (await page.locator(".jp-Notebook .jp-CodeCell").nth(index).locator(outputs).allInnerTexts()).join("\n");

/**
 * @param {string} what
 * @param {() => Promise<unknown>} condition
 * @param {number} [limit] milliseconds
 */
async function expect(what, condition, limit = 30_000) {
  const end = Date.now() + limit;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** @param {readonly string[]} cells */
const notebookOf = (cells) =>
  JSON.stringify({
    cells: cells.map((source, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      metadata: {},
      source,
      outputs: [],
      execution_count: null,
    })),
    metadata: { kernelspec: { name: "tandem", display_name: "Tandem (TypeScript)", language: "typescript" } },
    nbformat: 4,
    nbformat_minor: 5,
  });

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed, missing } = await run();
  if (missing) console.log(`JupyterLab was not tested: ${missing}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

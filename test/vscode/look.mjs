// The bundled notebooks as a person runs them: every cell in the browser's VS Code, and what is then on screen.
import assert from "node:assert/strict";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { executeNotebooks, outputFrames } from "../../scripts/browser/notebook.mjs";
import { until } from "../../scripts/browser/workbench.mjs";

/** @typedef {import("playwright-core").Page} Page */

/**
 * What each notebook has to show beyond cells without errors.
 *
 * @type {Record<string, (page: Page) => Promise<void>>}
 */
const expectations = {
  async "00-welcome.ipynb"(page) {
    await until("the table of airlines is drawn", async () =>
      /Frontier Airlines Inc\./.test(await shown(page)),
    );
    await until("the chart is drawn", async () => (await chartLabels(page)).length > 0);
    const labels = (await chartLabels(page)).join(" ");
    for (const side of ["typescript", "parallel", "rust", "python"]) assert.match(labels, new RegExp(side));
    // Our renderer's button: VS Code did not fall back to the still picture.
    assert.match(await shown(page), /Show table/);
  },
};

/**
 * Runs every notebook of a folder and leaves it and its picture in `artifacts`.
 *
 * @param {import("../../scripts/browser/server.mjs").Server} server
 * @param {string} folder
 * @param {string} artifacts
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function lookAtNotebooks(server, folder, artifacts) {
  const names = readdirSync(folder).filter((file) => file.endsWith(".ipynb"));
  const notebooks = names.sort().map((name) => ({
    name,
    picture: join(artifacts, name.replace(/\.ipynb$/, ".png")),
    // To draw all cells takes as long as many a notebook runs, and in CI nobody looks at those that went well.
    whole: process.env.CI !== "true" || name in expectations,
    look: expectations[name],
  }));
  /** @type {Set<string>} */
  const failed = new Set();
  const tell = (
    /** @type {string} */ name,
    /** @type {readonly string[]} */ problems,
    /** @type {string} */ time,
  ) => {
    cpSync(join(folder, name), join(artifacts, name));
    if (problems.length === 0) failed.delete(name);
    else failed.add(name);
    const verdict = problems.length === 0 ? "ok    " : "FAILED";
    console.log([`${verdict} ${name} in VS Code (${time})`, ...problems].join("\n"));
  };
  await executeNotebooks(server, folder, notebooks, tell);
  // As the units do (vitest.config.ts): once more in CI, where other suites have the processors meanwhile.
  if (process.env.CI === "true") {
    const again = notebooks.filter(({ name }) => failed.has(name));
    await executeNotebooks(server, folder, again, tell);
  }
  return { passed: notebooks.length - failed.size, failed: failed.size };
}

/** @param {Page} page */
async function shown(page) {
  const texts = outputFrames(page).map((frame) =>
    frame.evaluate(() => document.body.textContent).catch(() => ""),
  );
  return (await Promise.all(texts)).join("\n");
}

/** The words in drawn charts. @param {Page} page */
async function chartLabels(page) {
  const labels = outputFrames(page).map((frame) =>
    frame
      .locator("svg text")
      .allTextContents()
      .catch(() => []),
  );
  return (await Promise.all(labels)).flat();
}

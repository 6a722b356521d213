// A cell that prints without end, as a person meets it in VS Code: the window goes on answering, and an interrupt ends the cell.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFolder, openNotebook } from "../../scripts/browser/notebook.mjs";
import { command, pause, until } from "../../scripts/browser/workbench.mjs";
import { elapsed } from "../../scripts/process.mjs";

/**
 * Floods a cell, uses the window meanwhile, and interrupts. Prints how long each took: that is no limit of the test.
 *
 * @param {import("../../scripts/browser/server.mjs").Server} server
 * @param {string} home an empty folder
 * @param {string} artifacts where the picture goes
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function flood(server, home, artifacts) {
  const started = Date.now();
  mkdirSync(home, { recursive: true });
  const file = join(home, "flood.ipynb");
  writeFileSync(file, JSON.stringify(notebook()));
  const window = await openFolder(server, home);
  const { page } = window;
  try {
    await openNotebook(page, "flood.ipynb");
    await command(page, "Notebook: Run All");
    const interrupt = page.locator(".notebook-toolbar-container [aria-label^=Interrupt]").first();
    await interrupt.waitFor();
    await pause(5000);
    // However slow the machine is: more has come than is shown.
    await until("the limit of what is shown is reached", async () => {
      await command(page, "File: Save");
      await pause(1000);
      return readFileSync(file, "utf8").includes("output_limit");
    });
    let began = Date.now();
    await command(page, "View: Toggle Primary Side Bar Visibility");
    const answered = Date.now() - began;
    began = Date.now();
    await command(page, "Notebook: Interrupt");
    await interrupt.waitFor({ state: "detached" });
    const ended = Date.now() - began;
    await page.screenshot({ path: join(artifacts, "flood.png") });
    await command(page, "File: Save");
    await until("the notebook is saved with what the cell said", async () =>
      readFileSync(file, "utf8").includes('"ename": "Interrupted"'),
    );
    const text = readFileSync(file, "utf8");
    // What was left out is said, with its file.
    assert.ok(/line 0\\n[\s\S]*output_limit/.test(text), "what was left out is not said");
    assert.ok(text.length < 12e6, `${text.length} characters`);
    console.log(
      `ok     a flood in VS Code (${elapsed(started)}; a command took ${answered} ms, the interrupt ${ended} ms)`,
    );
    return { passed: 1, failed: 0 };
  } catch (error) {
    await page.screenshot({ path: join(artifacts, "flood.png") });
    console.log(
      `FAILED a flood in VS Code (${elapsed(started)}): ${error instanceof Error ? error.stack : error}`,
    );
    return { passed: 0, failed: 1 };
  } finally {
    await window.close();
  }
}

function notebook() {
  return {
    cells: [
      {
        cell_type: "code",
        execution_count: null,
        id: "flood",
        metadata: {},
        outputs: [],
        source: "for (let i = 0; ; i++) console.log('line', i)",
      },
    ],
    metadata: {
      kernelspec: { display_name: "Tandem", language: "typescript", name: "tandem" },
      language_info: { name: "tandem-typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

// A folder that nobody trusts: types are checked, and no compiler runs before somebody says so.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openNotebook } from "../../scripts/browser/notebook.mjs";
import { command, openWindow, pause, until } from "../../scripts/browser/workbench.mjs";
import { elapsed, find } from "../../scripts/process.mjs";
import { notebookOf } from "./languages.mjs";

/**
 * A Rust compiler that leaves a trace when it runs, and a server's options that go with it; undefined where there is no Rust.
 *
 * @param {string} home an empty folder
 */
export function watchedCompiler(home) {
  const rustc = find("rustc");
  if (!rustc) return undefined;
  mkdirSync(home, { recursive: true });
  const trace = join(home, "compiled");
  const compiler = join(home, "rustc");
  writeFileSync(compiler, `#!/bin/sh\necho "$@" >> '${trace}'\nexec '${rustc}' "$@"\n`, { mode: 0o755 });
  const settings = { "security.workspace.trust.startupPrompt": "never" };
  return { home, trace, options: { settings, trust: true, env: { RUSTC: compiler } } };
}

/**
 * Opens a notebook in a folder that is not trusted, and then trusts it.
 *
 * @param {import("../../scripts/browser/server.mjs").Server} server one that asks for trust
 * @param {{ home: string, trace: string }} watched
 * @param {string} artifacts where pictures go
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function withoutTrust(server, { home, trace }, artifacts) {
  const started = Date.now();
  const cells = ["const n: number = 'text'", "%%rust\npub fn f() -> u8 {\n    300u16\n}"];
  writeFileSync(join(home, "trust.ipynb"), JSON.stringify(notebookOf(cells)));
  const window = await openWindow(`${server.address}&folder=${encodeURIComponent(home)}`);
  const { page } = window;
  const picture = join(artifacts, "trust.png");
  try {
    await openNotebook(page, "trust.ipynb");
    const squiggles = page.locator(".notebook-editor .squiggly-error");
    await squiggles.first().waitFor({ state: "attached" });
    // The compiler would have been asked by now.
    await pause(5000);
    assert.equal(await squiggles.count(), 1);
    assert.equal(existsSync(trace), false);
    await page.screenshot({ path: join(artifacts, "trust-restricted.png") });

    await command(page, "Workspaces: Manage Workspace Trust");
    await page
      .locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ })
      .first()
      .click();
    await until("the compiler's error is there", async () => (await squiggles.count()) === 2);
    assert.equal(existsSync(trace), true);
    // The page on trust lies over the notebook.
    await page.keyboard.press("Escape");
    await page.screenshot({ path: picture });
    console.log(`ok     a folder without trust in VS Code (${elapsed(started)})`);
    return { passed: 1, failed: 0 };
  } catch (error) {
    await page.screenshot({ path: picture });
    console.log(
      `FAILED a folder without trust in VS Code (${elapsed(started)}): ${error instanceof Error ? error.stack : error}`,
    );
    return { passed: 0, failed: 1 };
  } finally {
    await window.close();
  }
}

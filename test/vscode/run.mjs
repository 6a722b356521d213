// The package in a real VS Code: what its API shows, and what a person sees. `node test/vscode/run.mjs` runs it alone.
// Needs a built dist/.
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installExtension, startServer } from "../../scripts/browser/server.mjs";
import { openWindow } from "../../scripts/browser/workbench.mjs";
import { makePackage } from "../../scripts/package.mjs";
import { elapsed, root } from "../../scripts/process.mjs";
import { prepare } from "../../scripts/setup/browser.mjs";
import { installCodeServer } from "../../scripts/setup/code-server.mjs";
import { buildSuite } from "./build-suite.mjs";
import { useCharts } from "./charts.mjs";
import { flood } from "./flood.mjs";
import { lookAtNotebooks } from "./look.mjs";

/** @typedef {{ passed: number, failed: number, missing?: string }} Counts */

const home = join(root, ".cache", "vscode-test");
const artifacts = join(root, "artifacts", "vscode");
const otherKernel = join(root, "test", "vscode", "other-kernel");

/**
 * Installs the package into an empty VS Code and runs all parts.
 *
 * @returns {Promise<Counts>}
 */
export async function run() {
  const missing = await prepare();
  if (missing) return { passed: 0, failed: 0, missing };
  const vsix = await makePackage();
  const suite = await buildSuite();
  rmSync(home, { recursive: true, force: true });
  mkdirSync(artifacts, { recursive: true });
  // VS Code writes outputs into the files it runs, so it gets copies.
  const folder = join(home, "notebooks");
  cpSync(join(root, "notebooks"), folder, { recursive: true });

  const codeServer = await installCodeServer();
  const options = { codeServer, home, underTest: true, settings: { "files.autoSave": "off" } };
  await installExtension(options, vsix);
  const server = await startServer(options);
  try {
    // In a folder of its own: unsaved editors come back where the same folder opens again.
    const empty = join(home, "empty");
    mkdirSync(empty);
    const api = await runInExtensionHost(server, suite, empty);
    const seen = await lookAtNotebooks(server, folder, artifacts);
    const charts = await useCharts(server, join(home, "charts"), artifacts);
    const flooded = await flood(server, join(home, "flood"), artifacts);
    const parts = [api, seen, charts, flooded];
    return {
      passed: parts.reduce((sum, { passed }) => sum + passed, 0),
      failed: parts.reduce((sum, { failed }) => sum + failed, 0),
    };
  } finally {
    await server.stop();
  }
}

/**
 * Runs a Mocha suite inside the extension host, beside an extension with a second kernel.
 *
 * @param {import("../../scripts/browser/server.mjs").Server} server
 * @param {string} suite path of the bundle that exports `run`
 * @param {string} folder to open
 * @returns {Promise<Counts>}
 */
async function runInExtensionHost(server, suite, folder) {
  const started = Date.now();
  const report = join(home, "report.json");
  /** @param {string} path */
  const remote = (path) => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload = JSON.stringify([
    ["extensionDevelopmentPath", remote(otherKernel)],
    ["extensionTestsPath", remote(suite)],
    ["skipWelcome", "true"],
    ["extensionEnvironment", JSON.stringify({ TANDEM_TEST_REPORT: report })],
  ]);
  const window = await openWindow();
  try {
    const ended = new Promise((resolve) => setTimeout(resolve, 8 * 60_000, "no answer within 8 minutes"));
    /** @type {(code: number) => void} */
    let done = () => {};
    const exit = new Promise((resolve) => {
      done = resolve;
    });
    await window.page.exposeFunction("codeAutomationLog", () => {});
    await window.page.exposeFunction("codeAutomationExit", (/** @type {number} */ code) => done(code));
    const where = `&folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(payload)}`;
    await window.page.goto(server.address + where);
    const code = await Promise.race([exit, ended]);
    await window.page.screenshot({ path: join(artifacts, "api-tests.png") });
    const { passed, failed, failures } = JSON.parse(readFileSync(report, "utf8"));
    for (const failure of failures) console.log(`FAILED ${failure}`);
    console.log(`API tests: ${passed} passed, ${failed} failed (${elapsed(started)})`);
    return { passed, failed: code === 0 ? failed : Math.max(1, failed) };
  } catch (error) {
    console.log(`API tests: ${error}`);
    return { passed: 0, failed: 1 };
  } finally {
    await window.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed, missing } = await run();
  if (missing) console.log(`The VS Code tests did not run: ${missing}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}

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
import { languageSettings, useLanguages } from "./languages.mjs";
import { lookAtNotebooks } from "./look.mjs";
import { watchedCompiler, withoutTrust } from "./trust.mjs";

/** @typedef {{ passed: number, failed: number, missing?: string }} Counts */
/** @typedef {import("../../scripts/browser/server.mjs").Server} Server */

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
  // Beside each other, since each waits for what it has started for most of its time; on servers of their own, since the
  // suite changes settings.
  const lanes = await Promise.all([
    withServer(
      vsix,
      "used",
      async (server, folder) => [
        await runInExtensionHost(server, suite, folder),
        await onceMore("charts", (name) => useCharts(server, join(home, name), artifacts)),
        await onceMore("flood", (name) => flood(server, join(home, name), artifacts)),
        await onceMore("languages", (name) => useLanguages(server, join(home, name), artifacts)),
      ],
      { settings: languageSettings },
    ),
    withServer(vsix, "seen", async (server, folder) => {
      // VS Code writes outputs into the files it runs, so it gets copies.
      cpSync(join(root, "notebooks"), folder, { recursive: true });
      return [await lookAtNotebooks(server, folder, artifacts)];
    }),
  ]);
  const watched = watchedCompiler(join(home, "trust"));
  const restricted = watched
    ? await withServer(
        vsix,
        "restricted",
        async (server) => [await withoutTrust(server, watched, artifacts)],
        watched.options,
      )
    : [];
  const parts = [...lanes.flat(), ...restricted];
  return {
    passed: parts.reduce((sum, { passed }) => sum + passed, 0),
    failed: parts.reduce((sum, { failed }) => sum + failed, 0),
    ...(!watched && { missing: "the test of folders without trust needs a Rust compiler" }),
  };
}

/**
 * Does what a person does, and where that fails in CI, does all of it once more from the start, as the units do
 * (vitest.config.ts): other suites have the processors meanwhile. Both are told.
 *
 * @param {string} name of its folder
 * @param {(name: string) => Promise<Counts>} act
 */
async function onceMore(name, act) {
  const counts = await act(name);
  if (counts.failed === 0 || process.env.CI !== "true") return counts;
  console.log(`run once more: ${name}`);
  return await act(`${name}-again`);
}

/**
 * Starts a VS Code that has nothing but the package, and ends it. Where that fails, it counts as one failure.
 *
 * @param {string} vsix
 * @param {string} name of its folder
 * @param {(server: Server, folder: string) => Promise<Counts[]>} body gets an empty folder to open
 * @param {Partial<import("../../scripts/browser/server.mjs").ServerOptions>} [more]
 * @returns {Promise<Counts[]>}
 */
async function withServer(vsix, name, body, more = {}) {
  const own = join(home, name);
  const options = {
    codeServer: await installCodeServer(),
    home: own,
    underTest: true,
    ...more,
    settings: { "files.autoSave": "off", ...more.settings },
  };
  // Unsaved editors come back where the same folder opens again.
  const folder = join(own, "folder");
  mkdirSync(folder, { recursive: true });
  /** @type {Server | undefined} */
  let server;
  try {
    await installExtension(options, vsix);
    server = await startServer(options);
    return await body(server, folder);
  } catch (error) {
    console.log(error instanceof Error ? error.stack : error);
    return [{ passed: 0, failed: 1 }];
  } finally {
    await server?.stop();
  }
}

/**
 * Runs a Mocha suite inside the extension host, beside an extension with a second kernel.
 *
 * @param {Server} server
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
    ["extensionEnvironment", JSON.stringify({ TANDEM_TEST_REPORT: report, CI: process.env.CI ?? "" })],
  ]);
  const window = await openWindow();
  try {
    const ended = new Promise((resolve) => setTimeout(resolve, 30 * 60_000, "no answer within half an hour"));
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
    const { passed, failed, failures, retried, running } = JSON.parse(readFileSync(report, "utf8"));
    if (typeof code === "string") console.log(`${code}: ${running}`);
    for (const test of retried) console.log(`run once more: ${test}`);
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

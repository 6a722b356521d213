// `npm test`: sets up and runs everything, and ends with one line that counts it all: N passed, N failed.
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { build } from "./build.mjs";
import { elapsed, find, root } from "./process.mjs";
import { checkNode, installDependencies } from "./setup/dependencies.mjs";
import { numbersEnv } from "./setup/numbers-env.mjs";
import { redis } from "./setup/redis.mjs";
import { missingAnalyzer } from "./setup/rust.mjs";
import { cargoTest, command, suite, vitest } from "./test/checks.mjs";
import { Steps } from "./test/steps.mjs";

/** @typedef {import("./test/steps.mjs").Counts} Counts */

checkNode();
process.chdir(root);
mkdirSync(join(root, "artifacts"), { recursive: true });
const started = Date.now();
const steps = new Steps();

// What is fetched needs no processor for most of its time. One after the other it is asked for, where a person is asked.
const browser = prepareBrowser().catch(String);
const numbers = numbersEnv().catch((error) => ({ missing: String(error) }));
const counter = redis().catch(String);
await installDependencies();
// Not by node_modules/.bin: tslab, a peer in the tests, brings a compiler of the same name.
const compiler = join("node_modules", "typescript", "bin", "tsc");
await steps.run("types", () => command(process.execPath, [compiler, "-p", "."]));
await steps.run("lint and format", () =>
  command(join("node_modules", ".bin", "biome"), ["ci", "--colors=off"]),
);
await steps.run("build", async () => {
  const { missing } = await build();
  return { passed: 1, failed: 0, ...(missing && { missing }) };
});
const python = await numbers;
const advice = await counter;
if (advice) console.log(advice);
const analyzer = await missingAnalyzer();

// The tests wait for what they have started for about half of their time.
await steps.sideBySide(2 * Math.max(2, availableParallelism()), [
  {
    name: "units and faults (Vitest)",
    lanes: 2,
    run: async () => {
      const missing = ["missing" in python ? python.missing : undefined, analyzer].filter(Boolean).join("\n");
      return { ...(await vitest()), ...(missing && { missing }) };
    },
  },
  ...rust(),
  // The longest first, so that the others fill what they leave.
  { name: "VS Code", lanes: 2, after: browser, run: () => withBrowser(() => suite("test/vscode/run.mjs")) },
  { name: "notebooks", lanes: 2, run: () => suite("test/notebooks/run.mjs") },
  { name: "Jupyter protocol", lanes: 1, run: () => suite("test/protocol/run.mjs") },
  {
    name: "JupyterLab",
    lanes: 1,
    after: browser,
    run: () => withBrowser(() => suite("test/jupyterlab/run.mjs")),
  },
  {
    name: "grammars",
    lanes: 1,
    // They are VS Code's own, which came with the browser's set-up.
    after: browser,
    run: () => withBrowser(() => vitest("grammars", "--config", "test/grammars/vitest.config.ts")),
  },
]);

console.log(`\n${elapsed(started)}`);
console.log(`${steps.total.passed} passed, ${steps.total.failed} failed`);
process.exit(steps.total.failed > 0 ? 1 : 0);

/** @returns {import("./test/steps.mjs").Step[]} */
function rust() {
  if (!find("cargo")) return [];
  const native = ["--manifest-path", join("native", "Cargo.toml")];
  const clippy = ["clippy", ...native, "--release", "--all-targets", "--quiet", "--", "-D", "warnings"];
  return [
    { name: "rustfmt", lanes: 1, run: () => command("cargo", ["fmt", "--all", ...native, "--check"]) },
    { name: "clippy", lanes: 1, run: () => command("cargo", clippy) },
    { name: "cargo test", lanes: 1, run: () => cargoTest(native) },
  ];
}

/**
 * @param {() => Promise<Counts>} test
 * @returns {Promise<Counts>}
 */
async function withBrowser(test) {
  const missing = await browser;
  return missing ? { passed: 0, failed: 0, missing } : test();
}

/** Chromium and code-server. @returns {Promise<string | undefined>} what is missing and how to get it */
async function prepareBrowser() {
  const { prepare } = await import("./setup/browser.mjs");
  return prepare();
}

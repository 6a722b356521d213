// `npm test`: sets up and runs everything, and ends with one line that counts it all: N passed, N failed.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "./build.mjs";
import { elapsed, find, root, run } from "./process.mjs";
import { checkNode, installDependencies } from "./setup/dependencies.mjs";
import { numbersEnv } from "./setup/numbers-env.mjs";

/**
 * @typedef {{ passed: number, failed: number, missing?: string }} Counts
 * @typedef {{ passed: number, failed: number }} Total
 */

checkNode();
process.chdir(root);
mkdirSync(join(root, "artifacts"), { recursive: true });
const started = Date.now();
/** @type {Total} */
const total = { passed: 0, failed: 0 };

await installDependencies();
// The longest part of the set-up needs no processor for most of its time.
const browser = prepareBrowser();
// Not by node_modules/.bin: tslab, a peer in the tests, brings a compiler of the same name.
const compiler = join("node_modules", "typescript", "bin", "tsc");
await step("types", () => command(process.execPath, [compiler, "-p", "."]));
await step("lint and format", () => command(join("node_modules", ".bin", "biome"), ["ci", "--colors=off"]));
await step("build", async () => {
  const { missing } = await build();
  return { passed: 1, failed: 0, ...(missing && { missing }) };
});
if (find("cargo")) {
  const native = ["--manifest-path", join("native", "Cargo.toml")];
  await step("rustfmt", () => command("cargo", ["fmt", "--all", ...native, "--check"]));
  await step("clippy", () =>
    command("cargo", ["clippy", ...native, "--release", "--all-targets", "--quiet", "--", "-D", "warnings"]),
  );
  await step("cargo test", () => cargoTest(native));
}
const numbers = await numbersEnv();
await step("units and faults (Vitest)", async () => {
  const counts = await vitest();
  return "missing" in numbers ? { ...counts, missing: numbers.missing } : counts;
});
await step("Jupyter protocol", () => suite("test/protocol/run.mjs"));
await step("JupyterLab", async () => {
  const missing = await browser;
  return missing ? { passed: 0, failed: 0, missing } : suite("test/jupyterlab/run.mjs");
});
await step("notebooks", () => suite("test/notebooks/run.mjs"));
await step("grammars", async () => {
  // They are VS Code's own, which came with the browser's set-up.
  const missing = await browser;
  return missing
    ? { passed: 0, failed: 0, missing }
    : vitest("grammars", "--config", "test/grammars/vitest.config.ts");
});
await step("VS Code", async () => {
  const missing = await browser;
  return missing ? { passed: 0, failed: 0, missing } : suite("test/vscode/run.mjs");
});

console.log(`\n${elapsed(started)}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);

/**
 * Runs a step, prints a line about it, and adds what it counted.
 *
 * @param {string} name
 * @param {() => Promise<Counts>} body
 */
async function step(name, body) {
  const began = Date.now();
  /** @type {Counts} */
  let counts;
  try {
    counts = await body();
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    counts = { passed: 0, failed: 1 };
  }
  total.passed += counts.passed;
  total.failed += counts.failed;
  console.log(`== ${name}: ${counts.passed} passed, ${counts.failed} failed (${elapsed(began)})`);
  if (counts.missing) console.log(`   not run: ${counts.missing}`);
}

/**
 * A program that passes or fails as a whole; what it says is shown when it fails.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<Counts>}
 */
async function command(program, args) {
  const { code, output } = await run(program, args);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * @param {readonly string[]} native
 * @returns {Promise<Counts>}
 */
async function cargoTest(native) {
  const { code, output } = await run("cargo", ["test", ...native, "--quiet"]);
  const counts = { passed: 0, failed: 0 };
  for (const [, passed, failed] of output.matchAll(/(\d+) passed; (\d+) failed/g)) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
  }
  if (code !== 0) console.log(output.trimEnd());
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {string} name of the report
 * @param {string[]} args
 * @returns {Promise<Counts>}
 */
async function vitest(name = "vitest", ...args) {
  const report = join(root, "artifacts", `${name}.json`);
  rmSync(report, { force: true });
  const bin = join("node_modules", ".bin", "vitest");
  const { code, output } = await run(bin, [
    "run",
    ...args,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  if (code !== 0) console.log(output.slice(-20_000));
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
  // A file that cannot be loaded fails without a failed test.
  return { passed: numPassedTests, failed: code !== 0 ? Math.max(1, numFailedTests) : numFailedTests };
}

/**
 * A suite of its own: a module that exports `run`.
 *
 * @param {string} file
 * @returns {Promise<Counts>}
 */
async function suite(file) {
  const { run: runSuite } = await import(pathToFileURL(join(root, file)).href);
  return runSuite();
}

/** Chromium and code-server. @returns {Promise<string | undefined>} what is missing and how to get it */
async function prepareBrowser() {
  const { prepare } = await import("./setup/browser.mjs");
  return prepare();
}

// Every bundled notebook, from a fresh start: by `tandem run`, and by nbclient over ZeroMQ.
// `node test/notebooks/run.mjs` runs it alone. Needs a built dist/.
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { elapsed, find, root, run as runProgram } from "../../scripts/process.mjs";
import { pythonEnv } from "../../scripts/setup/python-env.mjs";
import { redis } from "../../scripts/setup/redis.mjs";
import { installKernel } from "../protocol/run.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const executed = join(root, "artifacts", "executed");

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {string} [missing] what keeps nbclient from running, and how to get it
 */

/**
 * Runs them all, and says of each how long it took. The executed notebooks are left in artifacts/executed.
 *
 * @returns {Promise<Counts>}
 */
export async function run() {
  const folder = join(root, "notebooks");
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  mkdirSync(executed, { recursive: true });
  const found = await pythonEnv();
  if ("python" in found) await installKernel(found.python);
  const advice = await redis();
  if (advice) console.log(advice);

  /** @type {Counts} */
  const counts = { passed: 0, failed: 0, ...("missing" in found && { missing: found.missing }) };
  const byTandem = async () => {
    for (const name of names.toSorted()) {
      count(
        counts,
        await onceMore(() => runByTandem(join(folder, name), join(executed, name), "python" in found)),
      );
    }
  };
  const byNbclient = async () => {
    if (!("python" in found)) return;
    for (const name of names.toSorted().reverse()) {
      const arguments_ = [join(here, "execute.py"), join(folder, name)];
      count(counts, await onceMore(() => timed(`${name} by nbclient`, found.python, arguments_)));
    }
  };
  // Side by side, from both ends: what one has compiled the other finds.
  await Promise.all([byTandem(), byNbclient()]);
  return counts;
}

/**
 * As the units do (vitest.config.ts): what fails in CI runs once more, since other suites have the processors meanwhile.
 * Each run is told.
 *
 * @param {() => Promise<boolean>} test
 */
async function onceMore(test) {
  return (await test()) || (process.env.CI === "true" && (await test()));
}

/**
 * Runs a notebook by `tandem run`, which must leave its file as it is, and show no error where all that it needs is there.
 *
 * @param {string} file
 * @param {string} executed where the result goes
 * @param {boolean} hasPython
 */
async function runByTandem(file, executed, hasPython) {
  const name = basename(file);
  const before = readFileSync(file);
  const tandem = [join(root, "bin", "tandem.cjs"), "run", file, "--out", executed];
  let ok = await timed(`${name} by tandem run`, process.execPath, tandem);
  if (!readFileSync(file).equals(before)) {
    console.log(`${name} was changed by its run, which writes elsewhere.`);
    ok = false;
  }
  // A cell that a machine without Rust may fail must not fail where Rust is there.
  if (ok && find("cargo") && hasPython) {
    for (const error of errorsIn(executed)) {
      console.log(`${name}: ${error}`);
      ok = false;
    }
  }
  return ok;
}

/**
 * The errors among a notebook's outputs.
 *
 * @param {string} file
 * @returns {string[]}
 */
function errorsIn(file) {
  /** @type {{ cells: { outputs?: { output_type: string, evalue?: string }[] }[] }} */
  const { cells } = JSON.parse(readFileSync(file, "utf8"));
  const outputs = cells.flatMap(({ outputs = [] }) => outputs);
  return outputs.filter((output) => output.output_type === "error").map(({ evalue = "" }) => evalue);
}

/**
 * Runs a program and prints a line about it; its output only if it failed.
 *
 * @param {string} title
 * @param {string} command
 * @param {string[]} args
 */
async function timed(title, command, args) {
  const started = Date.now();
  const { code, output } = await runProgram(command, args);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${title} (${elapsed(started)})`);
  if (code !== 0) console.log(output);
  return code === 0;
}

/** @param {Counts} counts @param {boolean} ok */
function count(counts, ok) {
  if (ok) counts.passed++;
  else counts.failed++;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed, missing } = await run();
  if (missing) console.log(`nbclient did not run: ${missing}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

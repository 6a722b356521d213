// The kernel seen from outside, by Jupyter's own Python clients over ZeroMQ. `node test/protocol/run.mjs` runs it alone.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { must, root } from "../../scripts/process.mjs";
import { pythonEnv } from "../../scripts/setup/python-env.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {string} [missing] what keeps the tests from running, and how to get it; they count as neither then
 */

/**
 * Makes the Python environment, installs the kernel into it and runs the tests. Needs a built dist/.
 *
 * @returns {Promise<Counts>}
 */
export async function run() {
  const found = await pythonEnv();
  if ("missing" in found) return { passed: 0, failed: 0, missing: found.missing };
  const { python } = found;
  await installKernel(python);
  const lines = await output(python, ["-W", "ignore::ResourceWarning", join(here, "main.py")]);
  try {
    const { passed, failed } = JSON.parse(lines.trimEnd().split("\n").at(-1) ?? "");
    return { passed, failed };
  } catch {
    // The runner itself fell over.
    return { passed: 0, failed: 1 };
  }
}

/**
 * Installs the kernel into the environment of `python` alone, where Jupyter's clients of that environment find it.
 *
 * @param {string} python
 */
export async function installKernel(python) {
  const prefix = dirname(dirname(python));
  await must(process.execPath, [join(root, "bin", "tandem.cjs"), "install", "--prefix", prefix]);
}

/**
 * A program's stdout; its stderr goes to the terminal.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
function output(command, args) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    child.on("error", (error) => done(error.message));
    child.on("close", () => done(text));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed, missing } = await run();
  if (missing) console.log(`The protocol tests did not run: ${missing}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

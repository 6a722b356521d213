// A virtual environment under .cache/ with numpy, numba and matplotlib, for the tests of Python cells that use them.
// `node scripts/setup/numbers-env.mjs` makes it by itself.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root, run } from "../process.mjs";
import { pythonEnv } from "./python-env.mjs";

const requirements = join(root, "scripts", "setup", "requirements-numbers.txt");
const venv = join(root, ".cache", "python-numbers");

/**
 * Makes the environment, by the Python of the other one, unless it is there and up to date.
 *
 * @returns {Promise<{ python: string } | { missing: string }>} its interpreter, or why there is none
 */
export async function numbersEnv() {
  const python = join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const stamp = join(venv, "requirements.sha256");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && (await run(python, ["-V"])).code === 0) {
    return { python };
  }
  const base = await pythonEnv();
  if ("missing" in base) return base;
  rmSync(venv, { recursive: true, force: true });
  const made = await run(base.python, ["-m", "venv", venv]);
  if (made.code !== 0) return { missing: `python -m venv failed:\n${made.output.trim()}` };
  const quiet = ["--quiet", "--disable-pip-version-check"];
  const { code, output } = await run(python, [
    "-m",
    "pip",
    "install",
    ...quiet,
    "--only-binary=:all:",
    "-r",
    requirements,
  ]);
  // There are none for each Python: those tests then do not run.
  if (code !== 0) return { missing: `pip could not install numpy, numba and matplotlib:\n${output.trim()}` };
  writeFileSync(`${stamp}.tmp`, wanted);
  renameSync(`${stamp}.tmp`, stamp);
  return { python };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = await numbersEnv();
  console.log("python" in found ? found.python : found.missing);
}

// A virtual environment under .cache/ with the Jupyter clients that the tests speak to the kernel by.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { find, root, run } from "../process.mjs";
import { installDebian } from "./debian.mjs";

const requirements = join(root, "scripts", "setup", "requirements.txt");
/** The oldest Python that the pinned packages run on. */
const oldest = [3, 10];
const venv = join(root, ".cache", "python");

/**
 * Makes the environment unless it is there and up to date.
 *
 * @returns {Promise<{ python: string } | { missing: string }>} its interpreter, or what is missing and how to get it
 */
export async function pythonEnv() {
  const bin = process.platform === "win32" ? "Scripts/python.exe" : "bin/python";
  const python = join(venv, bin);
  const stamp = join(venv, "requirements.sha256");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && (await run(python, ["-V"])).code === 0) {
    return { python };
  }
  // An older list's environment is brought up to date in place: others may be using it, and most of it stays.
  if ((await run(python, ["-m", "pip", "--version"])).code !== 0) {
    const missing = await makeVenv();
    if (missing) return { missing };
  }
  const quiet = ["--quiet", "--disable-pip-version-check"];
  const { code, output } = await run(python, ["-m", "pip", "install", ...quiet, "-r", requirements]);
  if (code !== 0) return { missing: `pip could not install the Jupyter clients:\n${output.trim()}` };
  // Last and whole: a run that was cut short leaves no stamp.
  writeFileSync(`${stamp}.tmp`, wanted);
  renameSync(`${stamp}.tmp`, stamp);
  return { python };
}

/** @returns {Promise<string | undefined>} what keeps the environment from being made, and how to get it */
async function makeVenv() {
  const found = await systemPython();
  if ("missing" in found) return found.missing;
  rmSync(venv, { recursive: true, force: true });
  let made = await run(found.python, ["-m", "venv", venv]);
  // Debian's python3 has the module but not what it copies, which only making one shows.
  if (made.code !== 0) {
    const advice = await installDebian(["python3-venv"], "the protocol tests need Python's venv module");
    if (advice) return advice;
    rmSync(venv, { recursive: true, force: true });
    made = await run(found.python, ["-m", "venv", venv]);
    if (made.code !== 0) return `${found.python} -m venv failed:\n${made.output.trim()}`;
  }
  return undefined;
}

/** @returns {Promise<{ python: string } | { missing: string }>} a Python on PATH that is new enough */
async function systemPython() {
  let python = find("python3") ?? find("python");
  if (!python) {
    const advice = await installDebian(["python3", "python3-venv"], "the protocol tests need Python");
    if (advice) return { missing: advice };
    python = find("python3");
  }
  if (!python) return { missing: "Python is not on PATH." };
  const { output } = await run(python, ["-c", "import sys; print(*sys.version_info[:2])"]);
  const [major = 0, minor = 0] = output.trim().split(" ").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = oldest;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return { python };
  return { missing: `${python} is ${major}.${minor}; the Jupyter clients need Python ${oldest.join(".")}.` };
}

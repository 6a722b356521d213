/** What tests of Python cells share. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const found = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });

/** Whether there is a Python on PATH. */
export const hasPython = found.status === 0;

/** Its interpreter, absolute; empty where there is none. */
export const executable = hasPython ? found.stdout.trim() : "";

const numbers = join(import.meta.dirname, "..", ".cache", "python-numbers");
const ownPython = join(numbers, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** A Python with numpy, numba and matplotlib, which the set-up makes (scripts/setup/numbers-env.mjs); undefined without it. */
export const numbersPython = existsSync(join(numbers, "requirements.sha256")) ? ownPython : undefined;

const tests = join(import.meta.dirname, "..", ".cache", "python", "bin", "python");

/** A Python with the packages of test/protocol, jedi among them, which the set-up makes (scripts/setup/python-env.mjs); undefined without it. */
export const testsPython = existsSync(tests) ? tests : undefined;

/** Interpreters of other versions that are on PATH under their versions' names, each version once: `3.9.18`, or
 * `3.13.0t` without the interpreter lock, to its path. */
export function otherPythons(): Map<string, string> {
  const found = new Map<string, string>();
  for (const minor of [9, 10, 11, 12, 13, 14, 15]) {
    for (const name of [`python3.${minor}`, `python3.${minor}t`]) {
      const about =
        "import sys; print(sys.version.split()[0], sys.executable, getattr(sys, '_is_gil_enabled', lambda: 1)(), sep='\\n')";
      const { status, stdout } = spawnSync(name, ["-c", about], { encoding: "utf8" });
      const [version = "", path = "", gil = ""] = stdout?.split("\n") ?? [];
      if (status === 0 && path) found.set(gil === "False" ? `${version}t` : version, path);
    }
  }
  return found;
}

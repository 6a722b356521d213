/** What tests of Python cells share. */
import { spawnSync } from "node:child_process";

const found = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });

/** Whether there is a Python on PATH. */
export const hasPython = found.status === 0;

/** Its interpreter, absolute; empty where there is none. */
export const executable = hasPython ? found.stdout.trim() : "";

/** Resolves when a condition holds; a test's own limit ends it where it never does. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

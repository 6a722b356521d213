import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import { expect, test } from "vitest";

const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });

/** A kernel that runs one endless Python cell, with a child process of its own. */
const kernel = `
import { PythonProcess } from "./kernel/python/process.ts";
const output = { stream: (name, text) => process.stdout.write(text), display() {}, updateDisplay() {}, clear() {}, result() {}, async drained() {} };
const command = { file: ${JSON.stringify(python.stdout.trim())}, args: [], from: "PATH" };
PythonProcess.start(command, process.cwd(), process.env, output).then((python) => python.run({ file: "cell-1.py", output }, [
  "import os, subprocess",
  "print(os.getpid(), subprocess.Popen(['sleep', '300']).pid)",
  "while True: pass",
].join("\\n"), false));
`;

test.skipIf(python.status !== 0 || process.platform === "win32")(
  "a kernel that is killed takes its Python, busy as it is, and Python's children with it",
  async () => {
    const root = join(import.meta.dirname, "..", "..");
    const folder = mkdtempSync(join(tmpdir(), "tandem-test-"));
    try {
      const outfile = join(folder, "kernel.cjs");
      buildSync({
        stdin: { contents: kernel, resolveDir: root, loader: "ts" },
        bundle: true,
        platform: "node",
        outfile,
      });
      symlinkSync(join(root, "kernel", "python", "runner"), join(folder, "runner"));
      const child = spawn(process.execPath, [outfile], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
      const line = await new Promise<string>((resolve) => {
        createInterface(child.stdout).once("line", resolve);
      });
      const pids = line.split(" ").map(Number);
      expect(pids.map(alive)).toEqual([true, true]);
      child.kill("SIGKILL");
      while (pids.some(alive)) await new Promise((resolve) => setTimeout(resolve, 10));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

/** A zombie that nobody has waited for yet is dead. */
function alive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
}

import { type ChildProcess, spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { createInterface } from "node:readline";
import { Interrupted } from "../engine/interrupted.ts";

/** Who hears the lines that a tool writes. */
export interface Listeners {
  stdout?(line: string): void;
  stderr(line: string): void;
}

/** `low`: it leaves the processor to whatever else wants it. */
export type Priority = "normal" | "low";

/**
 * Runs rustc or cargo in `folder` to its end; its exit code, null where a signal ended it. An aborted signal ends it with
 * all that it started (cargo's compilers, rustc's linker), and rejects with `Interrupted`.
 */
export function runTool(
  command: string,
  args: readonly string[],
  folder: string,
  signal: AbortSignal,
  listeners: Listeners,
  priority: Priority = "normal",
  env: NodeJS.ProcessEnv = {},
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Interrupted());
    const child = spawn(command, args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
      // A group of its own, so that it can be ended as a whole.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    if (priority === "low" && child.pid !== undefined) lower(child.pid);
    const abort = () => endGroup(child);
    signal.addEventListener("abort", abort, { once: true });
    createInterface(child.stdout).on("line", (line) => listeners.stdout?.(line));
    createInterface(child.stderr).on("line", (line) => listeners.stderr(line));
    child.on("error", reject);
    child.on("close", (code) => {
      signal.removeEventListener("abort", abort);
      if (signal.aborted) reject(new Interrupted());
      else resolve(code);
    });
  });
}

function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system does not allow it.
  }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

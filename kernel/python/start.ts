import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PythonCommand } from "./find.ts";
import type { Hello } from "./protocol.ts";
import type { RunnerAddress } from "./socket.ts";

/** How long a Python may take to say hello, in ms: a cold disk, a virus scanner. */
const START_LIMIT = 30_000;

/** A runner that listens. */
export interface StartedRunner extends RunnerAddress {
  readonly child: ChildProcess;
  readonly hello: Hello;
  /** The socket's own folder, to be removed with it. */
  readonly folder: string | undefined;
  /** What stdout held beside the hello: some installations print at start. */
  readonly stdout: Buffer;
}

/** Why a Python could not be used. */
export class StartFailed extends Error {
  /** The version, where it started but is too old. */
  readonly version: string | undefined;
  constructor(message: string, version?: string) {
    super(message);
    this.version = version;
  }
}

/** Starts the runner in a Python. `cwd`: absolute; `env`: the whole environment. Rejects with `StartFailed`. */
export async function startRunner(
  command: PythonCommand,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<StartedRunner> {
  const nonce = randomBytes(16).toString("hex");
  const windows = process.platform === "win32";
  // A folder that only this user can enter; Windows' Python has no Unix sockets.
  const folder = windows ? undefined : await mkdtemp(join(tmpdir(), "tandem-python-"));
  const path = folder ? join(folder, "python") : "";
  const child = spawn(command.file, [...command.args, join(__dirname, "runner"), path], {
    cwd,
    // stdin stays open as long as this process lives: the runner ends with it.
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...env, TANDEM_RUNNER: nonce },
    // A group of its own: ended with its children, and not by the terminal's Ctrl-C.
    detached: !windows,
    windowsHide: true,
  });
  child.stdin?.on("error", () => {}); // Its end is told by "exit".
  try {
    const { hello, stdout } = await heard(child, nonce);
    return { child, hello, folder, nonce, address: hello.address, stdout };
  } catch (error) {
    if (folder) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Waits for the hello. */
function heard(child: ChildProcess, nonce: string): Promise<{ hello: Hello; stdout: Buffer }> {
  return new Promise((resolve, reject) => {
    const start = Buffer.from(`\0${nonce}:hello `);
    let stdout: Buffer = Buffer.alloc(0);
    let stderr = "";
    const settle = (result: { hello: Hello; stdout: Buffer } | StartFailed) => {
      clearTimeout(timer);
      child.stdout?.off("data", onStdout).pause();
      child.stderr?.off("data", onStderr);
      child.off("exit", onExit).off("error", onError);
      if (result instanceof StartFailed) {
        child.kill("SIGKILL");
        reject(result);
      } else resolve(result);
    };
    const onStdout = (chunk: Buffer) => {
      stdout = Buffer.concat([stdout, chunk]);
      const at = stdout.indexOf(start);
      const end = at < 0 ? -1 : stdout.indexOf(10, at);
      if (end < 0) return;
      // The runner is our own code: that is what it says.
      const hello = JSON.parse(stdout.toString("utf8", at + start.length, end)) as Hello;
      if (hello.tooOld) settle(new StartFailed(`It is Python ${hello.version}.`, hello.version));
      else settle({ hello, stdout: Buffer.concat([stdout.subarray(0, at), stdout.subarray(end + 1)]) });
    };
    const onStderr = (chunk: Buffer) => {
      stderr = (stderr + chunk).slice(-2000);
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
      settle(new StartFailed(`It ended with ${signal ?? `exit code ${code}`}. ${stderr.trim()}`.trim()));
    const onError = (error: Error) => settle(new StartFailed(error.message));
    const timer = setTimeout(
      () => settle(new StartFailed(`It said nothing for ${START_LIMIT / 1000} s. ${stderr.trim()}`.trim())),
      START_LIMIT,
    );
    child.stdout?.on("data", onStdout);
    child.stderr?.on("data", onStderr);
    child.on("exit", onExit).on("error", onError);
  });
}

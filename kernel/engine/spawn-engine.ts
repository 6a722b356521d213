import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { FD } from "./protocol.ts";

/** An engine's process and its pipes. */
export interface SpawnedEngine {
  readonly child: ChildProcess;
  /** Of the markers in stdout and stderr. */
  readonly nonce: string;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly events: Readable;
  readonly requests: Writable;
  readonly interrupts: Writable;
  /** Resolves when the process has ended or could not be started; `words`: why it could not. */
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null; words: string }>;
}

/** How long output may take to arrive after the process has gone, in ms: a child that holds the pipe keeps it open. */
const LAST_OUTPUT = 200;

/** Starts an engine. `folder`: the notebook's, where user code runs; `bundles`: where engine.cjs is. */
export function spawnEngine(folder: string, bundles: string): SpawnedEngine {
  // Against chance, not against malice: user code can read it anyway. Node's crypto would take 10 ms to load.
  const nonce = Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2);
  const child = spawn(
    process.execPath,
    // A termination inside a timer's callback would end the process by a failed check of Node's.
    ["--no-force-async-hooks-checks", join(bundles, "engine.cjs"), nonce],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"],
      // A group of its own: ended with its children, and not by the terminal's Ctrl-C.
      detached: process.platform !== "win32",
      windowsHide: true,
    },
  );
  // All were asked for just above: sockets, which go both ways.
  const pipe = (fd: number) => child.stdio[fd] as Readable & Writable;
  const requests = pipe(FD.requests);
  const interrupts = pipe(FD.interrupts);
  // Its end is told by `ended`.
  for (const writable of [requests, interrupts]) writable.on("error", () => {});
  const exit: SpawnedEngine["exit"] = new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal, words: "" }));
    child.on("error", (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, words: error.message });
    });
  });
  const [stdout, stderr, events] = [pipe(1), pipe(2), pipe(FD.events)];
  return { child, nonce, stdout, stderr, events, requests, interrupts, exit };
}

/** Resolves when the process has ended, or could not be started, and its output has arrived. */
export async function ended({ exit, stdout, stderr, events }: SpawnedEngine) {
  const pipes = [stdout, stderr, events].map(
    (pipe) => new Promise<void>((resolve) => pipe.once("close", resolve)),
  );
  const known = await exit;
  await Promise.race([
    Promise.all(pipes),
    new Promise((resolve) => setTimeout(resolve, LAST_OUTPUT).unref()),
  ]);
  return known;
}

/** Ends the process and its children at once. */
export function killEngine({ child }: SpawnedEngine): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

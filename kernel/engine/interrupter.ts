import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { newestChild } from "./child-processes.ts";
import { interruptState } from "./interrupt-state.ts";
import { FD } from "./protocol.ts";

/**
 * The engine's second thread: hears interrupts while user code keeps the main thread busy, and ends the process
 * when the kernel has gone.
 */

const { counters, startedAt } = interruptState(workerData as SharedArrayBuffer);
/** How long the main thread may take to answer before its JavaScript is terminated, in ms. */
const PATIENCE = 15;
/** After so many attempts, a synchronous call must be waiting for a child process: it is asked to end, then ended. */
const ATTEMPTS_BEFORE = { SIGINT: 8, SIGKILL: 24 } as const;

const main = new Session();
main.connectToMainThread();

/** Asks politely (a pending await), then terminates (a loop); again until the main thread has taken note. */
function attempt(asked: number, count = 1): void {
  const answered = () => Atomics.load(counters, 1) >= asked;
  parentPort?.postMessage("interrupt");
  setTimeout(() => {
    if (answered()) return;
    terminate();
    if (count === ATTEMPTS_BEFORE.SIGINT) killNewestChild("SIGINT");
    if (count === ATTEMPTS_BEFORE.SIGKILL) killNewestChild("SIGKILL");
    // Should the termination have hit the note-taking itself, the next message takes its place.
    setTimeout(() => {
      if (!answered()) attempt(asked, count + 1);
    }, PATIENCE);
  }, PATIENCE);
}

let terminating = false;

/** One at a time: those that gather while native code runs would later hit the engine's own JavaScript. */
function terminate(): void {
  if (terminating) return;
  terminating = true;
  main.post("Runtime.terminateExecution", () => {
    terminating = false;
  });
}

function killNewestChild(signal: NodeJS.Signals): void {
  // A child from before this cell is something else that the user started.
  const age = (Date.now() - (startedAt[0] ?? 0)) / 1000 + 0.1;
  for (const pid of newestChild(process.pid, age)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

const pipe = new Socket({ fd: FD.interrupts, readable: true, writable: false });
pipe.on("data", (bytes: Buffer) => {
  if (bytes.length > 0) attempt(Atomics.add(counters, 0, 1) + 1);
});
const kernelHasGone = () => {
  // The engine leads its process group where there are groups: its children go with it.
  if (process.platform !== "win32") process.kill(-process.pid, "SIGKILL");
  process.kill(process.pid, "SIGKILL");
};
pipe.on("end", kernelHasGone);
pipe.on("error", kernelHasGone);

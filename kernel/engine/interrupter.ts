import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { FD } from "./protocol.ts";

/**
 * The engine's second thread: hears interrupts while user code keeps the main thread busy, and ends the process
 * when the kernel has gone.
 */

/** [interrupts asked for, interrupts taken note of by the main thread] */
const counters = new Int32Array(workerData as SharedArrayBuffer);
/** How long the main thread may take to answer before its JavaScript is terminated, in ms. */
const PATIENCE = 15;

const main = new Session();
main.connectToMainThread();

function interrupt(): void {
  const asked = Atomics.add(counters, 0, 1) + 1;
  attempt(asked);
}

/** Asks politely (a pending await), then terminates (a loop); again until the main thread has taken note. */
function attempt(asked: number): void {
  parentPort?.postMessage("interrupt");
  setTimeout(() => {
    if (Atomics.load(counters, 1) >= asked) return;
    main.post("Runtime.terminateExecution", () => {});
    // Should the termination have hit the note-taking itself, the next message takes its place.
    setTimeout(() => {
      if (Atomics.load(counters, 1) < asked) attempt(asked);
    }, PATIENCE);
  }, PATIENCE);
}

const pipe = new Socket({ fd: FD.interrupts, readable: true, writable: false });
pipe.on("data", (bytes: Buffer) => {
  if (bytes.length > 0) interrupt();
});
const kernelHasGone = () => {
  // The engine leads its process group where there are groups: its children go with it.
  if (process.platform !== "win32") process.kill(-process.pid, "SIGKILL");
  process.kill(process.pid, "SIGKILL");
};
pipe.on("end", kernelHasGone);
pipe.on("error", kernelHasGone);

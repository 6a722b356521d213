import { type Runtime, Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { endSystemCall } from "../rust/addon.ts";
import { newestChild } from "./child-processes.ts";
import { ASKED, interruptState, NOTED, UP_TO } from "./interrupt-state.ts";
import { FD } from "./protocol.ts";
import { STRIKE } from "./strike.ts";

/**
 * The engine's second thread: hears interrupts while user code keeps the main thread busy, and ends the process
 * when the kernel has gone.
 */

const { counters, startedAt } = interruptState(workerData as SharedArrayBuffer);
/** How long the main thread may take to answer before the code that it runs is terminated, in ms. */
const PATIENCE = 15;
/** After so many attempts, a synchronous call must be waiting for a child process: it is asked to end, then ended. */
const ATTEMPTS_BEFORE = { SIGINT: 2, SIGKILL: 30 } as const;
/** From this attempt on, code without a frame of the user's own is terminated too. */
const PERSISTENT = 8;
/** So many moments are tried in one attempt. */
const MOMENTS = 50;

const main = new Session();
main.connectToMainThread();
/** The inspector's id of the main thread's `strike`. */
let strikeId: string | undefined;
main.post("Runtime.evaluate", { expression: STRIKE }, (_error, answer) => {
  strikeId = answer?.result.objectId;
});

/** Asks politely (a pending await), then strikes (a loop); again until the main thread has taken note. */
function attempt(asked: number, count = 1): void {
  const answered = () => Atomics.load(counters, NOTED) >= asked;
  parentPort?.postMessage("interrupt");
  setTimeout(() => {
    if (answered()) return;
    strike(count >= PERSISTENT);
    // What is asked of the main thread gets no answer: no JavaScript runs there.
    if ((striking || strikeId === undefined) && count >= ATTEMPTS_BEFORE.SIGINT) leaveSystemCall();
    if (count === ATTEMPTS_BEFORE.SIGINT) killNewestChild("SIGINT");
    if (count === ATTEMPTS_BEFORE.SIGKILL) killNewestChild("SIGKILL");
    setTimeout(() => {
      if (!answered()) attempt(asked, count + 1);
    }, PATIENCE);
  }, PATIENCE);
}

let striking = false;

/**
 * Lets the main thread stop the user code that it is in the middle of. One at a time: while native code runs none arrives.
 * A `Runtime.terminateExecution` from here could arrive between two pieces of JavaScript, and end the next.
 */
function strike(persistent: boolean, tries = MOMENTS): void {
  if (striking || strikeId === undefined) return;
  striking = true;
  const call = {
    objectId: strikeId,
    functionDeclaration: "function (persistent) { return this(persistent); }",
    arguments: [{ value: persistent }],
    returnByValue: true,
  };
  main.post(
    "Runtime.callFunctionOn",
    call,
    (_error: Error | null, answer?: Runtime.CallFunctionOnReturnType) => {
      striking = false;
      // Code that is in V8's hands most of its time is met elsewhere soon.
      if (answer?.result.value === true && tries > 1) strike(persistent, tries - 1);
    },
  );
}

/** The main thread may wait for what a pipe will never give. */
function leaveSystemCall(): void {
  try {
    endSystemCall();
  } catch {
    // Without the addon there is nothing to do it by.
  }
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
/** Each interrupt is the number of the last request that it means: four bytes, which a pipe does not tear. */
pipe.on("data", (bytes: Buffer) => {
  if (bytes.length < 4) return;
  Atomics.store(counters, UP_TO, bytes.readInt32LE(bytes.length - 4));
  attempt(Atomics.add(counters, ASKED, 1) + 1);
});
const kernelHasGone = () => {
  // The engine leads its process group where there are groups: its children go with it.
  if (process.platform !== "win32") process.kill(-process.pid, "SIGKILL");
  process.kill(process.pid, "SIGKILL");
};
pipe.on("end", kernelHasGone);
pipe.on("error", kernelHasGone);

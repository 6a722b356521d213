import { closeSync, openSync, writeSync } from "node:fs";
import { type MessagePort, parentPort, Worker, workerData } from "node:worker_threads";
import { type FromWorker, NOTE, type SentToWorker, STATUS, type WorkerStart } from "../protocol.ts";

/** A worker's line to the engine's main thread, whether it is a thread or a process of its own. */
export interface Line {
  readonly start: WorkerStart;
  /** In memory that the engine sees, where the worker is a thread. */
  readonly status: Int32Array;
  post(message: FromWorker, moved?: readonly ArrayBuffer[]): void;
  onMessage(handle: (messages: SentToWorker) => void): void;
  /** Calls `on` as soon as this worker's event loop has nothing left that could ever go on; gives what ends that. */
  whenIdle(on: () => void): () => void;
  /** Whether each item is to be written down, since nobody sees this worker's status. */
  readonly exact: boolean;
  /** Writes down, where it outlives a crash, that the items from `lo` to before `hi` are worked on. */
  note(run: number, lo: number, hi: number): void;
}

/** The line of this thread, or of this process where its start came by the environment. */
export function openLine(): Line {
  return parentPort ? threadLine(parentPort) : processLine();
}

function threadLine(port: MessagePort): Line {
  // The pool gives it this.
  const start = workerData as WorkerStart & { status: Int32Array };
  return {
    start,
    status: start.status,
    post: (message, moved = []) => port.postMessage(message, moved),
    onMessage: (handle) => void port.on("message", handle),
    whenIdle: (on) => whenIdle(port, on),
    exact: false,
    note: noter(start),
  };
}

function processLine(): Line {
  const start = JSON.parse(process.env.TANDEM_WORKER ?? "") as WorkerStart;
  // User code and its children have no business with it.
  delete process.env.TANDEM_WORKER;
  // Kept: user code may replace them.
  const send = process.send?.bind(process);
  if (!send) throw new Error("A worker process is started by the engine.");
  endWithEngine();
  const status = new Int32Array(STATUS.length);
  return {
    start,
    status,
    post: (message) => void send(message),
    onMessage: (handle) =>
      void process.on("message", (messages: SentToWorker) => {
        handle(messages);
      }),
    // It has a channel, since it can send.
    whenIdle: (on) => whenIdle(process.channel as NonNullable<typeof process.channel>, on),
    exact: true,
    note: noter(start),
  };
}

/**
 * Ends this process when the engine does, which closes its end of our standard input however it ends. A thread watches:
 * the main thread may be in a loop.
 */
function endWithEngine(): void {
  const watch = `
    const input = new (require("node:net").Socket)({ fd: 0, readable: true, writable: false });
    const end = () => process.kill(process.pid, "SIGKILL");
    input.on("end", end).on("error", end).resume();`;
  new Worker(watch, { eval: true }).unref();
}

/**
 * Node tells by `beforeExit` that nothing is left in the loop, whatever it was: timers, sockets, native work. The line
 * itself would keep it alive.
 */
function whenIdle(line: { ref(): void; unref(): void }, on: () => void): () => void {
  const end = () => {
    process.off("beforeExit", told);
    line.ref();
  };
  const told = () => {
    end();
    on();
  };
  process.once("beforeExit", told);
  line.unref();
  return end;
}

/** Writes to the worker's place in the file of notes; does nothing where there is none. */
function noter({ notes, number }: WorkerStart): Line["note"] {
  if (notes === undefined) return () => {};
  let file: number | undefined;
  try {
    file = openSync(notes, "r+");
  } catch {
    return () => {};
  }
  const words = new Float64Array(NOTE.length);
  const place = (number - 1) * words.byteLength;
  process.once("exit", () => file !== undefined && closeSync(file));
  return (run, lo, hi) => {
    words[NOTE.run] = run;
    words[NOTE.lo] = lo;
    words[NOTE.hi] = hi;
    try {
      if (file !== undefined) writeSync(file, words, 0, words.byteLength, place);
    } catch {
      // A full disk: nobody is told which item it was.
      file = undefined;
    }
  };
}

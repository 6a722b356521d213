import { type ResourceLimits, Worker } from "node:worker_threads";
import { detached } from "../../engine/origin.ts";
import { type FromWorker, type SentToWorker, STATUS, type WorkerStart } from "../protocol.ts";

/** How a worker ended: by an error that nobody caught, by `process.exit`, or as a process by a signal. */
export type Death =
  | { readonly error: NodeJS.ErrnoException }
  | { readonly exitCode: number }
  | { readonly signal: string; readonly lastWords: string };

/** What a worker runs in. */
export interface Body {
  send(messages: SentToWorker, moved?: readonly ArrayBuffer[]): void;
  /** The item it works on now; undefined between items. After its end: the last. */
  readonly item: number | undefined;
  /** It takes no further items of this run, or of those before. */
  stop(run: number): void;
  /** Ends it, whatever it does. */
  terminate(): Promise<void>;
}

export interface BodyEvents {
  message(message: FromWorker): void;
  /** Once, however it ended. */
  ended(death: Death): void;
}

/** How to start workers. */
export interface BodyStart {
  /** The worker's bundle. */
  readonly file: string;
  /** Of a thread's heap; Node's own if left out. */
  readonly limits?: ResourceLimits | undefined;
}

/** Starts a worker as a thread of this process. */
export function startThread(
  start: WorkerStart,
  { file, limits }: BodyStart,
  { message, ended }: BodyEvents,
): Body {
  const status = new Int32Array(new SharedArrayBuffer(STATUS.length * Int32Array.BYTES_PER_ELEMENT));
  status[STATUS.item] = -1;
  const thread = detached(
    () =>
      new Worker(file, {
        workerData: { ...start, status },
        name: `tandem worker ${start.number}`,
        ...(limits ? { resourceLimits: limits } : {}),
      }),
  );
  // The engine lives by its pipes, not by its workers.
  thread.unref();
  let error: NodeJS.ErrnoException | undefined;
  thread.on("error", (thrown: NodeJS.ErrnoException) => {
    error = thrown;
  });
  thread.on("message", message);
  thread.on("exit", (exitCode) => ended(error ? { error } : { exitCode }));
  return {
    send: (messages, moved = []) => thread.postMessage(messages, moved),
    get item() {
      const item = Atomics.load(status, STATUS.item);
      return item < 0 ? undefined : item;
    },
    stop: (run) => void Atomics.store(status, STATUS.stopped, run),
    terminate: async () => void (await thread.terminate()),
  };
}

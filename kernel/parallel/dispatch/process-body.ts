import { fork } from "node:child_process";
import { detached } from "../../engine/origin.ts";
import type { FromWorker, WorkerStart } from "../protocol.ts";
import type { Body, BodyEvents, BodyStart } from "./body.ts";
import { clearNote, readNote } from "./notes.ts";

/** So much of what a process wrote last tells why it ended, in UTF-16 units. */
const LAST_WORDS = 4000;

/** Starts a worker as a process: whatever it does, it ends nobody else. */
export function startProcess(start: WorkerStart, { file }: BodyStart, events: BodyEvents): Body {
  // A worker of this number may have ended in the midst of an item.
  clearNote(start.notes, start.number);
  const child = detached(() =>
    fork(file, [], {
      cwd: start.folder,
      // Typed arrays, maps and dates cross as they do between threads.
      serialization: "advanced",
      // Its standard input never brings anything; it closes when the engine ends, however that happens.
      stdio: ["pipe", "pipe", "pipe", "ipc"],
      env: { ...process.env, TANDEM_WORKER: JSON.stringify(start) },
    }),
  );
  child.unref();
  child.channel?.unref();
  let lastWords = "";
  for (const name of ["stdout", "stderr"] as const) {
    const pipe = child[name];
    // What is written past Node, by Rust for instance.
    pipe?.setEncoding("utf8").on("data", (text: string) => {
      if (name === "stderr") lastWords = (lastWords + text).slice(-LAST_WORDS);
      if (!isCrashReport(text)) events.message({ type: "stream", name, text });
    });
    // A pipe of a child is a socket.
    (pipe as unknown as { unref(): void } | null)?.unref();
  }
  (child.stdin as unknown as { unref(): void } | null)?.unref();
  let over = false;
  const ended = (death: Parameters<BodyEvents["ended"]>[0]) => {
    if (over) return;
    over = true;
    events.ended(death);
  };
  // The message comes from our own worker.
  child.on("message", (message) => events.message(message as FromWorker));
  child.on("error", (error) => ended({ error }));
  child.on("exit", (code, signal) => {
    // Its last words may still be in the pipe.
    const tell = () => ended(signal ? { signal, lastWords } : { exitCode: code ?? 0 });
    if (signal && child.stderr && !child.stderr.closed) child.stderr.once("close", tell);
    else tell();
  });
  return {
    send: (messages) =>
      void child.send(messages, (error) => {
        // It has ended, which `exit` tells.
        void error;
      }),
    get item() {
      return readNote(start.notes, start.number)?.lo;
    },
    // It has no memory in common with us: it finishes its chunk, or is ended.
    stop() {},
    terminate: async () => void child.kill("SIGKILL"),
  };
}

/** What V8 and Node write before they abort; the run tells it in its own words. */
const isCrashReport = (text: string): boolean =>
  /^\s*(?:#\n?# Fatal error|FATAL ERROR|<--- Last few GCs --->|----- (?:Native|JavaScript) stack trace -----)/m.test(
    text,
  );

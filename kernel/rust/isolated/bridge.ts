import { type ChildProcess, fork } from "node:child_process";
import { workerData } from "node:worker_threads";
import type { Answer, BridgeData, Question } from "./messages.ts";

/** The engine's thread that talks to the process: it hears answers while the engine's main thread sleeps until one comes. */
export function bridge(): void {
  // call.ts starts it with these.
  const { bundle, answers, port } = workerData as BridgeData;
  const count = new Int32Array(answers);
  let child: ChildProcess | undefined;
  const tell = (answer: Answer) => {
    port.postMessage(answer);
    Atomics.add(count, 0, 1);
    Atomics.notify(count, 0);
  };
  const start = (): ChildProcess => {
    const started = fork(bundle, [], {
      serialization: "advanced",
      // What it prints goes where the engine's own output goes. The pipe behind says that the engine has ended.
      stdio: ["ignore", "inherit", "inherit", "ipc", "pipe"],
    });
    started.on("message", (answer) => tell(answer as Answer));
    started.on("error", (error) => tell({ ended: error.message }));
    started.on("exit", (code, signal) => {
      if (child === started) child = undefined;
      tell({ ended: signal === null ? `exit code ${code}` : signal });
    });
    return started;
  };
  port.on("message", (message: Question | "end") => {
    if (message === "end") {
      child?.kill("SIGKILL");
      return;
    }
    child ??= start();
    child.send(message, (error) => {
      if (error) tell({ ended: error.message });
    });
  });
}

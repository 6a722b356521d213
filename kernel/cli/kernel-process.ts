import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fail, type TandemError } from "../errors.ts";
import { KernelClient } from "../wire/client.ts";

/** How long a kernel may take to end after its shutdown reply, in ms. */
const GRACE = 5000;
/** How much of what the kernel process said last is kept for its obituary, in UTF-16 units. */
const TAIL = 2000;

/** A kernel of our own as a child process, reached over Node IPC. */
export class KernelProcess {
  readonly client: KernelClient;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #said = "";

  /** `folder` becomes the working directory, from which the notebook's imports and files are found. */
  constructor(folder: string) {
    this.#child = fork(join(__dirname, "tandem.cjs"), ["kernel", "--ipc"], {
      cwd: folder,
      serialization: "advanced",
      // User code's output comes as messages; what the kernel process itself prints is about faults.
      stdio: ["ignore", 2, "pipe", "ipc"],
    });
    this.client = new KernelClient(this.#child);
    this.#ended = once(this.#child, "close");
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      process.stderr.write(text);
      this.#said = (this.#said + text).slice(-TAIL);
    });
  }

  /** Asks the running cell to stop. */
  interrupt(): void {
    this.client.request("control", "interrupt_request", {}).catch(() => {});
  }

  /** Shuts the kernel down, and ends it if it does not go by itself. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), GRACE);
    await this.client.request("control", "shutdown_request", { restart: false }).catch(() => {});
    await this.#ended;
    clearTimeout(timer);
  }

  /** Why it ended, once its pipe has closed. */
  async obituary(): Promise<TandemError> {
    await this.#ended;
    const { exitCode, signalCode } = this.#child;
    const how = signalCode ? `signal ${signalCode}` : `exit code ${exitCode}`;
    return fail("kernelEnded", how, this.#said.trim());
  }
}

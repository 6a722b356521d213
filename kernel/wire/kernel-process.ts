import { type ChildProcess, spawn } from "node:child_process";
import { fail, type TandemError } from "../errors.ts";
import { KernelClient } from "./client.ts";

export interface KernelStart {
  /** The Node it runs on, absolute. */
  readonly node: string;
  /** The kernel's bundle, absolute. */
  readonly script: string;
  /** The notebook's folder, absolute: the kernel's working directory. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets what the kernel process itself prints, which is no cell's output. */
  log(text: string): void;
}

/** How long a kernel may take to end by itself once it was asked to, in milliseconds. */
const patience = 5000;

/** How much of what it printed last is kept for the message that tells of its death, in characters. */
const lastWords = 2000;

/** A kernel as a child process, reached over Node IPC. */
export class KernelProcess {
  readonly client: KernelClient;
  /** Resolves with the error to show once the process and its pipe are both gone. */
  readonly ended: Promise<TandemError>;
  readonly #child: ChildProcess;

  /** Starts it; a process that cannot start counts as one that ended. */
  constructor({ node, script, folder, env, log }: KernelStart) {
    this.#child = spawn(node, [script, "kernel", "--ipc"], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "advanced",
      windowsHide: true,
    });
    let tail = "";
    const keep = (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-lastWords);
      log(chunk.toString());
    };
    this.#child.stdout?.on("data", keep);
    this.#child.stderr?.on("data", keep);
    this.client = new KernelClient(this.#child);
    this.ended = new Promise((resolve) => {
      const end = (how: string) => resolve(fail("kernelEnded", how, tail.trim()));
      this.#child.once("error", (error) => end(error.message));
      this.#child.once("exit", (code, signal) => {
        const how = signal ? `signal ${signal}` : `exit code ${code}`;
        // Its last lines may still be in the pipe; a child that it left behind could hold the pipe open for ever.
        const timer = setTimeout(end, 500, how);
        this.#child.once("close", () => {
          clearTimeout(timer);
          end(how);
        });
      });
    });
  }

  /** Stops the running cell and keeps the state. */
  async interrupt(): Promise<void> {
    await this.client.request("control", "interrupt_request", {});
  }

  /** Ends it at once; its children end when they miss it. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Ends it and its children: asked first, killed if that does not help. */
  async stop(): Promise<void> {
    const killer = setTimeout(() => this.#child.kill("SIGKILL"), patience);
    // A kernel that is gone already cannot answer, and need not.
    this.client.request("control", "shutdown_request", { restart: false }).catch(() => {});
    await this.ended;
    clearTimeout(killer);
  }
}

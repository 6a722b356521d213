import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../errors.ts";
import type { PrettierAnswer, PrettierRequest } from "./prettier-process.ts";

/** How long a formatter may take, ms. */
export const patience = 10_000;

/** After how long without a question the process ends, ms. */
const idle = 5 * 60_000;

interface Waiting {
  /** Which process was asked. */
  readonly child: ChildProcess;
  readonly timer: NodeJS.Timeout;
  resolve(answer: PrettierAnswer): void;
  reject(error: Error): void;
}

/** Thrown for a text that a formatter cannot read. */
export class FormatterSyntaxError extends Error {}

/** A folder's Prettier, in a process that is started at the first question and kept. */
export class PrettierProcess {
  readonly #folder: string;
  readonly #program: string;
  readonly #patience: number;
  #child: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #ids = 0;
  readonly #waiting = new Map<number, Waiting>();

  /** `folder`: where plugins are looked for. `program`: the bundle of `prettier-process.ts`. */
  constructor(folder: string, program = join(__dirname, "formatter.cjs"), limit = patience) {
    this.#folder = folder;
    this.#program = program;
    this.#patience = limit;
  }

  /** The formatted text; undefined where nothing configures Prettier for the folder. */
  async format(request: Omit<PrettierRequest, "id">): Promise<string | undefined> {
    const answer = await this.#ask({ ...request, id: ++this.#ids });
    if ("formatted" in answer) return answer.formatted;
    if (!("failed" in answer)) return undefined;
    if (answer.isSyntax) throw new FormatterSyntaxError(answer.failed);
    throw fail("formatterFailed", "Prettier", answer.failed);
  }

  close(): void {
    clearTimeout(this.#idle);
    if (this.#child) this.#end(this.#child);
  }

  #end(child: ChildProcess): void {
    if (this.#child === child) this.#child = undefined;
    child.kill("SIGKILL");
  }

  async #ask(request: PrettierRequest): Promise<PrettierAnswer> {
    clearTimeout(this.#idle);
    const child = this.#running();
    const timer = setTimeout(() => {
      this.#waiting.get(request.id)?.reject(fail("formatterHung", "Prettier", this.#patience / 1000));
      this.#end(child);
    }, this.#patience);
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(request.id, { child, timer, resolve, reject });
        child.send(request);
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(request.id);
      this.#idle = setTimeout(() => this.close(), idle);
      this.#idle.unref();
    }
  }

  #running(): ChildProcess {
    if (this.#child) return this.#child;
    const cwd = existsSync(this.#folder) ? { cwd: this.#folder } : {};
    // Our own options for Node are not the folder's.
    const child = fork(this.#program, [], {
      ...cwd,
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child = child;
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-1000);
    });
    child.on("message", (answer) => {
      // By IPC from our own program.
      const told = answer as PrettierAnswer;
      const waiting = this.#waiting.get(told.id);
      // How long a busy machine takes to start a process is not the formatter's fault.
      if ("started" in told) waiting?.timer.refresh();
      else waiting?.resolve(told);
    });
    const end = (reason: string) => {
      if (this.#child === child) this.#child = undefined;
      for (const waiting of this.#waiting.values())
        if (waiting.child === child) waiting.reject(fail("formatterFailed", "Prettier", reason));
    };
    child.on("error", (error) => end(error.message));
    child.on("exit", (code, signal) => end(said.trim() || `its process ended (${signal ?? code})`));
    child.channel?.unref();
    child.unref();
    return child;
  }
}

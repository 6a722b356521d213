import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { Cell, CellOutcome } from "../cells/cell.ts";
import { TandemError } from "../errors.ts";
import { CallFailed, type EngineCode } from "./engine.ts";
import { encodeFrame, FrameReader } from "./frames.ts";
import { OrderedOutput } from "./ordered-output.ts";
import {
  type EngineEvent,
  type EngineRequest,
  type Failure,
  FD,
  type KernelAnswer,
  type PlacedEvent,
} from "./protocol.ts";

/** What is known of an engine's end. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines it wrote to stderr. */
  readonly lastWords: string;
  /** Where user code called `process.exit`; empty where no cell's line is known. */
  readonly where?: string;
  /** Why the kernel ended it, where the kernel did. */
  readonly reason?: string;
}

interface Pending {
  readonly cell: Cell;
  settle(event: { value?: unknown; failure?: Failure }): void;
  died(exit: EngineExit): void;
}

/** Answers what an engine's part asks of its other half. */
export type AskHandler = (method: string, params: unknown) => Promise<unknown>;

/** How long output may take to arrive after the process has gone, in ms: a child that holds the pipe keeps it open. */
const LAST_OUTPUT = 200;
/** How much of stderr is kept to explain an end, in UTF-16 units. */
const LAST_WORDS = 4000;

/** One engine process. */
export class EngineProcess {
  /** Resolves once it takes requests; to the milliseconds since the process started. */
  readonly ready: Promise<number>;
  /** Resolves when it has ended and all that it said has been handed out. */
  readonly exited: Promise<EngineExit & { /** No request was running. */ idle: boolean }>;
  #alive = true;
  #reason: string | undefined;
  readonly #child: ChildProcess;
  readonly #requests: Writable;
  readonly #interrupts: Writable;
  readonly #onAsk: AskHandler;
  readonly #pending = new Map<number, Pending>();
  /** The cell whose output this is. */
  #current: Cell | undefined;
  #nextId = 1;
  #lastWords = "";
  #where: string | undefined;

  /** `folder`: the notebook's, where user code runs; `bundles`: where engine.cjs is. */
  constructor(folder: string, bundles: string, onAsk: AskHandler) {
    this.#onAsk = onAsk;
    const nonce = randomBytes(8).toString("hex");
    this.#child = spawn(
      process.execPath,
      // A termination inside a timer's callback would end the process by a failed check of Node's.
      ["--no-force-async-hooks-checks", join(bundles, "engine.cjs"), nonce],
      {
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"],
        // A group of its own: ended with its children, and not by the terminal's Ctrl-C.
        detached: process.platform !== "win32",
        windowsHide: true,
      },
    );
    // The pipes were asked for just above, so they are there, in these directions.
    const pipes = this.#child.stdio as unknown as Readable[];
    this.#requests = this.#child.stdio[FD.requests] as Writable;
    this.#interrupts = this.#child.stdio[FD.interrupts] as Writable;
    for (const pipe of [this.#requests, this.#interrupts]) pipe.on("error", () => {}); // Its end is told by "exit".

    let onReady: (ms: number) => void;
    this.ready = new Promise((resolve) => {
      onReady = resolve;
    });
    const output = new OrderedOutput<EngineEvent>(
      nonce,
      (name, text) => this.#text(name, text),
      (event) => (event.type === "ready" ? onReady(event.ms) : this.#event(event)),
    );
    const events = new FrameReader<PlacedEvent>((event) => output.event(event));
    pipes[1]!.on("data", (chunk: Buffer) => output.stdout(chunk));
    pipes[2]!.on("data", (chunk: Buffer) => output.stderr(chunk));
    pipes[FD.events]!.on("data", (chunk: Buffer) => events.push(chunk));

    this.exited = new Promise((resolve) => {
      const end = async (code: number | null, signal: NodeJS.Signals | null, words = "") => {
        this.#alive = false;
        await allEnded([pipes[1]!, pipes[2]!, pipes[FD.events]!]);
        output.end();
        const lastWords = this.#lastWords + words;
        const where = this.#where === undefined ? {} : { where: this.#where };
        const idle = this.#pending.size === 0;
        const reason = this.#reason === undefined ? {} : { reason: this.#reason };
        const exit = { idle, code, signal, lastWords, ...where, ...reason };
        for (const pending of this.#pending.values()) pending.died(exit);
        this.#pending.clear();
        resolve(exit);
      };
      this.#child.once("exit", (code, signal) => void end(code, signal));
      // It could not be started at all.
      this.#child.once("error", (error) => {
        if (this.#child.pid === undefined) void end(null, null, error.message);
      });
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Whether it runs a request. */
  get busy(): boolean {
    return this.#pending.size > 0;
  }

  /** The cell whose output it gives now: the one that runs, or ran last. */
  get cell(): Cell | undefined {
    return this.#current;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  evaluate(cell: Cell, code: EngineCode): Promise<CellOutcome> {
    return new Promise((resolve, reject) => {
      this.#send(
        { type: "evaluate", code },
        {
          cell,
          settle: ({ failure }) =>
            resolve(failure ? { status: "error", error: failure.error } : { status: "ok" }),
          died: (exit) => reject(new EngineExited(exit)),
        },
      );
    });
  }

  call(cell: Cell, method: string, params: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#send(
        { type: "call", method, params },
        {
          cell,
          settle: ({ value, failure }) =>
            failure ? reject(new CallFailed(failure.error, failure.fields)) : resolve(value),
          died: (exit) => reject(new EngineExited(exit)),
        },
      );
    });
  }

  /** Stops what runs now and keeps the state. */
  interrupt(): void {
    if (this.#alive) this.#interrupts.write("!");
  }

  /** Ends it and its children at once; the running cell is told the reason, a sentence. */
  kill(reason: string): void {
    const { pid } = this.#child;
    if (pid === undefined || !this.#alive) return;
    this.#reason = reason;
    try {
      if (process.platform === "win32") this.#child.kill("SIGKILL");
      else process.kill(-pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }

  #send(content: DistributiveOmit<EngineRequest, "id" | "number" | "file">, pending: Pending): void {
    const id = this.#nextId++;
    const { number, file } = pending.cell;
    this.#pending.set(id, pending);
    // After its end, `exited` tells: nobody waits here for good.
    if (!this.#alive) void this.exited.then((exit) => pending.died(exit));
    else this.#requests.write(encodeFrame({ ...content, id, number, file }));
  }

  async #answer({ question, method, params }: Extract<EngineEvent, { type: "ask" }>): Promise<void> {
    let answer: KernelAnswer = { type: "answer", question };
    try {
      answer = { ...answer, value: await this.#onAsk(method, params) };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      const code = error instanceof TandemError ? { code: error.code } : {};
      answer = { ...answer, failure: { name, message, ...code } };
    }
    if (this.#alive) this.#requests.write(encodeFrame(answer));
  }

  #text(name: "stdout" | "stderr", text: string): void {
    if (name === "stderr") this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    this.#current?.output.stream(name, text);
  }

  #event(event: EngineEvent): void {
    const output = this.#current?.output;
    switch (event.type) {
      case "begin":
        this.#current = this.#pending.get(event.id)?.cell ?? this.#current;
        break;
      case "stream":
        this.#text(event.name, event.text);
        break;
      case "display":
        output?.display(event.data, event.metadata, event.displayId);
        break;
      case "update":
        output?.updateDisplay(event.displayId, event.data, event.metadata);
        break;
      case "clear":
        output?.clear(event.wait);
        break;
      case "result":
        output?.result(event.data, event.metadata);
        break;
      case "exiting":
        this.#where = event.where;
        break;
      case "ask":
        void this.#answer(event);
        break;
      case "done":
        this.#pending.get(event.id)?.settle(event);
        this.#pending.delete(event.id);
    }
  }
}

/** The engine ended before it answered. */
export class EngineExited extends Error {
  readonly exit: EngineExit;
  constructor(exit: EngineExit) {
    super("The engine has ended.");
    this.name = "EngineExited";
    this.exit = exit;
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Resolves when all pipes have ended, or shortly after. */
function allEnded(pipes: readonly Readable[]): Promise<void> {
  const ends = pipes.map((pipe) => new Promise<void>((resolve) => pipe.once("close", resolve)));
  return Promise.race([
    Promise.all(ends).then(() => {}),
    new Promise<void>((resolve) => setTimeout(resolve, LAST_OUTPUT).unref()),
  ]);
}

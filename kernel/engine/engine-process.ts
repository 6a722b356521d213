import { deserialize } from "node:v8";
import type { Cell, CellOutcome } from "../cells/cell.ts";
import { TandemError } from "../errors.ts";
import { type Note, takeNotes } from "../parallel/dispatch/notes.ts";
import { RustContent } from "../rust/content.ts";
import { BackPressure } from "./back-pressure.ts";
import { CallFailed, type EngineCode } from "./engine.ts";
import { takeEngine } from "./first-engine.ts";
import { encodeFrame, FrameReader } from "./frames.ts";
import { OrderedOutput } from "./ordered-output.ts";
import type { EngineEvent, EngineRequest, Failure, KernelAnswer, PlacedEvent, Wake } from "./protocol.ts";
import { RichText } from "./rich-text.ts";
import { ended, killEngine, type SpawnedEngine } from "./spawn-engine.ts";

/** What is known of an engine's end. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines it wrote to stderr. */
  readonly lastWords: string;
  /** Where user code called `process.exit`; empty where no cell's line is known. */
  readonly where?: string;
  /** The name of the cell that ran last, as in stacks. */
  readonly file?: string;
  /** Why the kernel ended it, where the kernel did. */
  readonly reason?: string;
  /** No request was running. */
  readonly idle?: boolean;
  /** What parallel workers were at. */
  readonly items?: readonly Note[];
}

interface Pending {
  readonly cell: Cell;
  settle(event: { value?: unknown; failure?: Failure }): void;
  died(exit: EngineExit): void;
}

/** Answers what an engine's part asks of its other half. */
export type AskHandler = (method: string, params: unknown) => Promise<unknown>;

const WAKE = encodeFrame({ type: "wake" } satisfies Wake);

const SESSION_LEFT = "Waiting for the debugger to disconnect...\n";

/** How much of stderr is kept to explain an end, in UTF-16 units. */
const LAST_WORDS = 4000;

/** How many requests back late output finds its cell; what is older goes to the current one. */
const REMEMBERED = 1000;

/** One engine process. */
export class EngineProcess {
  /** Resolves once it takes requests; to the milliseconds since the process started. */
  readonly ready: Promise<number>;
  /** Resolves when it has ended and all that it said has been handed out. */
  readonly exited: Promise<EngineExit>;
  #alive = true;
  #reason: string | undefined;
  readonly #engine: SpawnedEngine;
  readonly #onAsk: AskHandler;
  readonly #pending = new Map<number, Pending>();
  /** The cell whose output this is. */
  #current: Cell | undefined;
  /** The cells of the latest requests, by request: code of theirs may still run. */
  readonly #cells = new Map<number, Cell>();
  #nextId = 1;
  readonly #pressure: BackPressure;
  #lastWords = "";
  #where: string | undefined;

  /** `folder`: the notebook's, where user code runs; `bundles`: where engine.cjs is. */
  constructor(folder: string, bundles: string, onAsk: AskHandler) {
    this.#onAsk = onAsk;
    this.#engine = takeEngine(folder, bundles);
    const { nonce, stdout, stderr, events } = this.#engine;
    let onReady: (ms: number) => void;
    this.ready = new Promise((resolve) => {
      onReady = resolve;
    });
    const content = new RustContent(nonce);
    const rich = new RichText(
      (text) => this.#text("stdout", text),
      (mime, text) => this.#current && content.show(mime, text, this.#current.output),
    );
    const output = new OrderedOutput<EngineEvent>(
      nonce,
      (name, text) => (name === "stdout" ? rich.push(text) : this.#text(name, text)),
      (event) => {
        if (event.type === "done") rich.flush();
        if (event.type === "ready") onReady(event.ms);
        else this.#event(event);
      },
      (content) => {
        this.#pressure.count(content.length, this.#current?.output);
        // The engine is our own code: this is what it encodes.
        return deserialize(content) as PlacedEvent;
      },
    );
    const frames = new FrameReader<PlacedEvent>((event, size) => {
      this.#pressure.count(size, this.#current?.output);
      output.event(event);
    });
    stdout.on("data", (chunk: Buffer) => output.stdout(chunk));
    stderr.on("data", (chunk: Buffer) => output.stderr(chunk));
    events.on("data", (chunk: Buffer) => frames.push(chunk));
    void this.#engine.exit.then(() => {
      this.#alive = false;
      this.#pressure.end();
    });
    this.#pressure = new BackPressure([stdout, stderr, events]);
    this.exited = this.#end(output);
  }

  async #end(output: OrderedOutput<EngineEvent>): Promise<EngineExit> {
    const { code, signal, words } = await ended(this.#engine);
    this.#alive = false;
    output.end();
    const exit: EngineExit = {
      code,
      signal,
      lastWords: this.#lastWords + words,
      ...(this.#where !== undefined && { where: this.#where }),
      ...(this.#current && { file: this.#current.file }),
      ...(this.#reason !== undefined && { reason: this.#reason }),
      idle: this.#pending.size === 0,
      items: this.pid === undefined ? [] : takeNotes(this.pid),
    };
    for (const pending of this.#pending.values()) pending.died(exit);
    this.#pending.clear();
    return exit;
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
    return this.#engine.child.pid;
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

  /**
   * A request is about to come: a process that has slept takes some tenths of a millisecond to be there, which pass while the
   * request is made.
   */
  wake(): void {
    if (this.#alive) this.#engine.requests.write(WAKE);
  }

  /** Stops what runs now and keeps the state. */
  interrupt(): void {
    if (!this.#alive) return;
    const upTo = Buffer.alloc(4);
    upTo.writeInt32LE(this.#nextId - 1);
    this.#engine.interrupts.write(upTo);
  }

  /** Ends it and its children at once; the running cell is told the reason, a sentence. */
  kill(reason: string): void {
    if (!this.#alive) return;
    this.#reason = reason;
    killEngine(this.#engine);
  }

  #send(content: DistributiveOmit<EngineRequest, "id" | "number" | "file">, pending: Pending): void {
    const id = this.#nextId++;
    const { number, file } = pending.cell;
    this.#pending.set(id, pending);
    this.#cells.set(id, pending.cell);
    this.#cells.delete(id - REMEMBERED);
    // After its end, `exited` tells: nobody waits here for good.
    if (!this.#alive) void this.exited.then((exit) => pending.died(exit));
    else this.#engine.requests.write(encodeFrame({ ...content, id, number, file }));
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
    if (this.#alive) this.#engine.requests.write(encodeFrame(answer));
  }

  #text(name: "stdout" | "stderr", text: string, cell = this.#current): void {
    // Node says so of the interrupt thread, whose session with the main thread nobody closes before an end.
    if (name === "stderr" && text.includes(SESSION_LEFT)) {
      this.#text(name, text.replace(SESSION_LEFT, ""), cell);
      return;
    }
    if (name === "stderr") this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    cell?.output.stream(name, text);
    this.#pressure.count(text.length, cell?.output);
  }

  #event(event: PlacedEvent): void {
    const late = event.of === undefined ? undefined : this.#cells.get(event.of);
    const cell = late ?? this.#current;
    const output = cell?.output;
    switch (event.type) {
      case "begin":
        this.#current = this.#pending.get(event.id)?.cell ?? this.#current;
        break;
      case "stream":
        this.#text(event.name, event.text, cell);
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
      case "exiting":
        this.#where = event.where;
        break;
      case "ask":
        void this.#answer(event);
        break;
      case "done":
        if (event.shown)
          this.#pending.get(event.id)?.cell.output.result(event.shown.data, event.shown.metadata);
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

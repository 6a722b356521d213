import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { AskForInput, Cell, CellError, CellOutput } from "../cells/cell.ts";
import { BackPressure } from "../engine/back-pressure.ts";
import { explainExit } from "../engine/death.ts";
import { OrderedOutput } from "../engine/ordered-output.ts";
import { RichText } from "../engine/rich-text.ts";
import { fail } from "../errors.ts";
import { RustContent } from "../rust/content.ts";
import { toCellError } from "./failure.ts";
import type { PythonCommand } from "./find.ts";
import { Looks } from "./looks.ts";
import type { Hello, KernelMessage, RunnerEvent } from "./protocol.ts";
import { moduleFolders, type RefusedNames, type RustCell } from "./rust-cells.ts";
import { type RunnerAddress, RunnerSocket } from "./socket.ts";
import { type StartedRunner, startRunner } from "./start.ts";

/** How long the engine has to note an interrupt before its call in Python is stopped, in ms: it must not call again. */
const ENGINE_FIRST = 20;
/** How long Python has to heed an interrupt, in ms. */
const INTERRUPT_GRACE = 3000;
/** How long it has to run its exit handlers, in ms. */
const CLOSE_GRACE = 1000;
/** How long output may take to arrive after the process has gone, in ms: a child that holds the pipe keeps it open. */
const LAST_OUTPUT = 200;
/** How much of stderr is kept to explain an end, in UTF-16 units. */
const LAST_WORDS = 4000;

type Done = Extract<RunnerEvent, { type: "done" }>;

/** One interpreter: a runner process and the kernel's connection to it. */
export class PythonProcess {
  readonly hello: Hello;
  readonly address: RunnerAddress;
  /** Resolves, when it has ended and its output has been handed out, to the reason, in sentences. */
  readonly ended: Promise<string>;
  alive = true;
  /** Whether the user has been told of its end. */
  endReported = false;
  /** Where its output goes: the cell that runs now, or ran last. */
  output: CellOutput;
  /** How that cell asks the person at the front end, where it can. */
  input: AskForInput | undefined;
  readonly #runner: StartedRunner;
  readonly #ordered: OrderedOutput<RunnerEvent>;
  readonly #pending = new Map<number, { done(event: Done): void; died(why: string): void }>();
  readonly #pressure: BackPressure;
  readonly #looks = new Looks(
    (method, params) => this.#socket.send(method, params),
    () => this.alive && !this.running,
  );
  #socket!: RunnerSocket;
  #lastWords = "";
  /** Why we ended it ourselves. */
  #reason: string | undefined;
  #interrupt: { received: boolean; caught: boolean } | undefined;

  /** Rejects with `StartFailed`. `cwd`: absolute; `env`: the whole environment. */
  static async start(
    command: PythonCommand,
    cwd: string,
    env: NodeJS.ProcessEnv,
    output: CellOutput,
    input?: AskForInput,
  ): Promise<PythonProcess> {
    const runner = await startRunner(command, cwd, env);
    const python = new PythonProcess(runner, output);
    python.input = input;
    python.#socket = await RunnerSocket.open(
      runner,
      "K",
      // The runner is our own code: that is what it says.
      (message) => python.#message(message as KernelMessage),
      () => {}, // "exit" follows.
    );
    return python;
  }

  private constructor(runner: StartedRunner, output: CellOutput) {
    this.#runner = runner;
    this.hello = runner.hello;
    this.address = { address: runner.address, nonce: runner.nonce };
    this.output = output;
    // What Rust cells show, they write into stdout.
    const content = new RustContent(runner.nonce);
    const rich = new RichText(
      (text) => this.#text("stdout", text),
      (mime, text) => content.show(mime, text, this.output),
    );
    this.#ordered = new OrderedOutput<RunnerEvent>(
      runner.nonce,
      (name, text) => (name === "stdout" ? rich.push(text) : this.#text(name, text)),
      (event) => {
        rich.flush();
        this.#event(event);
      },
    );
    const { stdout, stderr } = runner.child;
    this.#ordered.stdout(runner.stdout);
    // startRunner asked for pipes.
    this.#pressure = new BackPressure([stdout!, stderr!]);
    runner.child.once("exit", () => this.#pressure.end());
    stdout!.on("data", (chunk: Buffer) => this.#ordered.stdout(chunk)).resume();
    stderr!.on("data", (chunk: Buffer) => this.#ordered.stderr(chunk));
    this.ended = this.#end();
  }

  /** Of its process; 0 where there is none. */
  get pid(): number {
    return this.#runner.child.pid ?? 0;
  }

  /** Whether it runs a cell; else it may still answer a call from TypeScript. */
  get running(): boolean {
    return this.#pending.size > 0;
  }

  /** Runs a cell's source, in which line 1 is line 1 of the cell. Resolves to what it raised; rejects where Python dies. */
  async run(cell: Cell, source: string, int: boolean): Promise<CellError | undefined> {
    const { error } = await this.#request("run", { source, file: cell.file, int }, cell.file);
    return error && toCellError(error);
  }

  /**
   * Asks on behalf of an editor: `complete` or `inspect`, at an offset in code points. Undefined where nothing is known, and at once
   * while a cell runs; after half a second where Python is busy with what TypeScript has called. Never rejects.
   */
  look(method: "complete" | "inspect", text: string, offset: number): Promise<unknown> {
    return this.#looks.ask(method, text, offset);
  }

  /** Tells of Rust cells, which it has from the next request on. */
  addRustCells(cells: readonly (RustCell | RefusedNames)[]): void {
    const told = cells.map((cell) =>
      "refusal" in cell ? { ...cell, text: fail(cell.refusal).message } : cell,
    );
    if (this.alive) this.#socket.send("rust", { folders: moduleFolders, cells: told });
  }

  /**
   * Raises KeyboardInterrupt in what runs. Ends the process where the interrupt does not even reach Python code in
   * time, or where a second one is caught too and the code goes on.
   */
  async interrupt(): Promise<void> {
    const before = this.#interrupt;
    const current = { received: false, caught: before?.received ?? false };
    this.#interrupt = current;
    if (!this.running) await after(ENGINE_FIRST);
    this.#signal();
    const free = this.#request("ping", {}, "").then(
      () => true,
      () => true,
    );
    const inTime = await Promise.race([free, after(INTERRUPT_GRACE).then(() => false)]);
    if (inTime) {
      this.#interrupt = undefined;
    } else if (!current.received || current.caught) {
      this.#kill(`It did not stop within ${INTERRUPT_GRACE / 1000} s of an interrupt, so it was ended.`);
    } else {
      this.#text(
        "stderr",
        "The code caught the KeyboardInterrupt and goes on. Interrupt again to end Python.\n",
      );
      void free.then(() => {
        if (this.#interrupt === current) this.#interrupt = undefined;
      });
    }
  }

  /** To its children too while a cell runs, as a terminal's Ctrl-C goes: the main thread may wait for a pool of them. */
  #signal(): void {
    const { child } = this.#runner;
    if (process.platform === "win32") child.stdin?.write("i");
    else if (this.running && this.alive && child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    else child.kill("SIGINT");
  }

  /** Ends it, its exit handlers first. */
  async close(): Promise<void> {
    this.#reason = "The kernel closed it.";
    this.#socket.close();
    const timer = setTimeout(() => this.#kill(this.#reason ?? ""), CLOSE_GRACE);
    await this.ended;
    clearTimeout(timer);
  }

  async #request(method: "run" | "ping", params: unknown, doing: string): Promise<Done> {
    const died = (why: string) => {
      if (method === "run") this.endReported = true;
      return fail("pythonDied", this.hello.version, doing, why);
    };
    if (!this.alive) throw died(await this.ended);
    return await new Promise((resolve, reject) => {
      this.#pending.set(this.#socket.send(method, params), {
        done: resolve,
        died: (why) => reject(died(why)),
      });
    });
  }

  #message(message: KernelMessage): void {
    if ("event" in message) this.#ordered.event(message.event);
    else if ("looked" in message) this.#looks.answered(message.looked);
    else if (this.#interrupt) this.#interrupt.received = true;
  }

  #text(name: "stdout" | "stderr", text: string): void {
    if (name === "stderr") this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    this.output.stream(name, text);
    this.#pressure.count(text.length, this.output);
  }

  #event(event: RunnerEvent): void {
    switch (event.type) {
      case "stream":
        this.#text(event.name, event.text);
        break;
      case "display":
        this.output.display(event.data, event.metadata);
        break;
      case "result":
        this.output.result(event.data, event.metadata);
        break;
      case "input":
        void this.#ask(event);
        break;
      case "done":
        // An engine's call: what it printed has been handed on, so its caller may go on.
        if (event.id === undefined) {
          if (this.alive) this.#socket.send("ack", {});
          return;
        }
        this.#pending.get(event.id)?.done(event);
        this.#pending.delete(event.id);
    }
  }

  async #ask({ number, prompt, password }: Extract<RunnerEvent, { type: "input" }>): Promise<void> {
    try {
      const answer = this.input ? { text: await this.input(prompt, password) } : { code: "noStdin" };
      if (this.alive) this.#socket.send("answer", { number, ...answer });
    } catch {
      // The cell was interrupted, and Python with it.
    }
  }

  async #end(): Promise<string> {
    const { child, folder } = this.#runner;
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve([child.exitCode, child.signalCode]);
      else child.once("exit", (...how) => resolve(how));
    });
    this.alive = false;
    const closed = new Promise((resolve) => child.once("close", resolve));
    await Promise.race([closed, after(LAST_OUTPUT)]);
    this.#ordered.end();
    this.#endChildren();
    const crash = folder ? await readFile(join(folder, "python.crash"), "utf8").catch(() => "") : "";
    if (folder) await rm(folder, { recursive: true, force: true });
    const why =
      this.#reason ?? explainExit({ code, signal, lastWords: withoutOurFrames(crash) || this.#lastWords });
    for (const pending of this.#pending.values()) pending.died(why);
    this.#pending.clear();
    this.#looks.end();
    return why;
  }

  #kill(reason: string): void {
    this.#reason = reason;
    this.#runner.child.kill("SIGKILL");
  }

  /** Ends what it left behind: politely, so that multiprocessing's tracker can remove shared memory. */
  #endChildren(): void {
    const { pid } = this.#runner.child;
    if (pid === undefined || process.platform === "win32") return;
    try {
      process.kill(-pid, "SIGTERM");
    } catch {
      // Nothing is left.
    }
  }
}

/** What faulthandler wrote of a crash. */
function withoutOurFrames(crash: string): string {
  const ours = join(__dirname, "runner");
  return crash
    .split("\n")
    .filter((line) => !line.includes(ours) && !line.includes("<frozen runpy>"))
    .join("\n");
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

import type * as vscode from "vscode";
import { catalogue, fail, type TandemError } from "../kernel/errors.ts";
import { type KernelClient, KernelGone } from "../kernel/wire/client.ts";
import type { KernelProcess } from "../kernel/wire/kernel-process.ts";
import type { Message } from "../kernel/wire/message.ts";

import { CellOutputs } from "./cell-outputs.ts";
import { hasTag } from "./notebook.ts";

/** A cell that waits or runs: what to run and where its output goes. */
interface CellRun {
  readonly cell: vscode.NotebookCell;
  readonly outputs: CellOutputs;
  readonly source: string;
  /** Its failure does not call off the cells behind it. */
  readonly mayFail: boolean;
}

/** Asks for a line of text; undefined where the user gives none. */
export type AskUser = (prompt: string, password: boolean) => Promise<string | undefined>;

/** Puts a text into a new cell below another. */
export type InsertBelow = (cell: vscode.NotebookCell, text: string) => Promise<void>;

/** One notebook's kernel and the cells that wait for it. The kernel starts with the first cell, and anew after its death. */
export class NotebookSession {
  readonly #controller: vscode.NotebookController;
  readonly #startKernel: () => Promise<KernelProcess>;
  readonly #diedIdle: (error: TandemError) => void;
  readonly #engineDied: () => void;
  readonly #askPerson: AskUser;
  readonly #insert: InsertBelow;
  #kernel: Promise<KernelProcess> | undefined;
  #waiting: CellRun[] = [];
  #running: CellRun | undefined;
  /** The latest run of each cell: display updates and late output reach these. */
  readonly #runs = new Map<vscode.NotebookCell, CellOutputs>();

  /**
   * `diedIdle` is told of a kernel that ended while no cell ran, and that nobody asked to end; `engineDied` of an engine that its
   * kernel has replaced; `ask` asks the user; `insert` makes the cells that cells ask for.
   */
  constructor(
    controller: vscode.NotebookController,
    startKernel: () => Promise<KernelProcess>,
    diedIdle: (error: TandemError) => void,
    engineDied: () => void,
    ask: AskUser,
    insert: InsertBelow,
  ) {
    this.#insert = insert;
    this.#engineDied = engineDied;
    this.#askPerson = ask;
    this.#controller = controller;
    this.#startKernel = startKernel;
    this.#diedIdle = diedIdle;
  }

  /** Runs cells in their order, behind those that wait already. A cell that fails calls off all that wait, unless it may. */
  async run(cells: readonly { cell: vscode.NotebookCell; source: string }[]): Promise<void> {
    for (const { cell, source } of cells) {
      await this.#runs.get(cell)?.retire();
      const outputs = new CellOutputs(this.#controller, cell);
      this.#runs.set(cell, outputs);
      this.#waiting.push({ cell, outputs, source, mayFail: hasTag(cell.metadata, "raises-exception") });
    }
    if (!this.#running) await this.#work();
  }

  /** Stops the running cell, calls off those that wait and keeps the kernel's state. */
  async interrupt(): Promise<void> {
    await this.#callOff();
    const kernel = await this.#kernel?.catch(() => undefined);
    await kernel?.interrupt().catch(ignoreGone);
  }

  /**
   * Runs the cells again whose variables an engine's death has lost, behind those that wait; `report` is told which one runs.
   * Resolves to what is said at the end, and what stopped it where something did.
   */
  async replay(report: (line: string) => void): Promise<{ said: string; error?: string }> {
    let said = "";
    const { printed, error } = await this.#aside("%recover", (message) => {
      const { msg_type: type } = message.header;
      if (type !== "display_data" && type !== "update_display_data") return;
      said = plainText(message);
      report(said);
    });
    return error === undefined ? { said: `${said} ${printed}`.trim() } : { said, error };
  }

  /** A function of the notebook as a `%%rust` cell, the hottest of the last profile without a name; `said`: what to know of it. */
  async moveToRust(name: string): Promise<{ said: string; text?: string; error?: string }> {
    const { printed, reply, error } = await this.#aside(`%torust ${name}`.trim());
    const text = reply && nextInput(reply);
    return { said: printed, ...(text !== undefined && { text }), ...(error !== undefined && { error }) };
  }

  /** Runs a line that is no cell's, behind what waits; resolves to what it printed, and why it failed where it did. */
  async #aside(
    code: string,
    onMessage: (message: Message) => void = () => {},
  ): Promise<{ printed: string; reply?: Message; error?: string }> {
    let printed = "";
    try {
      const { client } = await this.#ready();
      const content = { code, silent: false, store_history: false, allow_stdin: true, stop_on_error: false };
      const reply = await client.request("shell", "execute_request", content, (message) => {
        const { msg_type: type } = message.header;
        if (type === "input_request") void this.#askUser(message, client);
        if (type === "stream" && message.content.name === "stdout") printed += String(message.content.text);
        onMessage(message);
      });
      if (reply.content.status === "ok") return { printed, reply };
      const lines = Array.isArray(reply.content.traceback) ? reply.content.traceback.map(String) : [];
      return { printed, reply, error: lines.join(" ") || String(reply.content.evalue ?? "") };
    } catch (error) {
      return { printed, error: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Asks the kernel, beside what it runs; undefined where none runs: questions start none. */
  async ask(type: string, content: Record<string, unknown>): Promise<Message["content"] | undefined> {
    try {
      const kernel = await this.#kernel;
      return (await kernel?.client.request("shell", type, content))?.content;
    } catch {
      // It has gone, or did not start: the cell that needs it says so.
      return undefined;
    }
  }

  /** Ends the kernel, whatever it does, and starts a new one. */
  async restart(): Promise<void> {
    await this.stop();
    await this.#ready();
  }

  /** Ends the kernel and everything that it started. */
  async stop(): Promise<void> {
    await this.#callOff();
    // Before the kernel says in its own way that the cell has ended.
    const outputs = this.#running?.outputs;
    const { name, message } = fail("kernelStopped");
    await outputs?.fail(name, message);
    await outputs?.retire();
    const kernel = await this.#kernel?.catch(() => undefined);
    this.#kernel = undefined;
    await kernel?.stop();
  }

  async #work(): Promise<void> {
    for (let run = this.#waiting.shift(); run; run = this.#waiting.shift()) {
      this.#running = run;
      const success = await this.#runOne(run);
      this.#running = undefined;
      if (!success && !run.mayFail) await this.#callOff();
    }
  }

  async #runOne({ cell, outputs, source }: CellRun): Promise<boolean> {
    outputs.start();
    let kernel: KernelProcess | undefined;
    try {
      kernel = await this.#ready();
      const content = {
        code: source,
        silent: false,
        store_history: true,
        user_expressions: {},
        allow_stdin: true,
        stop_on_error: false,
      };
      const { client } = kernel;
      const reply = await client.request("shell", "execute_request", content, (message) =>
        message.header.msg_type === "input_request"
          ? void this.#askUser(message, client)
          : this.#take(outputs, message),
      );
      const { status } = reply.content;
      await outputs.end(status === "aborted" ? undefined : status === "ok");
      const next = nextInput(reply);
      if (next !== undefined) await this.#insert(cell, next);
      return status === "ok";
    } catch (error) {
      const shown = error instanceof KernelGone && kernel ? await kernel.ended : error;
      const { name, message } = shown instanceof Error ? shown : new Error(String(shown));
      await outputs.fail(name, message);
      // Without its kernel no cell behind it can mean what it did, whatever this one's tags say.
      await this.#callOff();
      return false;
    }
  }

  /** Answers a cell's question; Escape interrupts the cell, which would wait for good. */
  async #askUser(question: Message, client: KernelClient): Promise<void> {
    const { prompt, password } = question.content;
    const value = await this.#askPerson(String(prompt), password === true);
    if (value === undefined) await this.interrupt();
    else client.answerInput(question, value);
  }

  #take(outputs: CellOutputs, message: Message): void {
    if (tellsOfDeath(message)) this.#engineDied();
    if (message.header.msg_type !== "update_display_data") outputs.take(message);
    else for (const run of this.#runs.values()) run.takeDisplayUpdate(message);
  }

  #ready(): Promise<KernelProcess> {
    this.#kernel ??= this.#start();
    return this.#kernel;
  }

  #start(): Promise<KernelProcess> {
    const starting = this.#startKernel();
    const forget = () => {
      const current = this.#kernel === starting;
      if (current) this.#kernel = undefined;
      return current;
    };
    starting.then(
      async (kernel) => {
        const error = await kernel.ended;
        // A running cell shows the death itself.
        if (forget() && !this.#running) this.#diedIdle(error);
      },
      () => forget(),
    );
    return starting;
  }

  async #callOff(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { outputs } of waiting) await outputs.end(undefined);
  }
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof KernelGone)) throw error;
}

/** Whether a message says that the engine has ended: a running cell's error, or below an idle one's output. */
function tellsOfDeath({ header, content }: Message): boolean {
  if (header.msg_type === "error") return content.ename === "EngineDied";
  return header.msg_type === "stream" && String(content.text).includes(catalogue.engineDied("").what);
}

/** What a display says as plain text. */
function plainText({ content }: Message): string {
  const { data } = content;
  return typeof data === "object" && data !== null && "text/plain" in data ? String(data["text/plain"]) : "";
}

/** What a cell asks to be put into a new cell below it: Jupyter's payload `set_next_input`. */
function nextInput({ content }: Message): string | undefined {
  const payload: unknown[] = Array.isArray(content.payload) ? content.payload : [];
  for (const one of payload) {
    if (typeof one !== "object" || one === null || !("source" in one) || !("text" in one)) continue;
    if (one.source === "set_next_input" && typeof one.text === "string") return one.text;
  }
  return undefined;
}

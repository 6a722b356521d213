import * as vscode from "vscode";
import type { Message } from "../kernel/wire/message.ts";
import { errorItem } from "./mime.ts";
import {
  joinOperations,
  noOutput,
  type OutputData,
  type OutputOperation,
  type OutputState,
  reduceDisplayUpdate,
  reduceOutput,
} from "./outputs.ts";

/** How long output is collected before it goes to the window, in milliseconds; after the run each time opens an execution. */
const collectFor = 40;
const collectLateFor = 250;
/** The window goes through all of an output's text for each piece that is added: so the more there is, the rarer the pieces. */
const bytesPerMillisecond = 10_000;

/** What VS Code shows of a run beside its outputs. Times in milliseconds since 1970. */
interface RunSummary {
  order: number | undefined;
  start: number;
  end: number | undefined;
  success: boolean | undefined;
}

/**
 * One run of one cell and the outputs it leaves. What comes after the run is over (a timer prints, a later cell updates
 * a display) still reaches them: VS Code lets outputs change only within an execution, so a short one with the times of
 * the first is opened for it.
 */
export class CellOutputs {
  readonly cell: vscode.NotebookCell;
  readonly #controller: vscode.NotebookController;
  #execution: vscode.NotebookCellExecution | undefined;
  #state: OutputState = noOutput;
  #waiting: OutputOperation[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** How much text the outputs have, in bytes. */
  #shown = 0;
  /** What is on its way to the window. */
  #flushing: Promise<void> | undefined;
  #retired = false;
  readonly #outputs = new Map<number, vscode.NotebookCellOutput>();
  readonly #summary: RunSummary = { order: undefined, start: 0, end: undefined, success: undefined };

  /** Shows the cell as waiting. */
  constructor(controller: vscode.NotebookController, cell: vscode.NotebookCell) {
    this.#controller = controller;
    this.cell = cell;
    this.#execution = controller.createNotebookCellExecution(cell);
  }

  /** The cell's turn has come: its old outputs go. */
  start(): void {
    this.#summary.start = Date.now();
    this.#execution?.start(this.#summary.start);
    void this.#execution?.clearOutput();
  }

  /** Takes an iopub message of this run. */
  take(message: Message): void {
    if (message.header.msg_type === "execute_input") {
      this.#summary.order = Number(message.content.execution_count);
      if (this.#execution) this.#execution.executionOrder = this.#summary.order;
      return;
    }
    const [state, operations] = reduceOutput(this.#state, message);
    this.#state = state;
    this.#collect(operations);
  }

  /** Takes a display update, whichever cell sent it. */
  takeDisplayUpdate(message: Message): void {
    this.#collect(reduceDisplayUpdate(this.#state, message));
  }

  /** Ends the run with an error of ours below what the cell has printed. */
  async fail(name: string, message: string): Promise<void> {
    const output: OutputData = { items: [errorItem(name, message, "")], metadata: { outputType: "error" } };
    this.#collect([{ kind: "add", id: this.#state.nextId, output }]);
    await this.end(false);
  }

  /** The cell runs again: what still comes of this run is dropped. Resolves when VS Code accepts a new execution. */
  async retire(): Promise<void> {
    this.#retired = true;
    this.#waiting = [];
    await this.end(undefined);
    this.#outputs.clear();
    this.#state = noOutput;
  }

  /** Ends the run: `undefined` where the cell never ran. Resolves when the window has all of its output. */
  async end(success: boolean | undefined): Promise<void> {
    await this.#flush();
    const execution = this.#execution;
    if (!execution) return;
    this.#execution = undefined;
    this.#summary.success = success;
    this.#summary.end = success === undefined ? undefined : Date.now();
    execution.end(success, this.#summary.end);
  }

  #collect(operations: readonly OutputOperation[]): void {
    if (operations.length === 0 || this.#retired) return;
    for (const operation of operations) {
      if (operation.kind === "clear") this.#shown = 0;
      if (operation.kind === "extend") this.#shown += operation.item.data.length;
    }
    this.#waiting.push(...operations);
    this.#collectOn();
  }

  /** A window that is slow gets more at once: nothing is sent before it has what was sent last. */
  #collectOn(): void {
    if (this.#flushing || this.#waiting.length === 0) return;
    const wait = this.#execution ? collectFor : collectLateFor;
    this.#timer ??= setTimeout(() => this.#flush(), wait + this.#shown / bytesPerMillisecond);
  }

  /** Hands what was collected to the window, after what was handed over before. */
  async #flush(): Promise<void> {
    while (this.#flushing) await this.#flushing;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const operations = joinOperations(this.#waiting);
    this.#waiting = [];
    if (operations.length === 0) return;
    const execution = this.#execution;
    const apply = (one: vscode.NotebookCellExecution) => this.#apply(one, operations);
    this.#flushing = execution ? apply(execution) : this.#reopened(apply);
    try {
      await this.#flushing;
    } finally {
      this.#flushing = undefined;
      this.#collectOn();
    }
  }

  async #reopened(change: (execution: vscode.NotebookCellExecution) => Promise<void>): Promise<void> {
    const { order, start, end, success } = this.#summary;
    let execution: vscode.NotebookCellExecution;
    try {
      execution = this.#controller.createNotebookCellExecution(this.cell);
    } catch {
      // The cell is gone, or runs again: these outputs are of the past.
      return;
    }
    execution.executionOrder = order;
    execution.start(start);
    await change(execution);
    execution.end(success, end);
  }

  async #apply(execution: vscode.NotebookCellExecution, operations: OutputOperation[]): Promise<void> {
    // Sent in order and only then waited for: each call is a message to the window.
    await Promise.all(operations.map((operation) => this.#applyOne(execution, operation)));
  }

  async #applyOne(execution: vscode.NotebookCellExecution, operation: OutputOperation): Promise<void> {
    if (operation.kind === "clear") {
      this.#outputs.clear();
      return execution.clearOutput();
    }
    if (operation.kind === "add") {
      const output = toOutput(operation.output);
      this.#outputs.set(operation.id, output);
      return execution.appendOutput(output);
    }
    const output = this.#outputs.get(operation.id);
    if (!output) return;
    if (operation.kind === "extend") return execution.appendOutputItems(toItem(operation.item), output);
    const { items } = operation.output;
    this.#shown = Math.max(this.#shown, ...items.map(({ data }) => data.length));
    return execution.replaceOutputItems(items.map(toItem), output);
  }
}

function toOutput({ items, metadata }: OutputData): vscode.NotebookCellOutput {
  return new vscode.NotebookCellOutput(items.map(toItem), metadata);
}

function toItem({ mime, data }: OutputData["items"][number]): vscode.NotebookCellOutputItem {
  return new vscode.NotebookCellOutputItem(data, mime);
}

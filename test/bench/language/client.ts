import { type ChildProcess, spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import {
  type CompletionList,
  createProtocolConnection,
  type Diagnostic,
  type Position,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

/** How a language server is started. */
export interface ServerLaunch {
  readonly command: string;
  readonly args: readonly string[];
  readonly initializationOptions: object;
  /** The settings that it asks for, by section. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The language of its cells. */
  readonly language: string;
}

/** A language server with one notebook open, driven as VS Code does. */
export class NotebookServer {
  readonly process: ChildProcess;
  /** Milliseconds from the start of the process until each cell with a mistake was told of. */
  readonly told = new Map<number, number>();
  readonly #connection: ProtocolConnection;
  readonly #started = performance.now();
  readonly #uri: string;
  readonly #path: string;
  readonly #cells: string[];
  readonly #listeners = new Set<() => void>();
  #version = 1;

  private constructor(launch: ServerLaunch, folder: string, cells: readonly string[]) {
    const path = pathToFileURL(`${folder}/notebook.ipynb`);
    this.#uri = path.href;
    this.#path = path.pathname;
    this.#cells = [...cells];
    this.process = spawn(launch.command, launch.args, { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    const { stdin, stdout } = this.process;
    if (!stdin || !stdout) throw new Error("The server has no pipes.");
    this.#connection = createProtocolConnection(
      new StreamMessageReader(stdout),
      new StreamMessageWriter(stdin),
    );
    this.#connection.onRequest("workspace/configuration", ({ items }) =>
      items.map(({ section = "" }) => launch.settings[section] ?? null),
    );
    this.#connection.onRequest("client/registerCapability", () => null);
    this.#connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) =>
      this.#diagnosed(uri, diagnostics),
    );
    this.#connection.listen();
  }

  static async start(
    launch: ServerLaunch,
    folder: string,
    cells: readonly string[],
  ): Promise<NotebookServer> {
    const server = new NotebookServer(launch, folder, cells);
    await server.#connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "notebooks" }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: {
          publishDiagnostics: {},
          completion: { completionItem: { labelDetailsSupport: true }, contextSupport: true },
        },
        notebookDocument: { synchronization: {} },
      },
      initializationOptions: launch.initializationOptions,
    });
    await server.#connection.sendNotification("initialized", {});
    await server.#connection.sendNotification("notebookDocument/didOpen", {
      notebookDocument: {
        uri: server.#uri,
        notebookType: "jupyter-notebook",
        version: 1,
        cells: cells.map((_cell, index) => ({ kind: 2, document: server.#cellUri(index) })),
      },
      cellTextDocuments: cells.map((text, index) => ({
        uri: server.#cellUri(index),
        languageId: launch.language,
        version: 1,
        text,
      })),
    });
    return server;
  }

  /** Resolves when the cells were told of that have a mistake. */
  async toldOf(cells: readonly number[], ms = 120_000): Promise<void> {
    const limit = performance.now() + ms;
    while (!cells.every((cell) => this.told.has(cell))) {
      if (performance.now() > limit)
        throw new Error(`Not told of cell ${cells.find((cell) => !this.told.has(cell))}.`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 500);
        this.#listeners.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
      this.#listeners.clear();
    }
  }

  /** Replaces a cell's text as if `added` were written at its end, and asks for completions there. Milliseconds, and the labels. */
  async editAndComplete(cell: number, added: string): Promise<{ ms: number; labels: string[] }> {
    const before = this.#cells[cell] ?? "";
    const text = `${before}\n${added}`;
    const uri = this.#cellUri(cell);
    const version = ++this.#version;
    const position: Position = {
      line: text.split("\n").length - 1,
      character: added.split("\n").at(-1)?.length ?? 0,
    };
    const started = performance.now();
    void this.#connection.sendNotification("notebookDocument/didChange", {
      notebookDocument: { uri: this.#uri, version },
      change: { cells: { textContent: [{ document: { uri, version }, changes: [{ text }] }] } },
    });
    const answer = (await this.#connection.sendRequest("textDocument/completion", {
      textDocument: { uri },
      position,
      context: { triggerKind: 1 },
    })) as CompletionList | CompletionList["items"] | null;
    const ms = performance.now() - started;
    const items = Array.isArray(answer) ? answer : (answer?.items ?? []);
    return { ms, labels: items.map(({ label }) => label) };
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.#connection.dispose();
    this.process.kill("SIGKILL");
    await ended;
  }

  #diagnosed(uri: string, diagnostics: readonly Diagnostic[]): void {
    const cell = Number(/cell(\d+)$/.exec(uri)?.[1]);
    if (!diagnostics.some(({ severity = 1 }) => severity === 1) || this.told.has(cell)) return;
    this.told.set(cell, performance.now() - this.#started);
    for (const wake of this.#listeners) wake();
  }

  #cellUri(index: number): string {
    return `vscode-notebook-cell:${this.#path}#cell${index}`;
  }
}

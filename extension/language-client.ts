/** The language server's client: a bundle of its own, loaded when the first notebook of ours is open. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
  TransportKind,
} from "vscode-languageclient/node";
import type { InitializationOptions } from "../kernel/language/cell-language.ts";
import { type AfterCrash, Crashes, howEnded } from "./crashes.ts";
import { explicitSettings } from "./explicit-settings.ts";
import { registerFeatures, unregisterFeatures } from "./language-features.ts";
import type { OwnNotebooks } from "./own-notebooks.ts";

export interface CellClientOptions {
  /** Path of dist/language.cjs. */
  readonly server: string;
  readonly log: vscode.LogOutputChannel;
  readonly own: OwnNotebooks;
  /** The server ended by itself; `after` is what is done about it. */
  readonly onCrash: (how: string, after: AfterCrash) => void;
}

/** The server of a window and what of VS Code is connected with it. */
export class CellClient {
  readonly #options: CellClientOptions;
  readonly #client: LanguageClient;
  readonly #crashes = new Crashes();
  readonly #listeners: vscode.Disposable[];
  #end = howEnded(null, null);

  constructor(options: CellClientOptions) {
    this.#options = options;
    // Without a runtime the module runs on the extension host's own, on the desktop Electron as Node.
    const module = { module: options.server, transport: TransportKind.ipc };
    const servers = { run: module, debug: module };
    this.#client = new LanguageClient("tandem", "Tandem", servers, this.#clientOptions());
    this.#listeners = [
      this.#client.onDidChangeState(({ newState }) => {
        if (newState === State.Running) this.#connected();
      }),
      options.own.onDidChange(({ notebook, ours }) => {
        void (ours ? this.#open(notebook) : this.#close(notebook));
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#client.sendNotification("tandem/trusted")),
    ];
  }

  async start(): Promise<void> {
    await this.#client.start();
  }

  async stop(): Promise<void> {
    for (const listener of this.#listeners) listener.dispose();
    // One that has ended, or never started, has nothing to be stopped.
    await this.#client.dispose().catch(() => {});
  }

  #clientOptions(): LanguageClientOptions {
    const { log, own } = this.#options;
    return {
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions,
      notebookDocumentOptions: {
        filterCells: (notebook, cells) =>
          own.has(notebook) ? cells.filter(({ kind }) => kind === vscode.NotebookCellKind.Code) : [],
      },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.#ended(),
      },
      middleware: {
        workspace: {
          configuration: async (params, token, next) => {
            const values = await next(params, token);
            // What is no list is an error.
            if (!Array.isArray(values)) return values;
            return values.map((value, index) => writtenIn(params.items[index]?.section ?? "", value));
          },
        },
      },
    };
  }

  #ended() {
    const after = this.#crashes.add(Date.now());
    this.#options.log.error(`The language server ended: ${this.#end}.`);
    this.#options.onCrash(this.#end, after);
    const action = after === "stop" ? CloseAction.DoNotRestart : CloseAction.Restart;
    return { action, handled: true };
  }

  /** A server runs, the first or one after a crash. Notebooks that are open it is told of by the library. */
  #connected(): void {
    const { serverProcess } = this.#client;
    this.#end = howEnded(null, null);
    serverProcess?.once("exit", (code, signal) => {
      this.#end = howEnded(code, signal);
    });
    this.#options.log.info(`The language server runs as process ${serverProcess?.pid}.`);
    for (const notebook of this.#options.own.all) registerFeatures(this.#client, notebook);
  }

  async #open(notebook: vscode.NotebookDocument): Promise<void> {
    if (!this.#client.isRunning()) return;
    registerFeatures(this.#client, notebook);
    const sync = this.#syncOf(notebook);
    if (sync && !sync.getSynchronizedCells(notebook)) await sync.sendDidOpenNotebookDocument(notebook);
  }

  async #close(notebook: vscode.NotebookDocument): Promise<void> {
    if (!this.#client.isRunning()) return;
    unregisterFeatures(this.#client, notebook);
    const sync = this.#syncOf(notebook);
    if (sync?.getSynchronizedCells(notebook)) await sync.sendDidCloseNotebookDocument(notebook);
  }

  #syncOf(notebook: vscode.NotebookDocument) {
    const [cell] = notebook.getCells();
    return cell && this.#client.getFeature("notebookDocument/sync").getProvider(cell);
  }
}

/** What the server is told when it starts, as it is then. */
function initializationOptions(): InitializationOptions {
  const rustAnalyzer = bundledRustAnalyzer();
  return { trusted: vscode.workspace.isTrusted, ...(rustAnalyzer && { rustAnalyzer }) };
}

/** The unified settings of TypeScript without those that have their defaults; any other section as it is. */
function writtenIn(section: string, value: unknown): unknown {
  if (section !== "js/ts") return value;
  const settings = vscode.workspace.getConfiguration(section);
  const isSet = (path: string) => {
    const found = settings.inspect(path);
    return Object.entries(found ?? {}).some(
      ([where, one]) => /Value$/.test(where) && where !== "defaultValue" && one !== undefined,
    );
  };
  return explicitSettings(value, isSet) ?? null;
}

/** The server inside the rust-analyzer extension, which puts none on PATH. */
function bundledRustAnalyzer(): string | undefined {
  const extension = vscode.extensions.getExtension("rust-lang.rust-analyzer");
  if (!extension) return undefined;
  const name = process.platform === "win32" ? "rust-analyzer.exe" : "rust-analyzer";
  const path = join(extension.extensionPath, "server", name);
  return existsSync(path) ? path : undefined;
}

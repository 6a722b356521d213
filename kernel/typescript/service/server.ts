import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { LspConnection, ServerEnded } from "./connection.ts";

/** A place in a document, 0-based, in UTF-16 units. */
export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

/** A changed file on disk. */
export interface FileChange {
  readonly path: string;
  readonly change: "created" | "changed" | "deleted";
}

const CHANGE = { created: 1, changed: 2, deleted: 3 } as const;

export interface ServerOptions {
  /** LSP's client capabilities of text documents; what the kernel needs if left out. */
  readonly capabilities?: object;
  /** See `LspConnection`. */
  readonly settings?: (sections: readonly string[]) => Promise<unknown[]>;
}

/**
 * TypeScript's language server over documents that exist in memory alone, as if they were files in one folder, or in any for
 * absolute names. Started at the first request; one that died is started again, with all documents in the order in which they were set.
 */
export class TypeScriptServer {
  readonly #file: string;
  readonly #folder: string;
  readonly #documents = new Map<string, string>();
  #versions = 1;
  #connection: LspConnection | undefined;
  #closed = false;
  #initialized: Promise<unknown> = Promise.resolve();
  readonly #options: ServerOptions;

  /** `file`: the compiler's program. */
  constructor(file: string, folder: string, options: ServerOptions = {}) {
    this.#file = file;
    this.#folder = folder;
    this.#options = options;
  }

  /** Sets a document's text; opens it if it is new. */
  set(name: string, text: string): void {
    const before = this.#documents.get(name);
    if (before === text) return;
    this.#documents.set(name, text);
    const connection = this.#connection;
    if (!connection) return;
    if (before === undefined) this.#open(connection, name, text);
    else {
      const textDocument = { uri: this.uriOf(name), version: ++this.#versions };
      connection.notify("textDocument/didChange", { textDocument, contentChanges: [{ text }] });
    }
  }

  remove(name: string): void {
    if (!this.#documents.delete(name)) return;
    this.#connection?.notify("textDocument/didClose", { textDocument: { uri: this.uriOf(name) } });
  }

  /** Tells of files on disk that are other than before. */
  filesChanged(changes: readonly FileChange[]): void {
    if (changes.length === 0) return;
    this.#connection?.notify("workspace/didChangeWatchedFiles", {
      changes: changes.map(({ path, change }) => ({ uri: pathToFileURL(path).href, type: CHANGE[change] })),
    });
  }

  /**
   * Asks about a document: `textDocument/<method>`. If the server ends meanwhile it is started again and asked once
   * more. The caller knows the result's shape from the protocol.
   */
  ask<T>(method: string, name: string, params: object = {}, signal?: AbortSignal): Promise<T> {
    const request = { textDocument: { uri: this.uriOf(name) }, ...params };
    return this.request(`textDocument/${method}`, request, signal);
  }

  /** The same for any request. */
  async request<T>(method: string, params: object, signal?: AbortSignal): Promise<T> {
    const ask = async () => (await this.#running().request(method, params, signal)) as T;
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ServerEnded) || this.#closed) throw error;
      return await ask();
    }
  }

  /** Tells the server, where it runs. */
  notify(method: string, params: object): void {
    this.#connection?.notify(method, params);
  }

  /** What the server answered to `initialize`: LSP's InitializeResult, undefined if it did not. */
  async initialized(): Promise<unknown> {
    this.#running();
    return this.#initialized;
  }

  /** Resolves when the process has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#connection?.close();
  }

  #running(): LspConnection {
    if (this.#closed) throw new ServerEnded();
    if (this.#connection?.alive) return this.#connection;
    const connection = new LspConnection(this.#file, this.#folder, this.#options.settings);
    this.#connection = connection;
    // Messages are handled in their order: nothing has to wait for the answer.
    const { capabilities = needed } = this.#options;
    const root = pathToFileURL(this.#folder).href;
    this.#initialized = connection
      .request("initialize", initialization(root, capabilities))
      .catch(() => undefined);
    connection.notify("initialized", {});
    for (const [name, text] of this.#documents) this.#open(connection, name, text);
    return connection;
  }

  #open(connection: LspConnection, name: string, text: string): void {
    const languageId = name.endsWith("x") ? "typescriptreact" : "typescript";
    connection.notify("textDocument/didOpen", {
      textDocument: { uri: this.uriOf(name), languageId, version: ++this.#versions, text },
    });
  }

  /** The URI that the server knows a document by. */
  uriOf(name: string): string {
    return pathToFileURL(resolve(this.#folder, name)).href;
  }
}

/** What is asked of the server by the kernel. */
const needed = {
  diagnostic: {},
  documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  hover: { contentFormat: ["markdown"] },
  completion: { completionItem: { documentationFormat: ["markdown"] } },
};

const initialization = (rootUri: string, textDocument: object) => ({
  processId: process.pid,
  rootUri,
  // It is told of settings when it asks.
  capabilities: { workspace: { configuration: true }, textDocument },
});

/**
 * A client of the language server, for tests: it opens notebooks as VS Code does and asks.
 *
 *     await withLanguages({ folder }, async (client) => {
 *       const nb = client.open(["const a = 1", "a.‸"]);        // ‸ is a cursor: nb.places[0]
 *       const list = await nb.complete(nb.places[0]);
 *       expect(await nb.diagnosticsOf(0)).toEqual([]);
 *     });
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type ClientCapabilities,
  type CodeAction,
  type CompletionItem,
  type CompletionList,
  createProtocolConnection,
  type Diagnostic,
  type Hover,
  type Position,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";

export interface LanguageClientOptions {
  /** The notebooks' folder; an empty one, removed after, if left out. */
  readonly folder?: string;
  readonly trusted?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly capabilities?: ClientCapabilities;
  /** The editor's settings by section, as they are when the server asks; it does with the capability for it. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Further initialization options. */
  readonly options?: object;
}

/** A cell's place, with its index among the cells. */
export interface CellPosition extends Position {
  readonly cell: number;
}

/** A cell's text; one of another language than TypeScript names it. */
export type CellSource = string | { readonly language: string; readonly text: string };

export class LanguageClient {
  readonly folder: string;
  readonly process: ChildProcess;
  readonly connection: ProtocolConnection;
  /** The latest diagnostics that the server sent, by cell. */
  readonly diagnostics = new Map<string, Diagnostic[]>();
  #count = 0;
  readonly #waiting = new Set<() => void>();

  constructor(folder: string, env: NodeJS.ProcessEnv = {}) {
    const bundles = process.env.TANDEM_TEST_BUNDLES;
    if (!bundles)
      throw new Error("Tests that start the language server run under Vitest, whose set-up builds it.");
    this.folder = folder;
    this.process = spawn(process.execPath, [join(bundles, "language.cjs"), "--stdio"], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...env },
    });
    const { stdin, stdout } = this.process;
    if (!stdin || !stdout) throw new Error("The server has no pipes.");
    this.connection = createProtocolConnection(
      new StreamMessageReader(stdout),
      new StreamMessageWriter(stdin),
    );
    this.connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) => {
      this.diagnostics.set(uri, diagnostics);
      for (const wake of this.#waiting) wake();
    });
    this.connection.onRequest("client/registerCapability", () => null);
    this.connection.listen();
  }

  async initialize({
    trusted = true,
    capabilities = {},
    settings = {},
    options,
  }: LanguageClientOptions): Promise<unknown> {
    this.connection.onRequest("workspace/configuration", ({ items }) =>
      items.map(({ section = "" }) => settings[section] ?? null),
    );
    const answer = await this.connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(this.folder).href,
      workspaceFolders: [{ uri: pathToFileURL(this.folder).href, name: "folder" }],
      capabilities,
      initializationOptions: { trusted, ...options },
    });
    await this.connection.sendNotification("initialized", {});
    return answer;
  }

  /** Opens a notebook with these cells, in the file `name` of the folder. */
  open(sources: readonly CellSource[], name = `notebook-${++this.#count}.ipynb`): OpenedNotebook {
    return new OpenedNotebook(this, name, sources);
  }

  /** Resolves with what `find` gives once it gives something; it is asked again after each message with diagnostics. */
  async until<T>(find: () => T | undefined, what: string, ms = 30_000): Promise<T> {
    const started = performance.now();
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (performance.now() - started > ms) throw new Error(`Waited ${ms} ms for ${what}.`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, 200);
        this.#waiting.add(wake);
      });
    }
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.connection.dispose();
      this.process.kill("SIGKILL");
      await ended;
    }
  }
}

export class OpenedNotebook {
  readonly uri: string;
  /** Where the cursors stood in the cells' texts, in their order. */
  readonly places: CellPosition[] = [];
  readonly #client: LanguageClient;
  readonly #path: string;
  #version = 1;
  readonly #cells: { uri: string; language: string; document: TextDocument }[] = [];

  constructor(client: LanguageClient, name: string, sources: readonly CellSource[]) {
    this.#client = client;
    const path = pathToFileURL(join(client.folder, name));
    this.uri = path.href;
    this.#path = path.pathname;
    for (const [index, source] of sources.entries()) this.#cells.push(this.#make(source, index));
    void client.connection.sendNotification("notebookDocument/didOpen", {
      notebookDocument: {
        uri: this.uri,
        notebookType: "jupyter-notebook",
        version: 1,
        cells: this.#cells.map(({ uri }) => ({ kind: 2, document: uri })),
      },
      cellTextDocuments: this.#cells.map(({ uri, language, document }) => ({
        uri,
        languageId: language,
        version: 1,
        text: document.getText(),
      })),
    });
  }

  /** Where the first cursor stood. */
  get place(): CellPosition {
    const [first] = this.places;
    if (!first) throw new Error("There is no cursor.");
    return first;
  }

  uriOf(cell: number): string {
    return this.#at(cell).uri;
  }

  textOf(cell: number): string {
    return this.#at(cell).document.getText();
  }

  /** Replaces a cell's text. A ‸ in it is a cursor, which is returned. */
  edit(cell: number, text: string): CellPosition {
    const { uri, document } = this.#at(cell);
    const { text: plain, position } = withoutCursor(text);
    TextDocument.update(document, [{ text: plain }], ++this.#version);
    void this.#client.connection.sendNotification("notebookDocument/didChange", {
      notebookDocument: { uri: this.uri, version: this.#version },
      change: {
        cells: {
          textContent: [{ document: { uri, version: this.#version }, changes: [{ text: plain }] }],
        },
      },
    });
    return { ...document.positionAt(position ?? plain.length), cell };
  }

  /** Inserts a cell before the one of this index. */
  insert(at: number, source: CellSource): void {
    const cell = this.#make(source, this.#cells.length + 1000 * ++this.#version);
    this.#cells.splice(at, 0, cell);
    void this.#client.connection.sendNotification("notebookDocument/didChange", {
      notebookDocument: { uri: this.uri, version: this.#version },
      change: {
        cells: {
          structure: {
            array: { start: at, deleteCount: 0, cells: [{ kind: 2, document: cell.uri }] },
            didOpen: [
              { uri: cell.uri, languageId: cell.language, version: 1, text: cell.document.getText() },
            ],
          },
        },
      },
    });
  }

  /** Removes a cell. */
  remove(at: number): void {
    const [cell] = this.#cells.splice(at, 1);
    if (!cell) throw new Error(`There is no cell ${at}.`);
    void this.#client.connection.sendNotification("notebookDocument/didChange", {
      notebookDocument: { uri: this.uri, version: ++this.#version },
      change: {
        cells: { structure: { array: { start: at, deleteCount: 1 }, didClose: [{ uri: cell.uri }] } },
      },
    });
  }

  /** Asks `textDocument/<method>` of a cell. The caller knows the answer's shape from the protocol. */
  async ask<T>(method: string, cell: number, params: object = {}): Promise<T> {
    const request = { textDocument: { uri: this.uriOf(cell) }, ...params };
    return (await this.#client.connection.sendRequest(`textDocument/${method}`, request)) as T;
  }

  complete({ cell, ...position }: CellPosition, triggerCharacter?: string): Promise<CompletionList | null> {
    const context = triggerCharacter ? { triggerKind: 2, triggerCharacter } : { triggerKind: 1 };
    return this.ask("completion", cell, { position, context });
  }

  async resolve(item: CompletionItem): Promise<CompletionItem> {
    return await this.#client.connection.sendRequest("completionItem/resolve", item);
  }

  async hover({ cell, ...position }: CellPosition): Promise<string | undefined> {
    const hover = await this.ask<Hover | null>("hover", cell, { position });
    const contents = hover?.contents;
    return typeof contents === "object" && "value" in contents ? contents.value : undefined;
  }

  /** The quick fixes and refactorings at a place, with their edits. */
  async actions({ cell, ...position }: CellPosition, end: Position = position): Promise<CodeAction[]> {
    const diagnostics = (this.#client.diagnostics.get(this.uriOf(cell)) ?? []).filter(
      ({ range }) => range.start.line <= end.line && range.end.line >= position.line,
    );
    const range = { start: position, end };
    const context = { diagnostics, triggerKind: 1 };
    const actions = await this.ask<CodeAction[]>("codeAction", cell, { range, context });
    return Promise.all(
      actions.map((action) =>
        action.edit
          ? action
          : (this.#client.connection.sendRequest("codeAction/resolve", action) as Promise<CodeAction>),
      ),
    );
  }

  /** The cell's text after edits. */
  applied(cell: number, edits: TextEdit[]): string {
    return TextDocument.applyEdits(this.#at(cell).document, edits);
  }

  /** What is wrong in a cell, once something is that `where` holds of. */
  diagnosed(cell: number, where: (one: Diagnostic) => boolean = () => true): Promise<Diagnostic[]> {
    const uri = this.uriOf(cell);
    return this.#client.until(
      () => {
        const found = this.#client.diagnostics.get(uri) ?? [];
        return found.some(where) ? found : undefined;
      },
      `diagnostics of cell ${cell}, where there are: ${JSON.stringify(this.#client.diagnostics.get(uri))}`,
    );
  }

  close(): void {
    const closed = this.#client.connection.sendNotification("notebookDocument/didClose", {
      notebookDocument: { uri: this.uri },
      cellTextDocuments: this.#cells.map(({ uri }) => ({ uri })),
    });
    // The server may be gone.
    closed.catch(() => {});
  }

  #at(cell: number) {
    const found = this.#cells[cell];
    if (!found) throw new Error(`There is no cell ${cell}.`);
    return found;
  }

  #make(source: CellSource, number: number) {
    const { language, text } =
      typeof source === "string" ? { language: "tandem-typescript", text: source } : source;
    const { text: plain, position } = withoutCursor(text);
    const uri = `vscode-notebook-cell:${this.#path}#cell${number}`;
    const document = TextDocument.create(uri, language, 1, plain);
    if (position !== undefined) this.places.push({ ...document.positionAt(position), cell: number });
    return { uri, language, document };
  }
}

/** A text without its one `‸`, which stands for the cursor. */
function withoutCursor(text: string): { text: string; position?: number } {
  const position = text.indexOf("‸");
  return position < 0 ? { text } : { text: text.slice(0, position) + text.slice(position + 1), position };
}

/** Gives a client of a server that was started, and ends it. */
export async function withLanguages<T>(
  options: LanguageClientOptions,
  body: (client: LanguageClient) => Promise<T>,
): Promise<T> {
  const folder = options.folder ?? realpathSync(mkdtempSync(join(tmpdir(), "tandem-test-")));
  const client = new LanguageClient(folder, options.env);
  try {
    await client.initialize(options);
    return await body(client);
  } finally {
    await client.close();
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

import { homedir } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Connection,
  type NotebookCell,
  NotebookCellKind,
  type NotebookDocument,
  NotebookDocuments,
  TextDocuments,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { EditedCell, EditedNotebook } from "./cell-language.ts";

/** Who is told of notebooks. */
export interface NotebookListener {
  changed(notebook: EditedNotebook, cells: readonly EditedCell[]): void;
  closed(notebook: EditedNotebook): void;
}

/** The open notebooks, kept in step with the editor. */
export class OpenNotebooks {
  readonly #documents = new NotebookDocuments<TextDocument>(new TextDocuments(TextDocument));
  readonly #notebooks = new Map<string, EditedNotebook>();
  /** The notebook of each cell, by URI. */
  readonly #notebookOf = new Map<string, string>();
  readonly #listener: NotebookListener;
  /** URI of the folder that a notebook which is not saved yet stands for; the home folder if there is none. */
  unsavedFolder: string | undefined;

  constructor(listener: NotebookListener) {
    this.#listener = listener;
    this.#documents.onDidOpen((notebook) => this.#update(notebook));
    this.#documents.onDidChange(({ notebookDocument }) => this.#update(notebookDocument));
    this.#documents.onDidClose(({ uri }) => this.#close(uri));
  }

  listen(connection: Connection): void {
    this.#documents.listen(connection);
  }

  get(uri: string): EditedNotebook | undefined {
    return this.#notebooks.get(uri);
  }

  get all(): readonly EditedNotebook[] {
    return [...this.#notebooks.values()];
  }

  /** The cell of a URI, and its notebook. */
  find(uri: string): { notebook: EditedNotebook; cell: EditedCell } | undefined {
    const notebook = this.#notebooks.get(this.#notebookOf.get(uri) ?? "");
    const cell = notebook?.cells.find((one) => one.uri === uri);
    return notebook && cell && { notebook, cell };
  }

  #update({ uri, cells }: NotebookDocument): void {
    const before = new Map(this.#notebooks.get(uri)?.cells.map((cell) => [cell.uri, cell]));
    const code = cells.filter(({ kind }) => kind === NotebookCellKind.Code);
    const now = code.flatMap((cell, index) => this.#read(cell, index) ?? []);
    const notebook: EditedNotebook = { uri, folder: this.#folderOf(uri), cells: now };
    for (const cell of before.keys()) this.#notebookOf.delete(cell);
    for (const cell of now) this.#notebookOf.set(cell.uri, uri);
    this.#notebooks.set(uri, notebook);
    const changed = now.filter((cell) => {
      const known = before.get(cell.uri);
      return known?.text !== cell.text || known.language !== cell.language;
    });
    this.#listener.changed(notebook, changed);
  }

  #read(cell: NotebookCell, index: number): EditedCell | undefined {
    const document = this.#documents.getCellTextDocument(cell);
    return document && { uri: document.uri, language: document.languageId, text: document.getText(), index };
  }

  #close(uri: string): void {
    const notebook = this.#notebooks.get(uri);
    if (!notebook) return;
    this.#notebooks.delete(uri);
    for (const cell of notebook.cells) this.#notebookOf.delete(cell.uri);
    this.#listener.closed(notebook);
  }

  #folderOf(uri: string): string {
    if (uri.startsWith("file:")) return dirname(fileURLToPath(uri));
    return this.unsavedFolder?.startsWith("file:") ? fileURLToPath(this.unsavedFolder) : homedir();
  }
}

import * as vscode from "vscode";
import { languageForText, textForLanguage, typescriptCell } from "./cell-language.ts";
import { namesTandem, notebookType } from "./notebook.ts";

/**
 * In our notebooks a cell of another language than TypeScript starts with its magic line and VS Code's language of the cell agrees: writing
 * the line changes the language, and choosing the language writes the line. Opening a notebook changes nothing.
 */
export class LanguageSync implements vscode.Disposable {
  /** By document, to tell a language that was just chosen from one that the cell always had. */
  readonly #languages = new Map<string, string>();
  readonly #listeners: vscode.Disposable[];

  constructor() {
    for (const notebook of vscode.workspace.notebookDocuments) this.#remember(notebook);
    this.#listeners = [
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.#remember(notebook)),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => this.#forget(notebook)),
      vscode.workspace.onDidChangeNotebookDocument((change) => this.#changed(change)),
      // A document whose language changes is closed and opened again.
      vscode.workspace.onDidOpenTextDocument((document) => this.#opened(document)),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }

  #remember(notebook: vscode.NotebookDocument): void {
    if (notebook.notebookType !== notebookType) return;
    for (const { document } of notebook.getCells())
      this.#languages.set(document.uri.toString(), document.languageId);
  }

  #forget(notebook: vscode.NotebookDocument): void {
    for (const { document } of notebook.getCells()) this.#languages.delete(document.uri.toString());
  }

  #changed(change: vscode.NotebookDocumentChangeEvent): void {
    if (!namesTandem(change.notebook.metadata)) return;
    for (const { addedCells } of change.contentChanges)
      for (const cell of addedCells) if (isCode(cell)) void this.#languageChosen(cell);
    for (const { cell, document } of change.cellChanges) {
      if (document && isCode(cell)) void this.#textChanged(cell);
    }
  }

  #opened(document: vscode.TextDocument): void {
    const before = this.#languages.get(document.uri.toString());
    if (before === undefined || before === document.languageId) return;
    const cells = vscode.workspace.notebookDocuments
      .filter((notebook) => namesTandem(notebook.metadata))
      .flatMap((notebook) => notebook.getCells());
    const cell = cells.find((candidate) => candidate.document === document);
    if (cell && isCode(cell)) void this.#languageChosen(cell);
  }

  async #textChanged({ document }: vscode.NotebookCell): Promise<void> {
    const language = languageForText(document.getText(), document.languageId);
    if (language === undefined) return;
    this.#languages.set(document.uri.toString(), language);
    await vscode.languages.setTextDocumentLanguage(document, language);
  }

  async #languageChosen({ document }: vscode.NotebookCell): Promise<void> {
    this.#languages.set(document.uri.toString(), document.languageId);
    const change = textForLanguage(document.getText(), document.languageId);
    if (!change) return;
    const end = change.removeFirstLine ? new vscode.Position(1, 0) : new vscode.Position(0, 0);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(
      document.uri,
      document.validateRange(new vscode.Range(new vscode.Position(0, 0), end)),
      change.insert,
    );
    await vscode.workspace.applyEdit(edit);
  }
}

/** Puts every code cell of a notebook into the language that its text asks for, TypeScript where it asks for none. */
export async function settleLanguages(notebook: vscode.NotebookDocument): Promise<void> {
  for (const { document } of notebook.getCells().filter(isCode)) {
    const language = languageForText(document.getText(), typescriptCell) ?? typescriptCell;
    if (language !== document.languageId) await vscode.languages.setTextDocumentLanguage(document, language);
  }
}

function isCode(cell: vscode.NotebookCell): boolean {
  return cell.kind === vscode.NotebookCellKind.Code;
}

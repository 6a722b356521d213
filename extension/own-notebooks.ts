import * as vscode from "vscode";
import { isOurs, notebookType } from "./notebook.ts";

/** Which kernel was chosen for a notebook, as the controller tells it. */
export type KernelChoice = vscode.NotebookController["onDidChangeSelectedNotebooks"];

/** The open notebooks that are ours: those with Tandem chosen, and those that name it and have no other kernel chosen. */
export class OwnNotebooks implements vscode.Disposable {
  readonly #chosen = new WeakMap<vscode.NotebookDocument, boolean>();
  readonly #known = new Set<vscode.NotebookDocument>();
  readonly #changed = new vscode.EventEmitter<{ notebook: vscode.NotebookDocument; ours: boolean }>();
  /** A notebook became ours, or is so no longer. */
  readonly onDidChange = this.#changed.event;
  readonly #disposables: vscode.Disposable[];

  constructor(onDidChoose: KernelChoice) {
    this.#disposables = [
      this.#changed,
      onDidChoose(({ notebook, selected }) => {
        this.#chosen.set(notebook, selected);
        this.#look(notebook);
      }),
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.#look(notebook)),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, metadata }) => {
        if (metadata) this.#look(notebook);
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => this.#set(notebook, false)),
    ];
    for (const notebook of vscode.workspace.notebookDocuments) this.#look(notebook);
  }

  get all(): readonly vscode.NotebookDocument[] {
    return [...this.#known];
  }

  /** Asked of the notebook as it is, before anybody is told of a change. */
  has(notebook: vscode.NotebookDocument): boolean {
    return (
      notebook.notebookType === notebookType &&
      !notebook.isClosed &&
      isOurs(notebook.metadata, this.#chosen.get(notebook))
    );
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #look(notebook: vscode.NotebookDocument): void {
    this.#set(notebook, this.has(notebook));
  }

  #set(notebook: vscode.NotebookDocument, ours: boolean): void {
    if (ours === this.#known.has(notebook)) return;
    if (ours) this.#known.add(notebook);
    else this.#known.delete(notebook);
    this.#changed.fire({ notebook, ours });
  }
}

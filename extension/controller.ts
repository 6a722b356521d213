import * as vscode from "vscode";
import { cellLanguages, textToRun } from "./cell-language.ts";
import { startKernel } from "./kernels.ts";
import { settleLanguages } from "./language-sync.ts";
import { insertBelow } from "./move-to-rust.ts";
import { namesKernel, namesTandem, notebookType, withTandem } from "./notebook.ts";
import { NotebookSession } from "./notebook-session.ts";
import type { KernelChoice } from "./own-notebooks.ts";
import { offerReplay } from "./replay.ts";

const controllerId = "tandem";

/** Offers Tandem as a kernel in VS Code's notebooks and keeps one session for each notebook that runs. */
export class TandemController implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #controller: vscode.NotebookController;
  readonly #sessions = new Map<vscode.NotebookDocument, NotebookSession>();
  /** Notebooks that were given to us once: a person who then chooses another kernel keeps it. */
  readonly #offered = new WeakSet<vscode.NotebookDocument>();
  readonly #disposables: vscode.Disposable[];

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#log = log;
    this.#controller = vscode.notebooks.createNotebookController(controllerId, notebookType, "Tandem");
    this.#controller.description = "TypeScript, with cells in Rust and Python";
    this.#controller.supportedLanguages = cellLanguages;
    this.#controller.supportsExecutionOrder = true;
    this.#controller.executeHandler = (cells, notebook) => this.#execute(cells, notebook);
    this.#controller.interruptHandler = (notebook) => this.#sessions.get(notebook)?.interrupt();
    this.#disposables = [
      this.#controller,
      this.#controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => {
        if (selected) void this.#adopt(notebook);
        else void this.#stop(notebook);
      }),
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.#prefer(notebook)),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => this.#stop(notebook)),
      vscode.window.onDidChangeVisibleNotebookEditors((editors) => this.#select(editors)),
    ];
    for (const notebook of vscode.workspace.notebookDocuments) this.#prefer(notebook);
    void this.#select(vscode.window.visibleNotebookEditors);
  }

  /** A notebook got our kernel, or another. */
  get onDidChoose(): KernelChoice {
    return this.#controller.onDidChangeSelectedNotebooks;
  }

  /** The session of a notebook that has run a cell. */
  session(notebook: vscode.NotebookDocument): NotebookSession | undefined {
    return this.#sessions.get(notebook);
  }

  /** Ends every kernel. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.stop()));
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #execute(cells: vscode.NotebookCell[], notebook: vscode.NotebookDocument): Promise<void> {
    let session = this.#sessions.get(notebook);
    if (!session) {
      session = new NotebookSession(
        this.#controller,
        () => startKernel(this.#context, this.#log, notebook),
        (error) => void vscode.window.showWarningMessage(error.message),
        () => void offerReplay(notebook),
        // It stays when the window loses the focus: the cell waits for it.
        async (prompt, password) => vscode.window.showInputBox({ prompt, password, ignoreFocusOut: true }),
        insertBelow,
      );
      this.#sessions.set(notebook, session);
    }
    await session.run(cells.map((cell) => ({ cell, source: source(cell) })));
  }

  #prefer(notebook: vscode.NotebookDocument): void {
    if (notebook.notebookType !== notebookType || !namesTandem(notebook.metadata)) return;
    this.#controller.updateNotebookAffinity(notebook, vscode.NotebookControllerAffinity.Preferred);
  }

  /** Selects us in editors whose notebook names us: with a second controller present, a preference alone asks. */
  async #select(editors: readonly vscode.NotebookEditor[]): Promise<void> {
    for (const notebookEditor of editors) {
      const { notebook } = notebookEditor;
      if (notebook.notebookType !== notebookType || !namesTandem(notebook.metadata)) continue;
      if (this.#offered.has(notebook)) continue;
      this.#offered.add(notebook);
      await vscode.commands.executeCommand("notebook.selectKernel", {
        notebookEditor,
        id: controllerId,
        extension: this.#context.extension.id,
      });
    }
  }

  /** A notebook that names no kernel names us once we were chosen for it. */
  async #adopt(notebook: vscode.NotebookDocument): Promise<void> {
    if (namesKernel(notebook.metadata)) return;
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.updateNotebookMetadata(withTandem(notebook.metadata))]);
    await vscode.workspace.applyEdit(edit);
    await settleLanguages(notebook);
  }

  async #stop(notebook: vscode.NotebookDocument): Promise<void> {
    const session = this.#sessions.get(notebook);
    this.#sessions.delete(notebook);
    await session?.stop();
  }
}

const source = ({ document }: vscode.NotebookCell) => textToRun(document.getText(), document.languageId);

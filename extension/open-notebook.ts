import { cp } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { typescriptCell } from "./cell-language.ts";
import { notebookType, withTandem } from "./notebook.ts";

/** The bundled notebook that a first-time user should see. */
const welcome = "00-welcome.ipynb";

/**
 * Opens a copy of the welcome notebook, with the other bundled ones and their data beside it. A copy that is there
 * already stays as the person left it.
 */
export async function openWelcomeNotebook(context: vscode.ExtensionContext): Promise<void> {
  const folder = join(context.globalStorageUri.fsPath, "notebooks");
  await cp(context.asAbsolutePath("notebooks"), folder, { recursive: true, force: false });
  await show(await vscode.workspace.openNotebookDocument(vscode.Uri.file(join(folder, welcome))));
}

/** Opens a new notebook that names our kernel, with one empty cell. */
export async function newNotebook(): Promise<void> {
  const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, "", typescriptCell);
  const data = new vscode.NotebookData([cell]);
  data.metadata = withTandem({ nbformat: 4, nbformat_minor: 5 });
  await show(await vscode.workspace.openNotebookDocument(notebookType, data));
}

async function show(notebook: vscode.NotebookDocument): Promise<void> {
  await vscode.window.showNotebookDocument(notebook);
}

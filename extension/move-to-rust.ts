import * as vscode from "vscode";
import { languageForText, typescriptCell } from "./cell-language.ts";
import type { TandemController } from "./controller.ts";
import { notebookType } from "./notebook.ts";

/** Puts a text into a new cell below another, in the language that its magic line asks for. */
export async function insertBelow(cell: vscode.NotebookCell, text: string): Promise<void> {
  const language = languageForText(text, typescriptCell) ?? typescriptCell;
  const data = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, language);
  const edit = new vscode.WorkspaceEdit();
  edit.set(cell.notebook.uri, [vscode.NotebookEdit.insertCells(cell.index + 1, [data])]);
  await vscode.workspace.applyEdit(edit);
}

/**
 * The command `tandem.moveToRust`: writes a function of the notebook as a `%%rust` cell below a cell. Without a name it is the function
 * that the cell declares, one of several by choice; of others the hottest of the last profile.
 */
export async function moveToRust(tandem: TandemController, given?: unknown, named?: unknown): Promise<void> {
  const cell = isCell(given) ? given : activeCell();
  const session = cell && tandem.session(cell.notebook);
  if (!session) {
    void vscode.window.showInformationMessage("Run the cell that declares the function first.");
    return;
  }
  const declared = functionsIn(cell.document.getText());
  const name =
    typeof named === "string"
      ? named
      : declared.length > 1
        ? await vscode.window.showQuickPick(declared, { placeHolder: "The function to write in Rust" })
        : (declared[0] ?? "");
  if (name === undefined) return;
  const progress = { location: vscode.ProgressLocation.Window, title: "Writing Rust" };
  const { said, text, error } = await vscode.window.withProgress(progress, () => session.moveToRust(name));
  if (error !== undefined) void vscode.window.showErrorMessage(error);
  if (text === undefined) return;
  await insertBelow(cell, text);
  void vscode.window.showInformationMessage(said.replace(/\s*\n\s*/g, " ").trim());
}

/** A button on profiled cells that ran. */
export function moveToRustButton(): vscode.Disposable {
  return vscode.notebooks.registerNotebookCellStatusBarItemProvider(notebookType, {
    provideCellStatusBarItems(cell) {
      if (!/^%%profile\b(?!.*--heap)/.test(cell.document.getText())) return undefined;
      if (cell.executionSummary?.success !== true) return undefined;
      const item = new vscode.NotebookCellStatusBarItem(
        "$(zap) Move to Rust",
        vscode.NotebookCellStatusBarAlignment.Right,
      );
      item.tooltip = "Write the hottest function as a %%rust cell below";
      item.command = { command: "tandem.moveToRust", title: "Move Function to Rust", arguments: [cell] };
      return item;
    },
  });
}

/** The functions that a cell's own lines begin with, in their order. */
function functionsIn(text: string): string[] {
  if (/^%%(?!profile|time)/.test(text)) return [];
  const pattern =
    /^(?:export\s+)?(?:async\s+)?(?:function\s*\*?\s*([\p{ID_Continue}$]+)|(?:const|let|var)\s+([\p{ID_Continue}$]+)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*(?::[^=]+)?=>|[\p{ID_Continue}$]+\s*=>))/gmu;
  return [...new Set([...text.matchAll(pattern)].map(([, one, other]) => one ?? other ?? ""))];
}

function activeCell(): vscode.NotebookCell | undefined {
  const editor = vscode.window.activeNotebookEditor;
  return editor && editor.notebook.cellCount > 0 ? editor.notebook.cellAt(editor.selection.start) : undefined;
}

const isCell = (value: unknown): value is vscode.NotebookCell =>
  typeof value === "object" && value !== null && "notebook" in value && "document" in value;

import * as vscode from "vscode";
import type { TandemController } from "./controller.ts";

const REPLAY = "Replay";

/** Offers to run the lost cells again. For when a notebook's engine has ended. */
export async function offerReplay(notebook: vscode.NotebookDocument): Promise<void> {
  const what =
    "The engine has ended, and the variables of all cells are gone. The cells that had run can be run again.";
  const chosen = await vscode.window.showWarningMessage(what, REPLAY);
  if (chosen === REPLAY) await vscode.commands.executeCommand("tandem.replay", notebook.uri);
}

/** The command `tandem.replay`: runs the lost cells of a notebook again, the active editor's where none is named. */
export async function replay(tandem: TandemController, uri?: unknown): Promise<void> {
  const named = vscode.workspace.notebookDocuments.find(
    (one) => uri instanceof vscode.Uri && one.uri.toString() === uri.toString(),
  );
  const notebook = named ?? vscode.window.activeNotebookEditor?.notebook;
  const session = notebook && tandem.session(notebook);
  if (!session) {
    void vscode.window.showInformationMessage("No cell of this notebook has run yet: nothing is lost.");
    return;
  }
  const progress = { location: vscode.ProgressLocation.Notification, title: "Tandem" };
  const { said, error } = await vscode.window.withProgress(progress, (shown) =>
    session.replay((message) => shown.report({ message })),
  );
  if (error === undefined) void vscode.window.showInformationMessage(said);
  else void vscode.window.showErrorMessage(`${said} ${error}`.trim());
}

import * as vscode from "vscode";
import { TandemController } from "./controller.ts";
import { LanguageService } from "./language-service.ts";
import { LanguageSync } from "./language-sync.ts";
import { moveToRust, moveToRustButton } from "./move-to-rust.ts";
import { newNotebook, openWelcomeNotebook } from "./open-notebook.ts";
import { OwnNotebooks } from "./own-notebooks.ts";
import { showInterpreters } from "./python.ts";
import { pythonCellProviders } from "./python-cells.ts";
import { replay } from "./replay.ts";
import { TypeScriptService } from "./typescript-service.ts";

let controller: TandemController | undefined;
let languages: LanguageService | undefined;

/** Called by VS Code when a notebook opens or one of our commands runs. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Tandem", { log: true });
  controller = new TandemController(context, log);
  const tandem = controller;
  const own = new OwnNotebooks(tandem.onDidChoose);
  languages = new LanguageService(context, log, own);
  const service = languages;
  context.subscriptions.push(
    log,
    tandem,
    new LanguageSync(),
    own,
    service,
    new TypeScriptService(own),
    showInterpreters(),
    pythonCellProviders(tandem),
    vscode.commands.registerCommand("tandem.restartKernel", () => restart(tandem)),
    vscode.commands.registerCommand("tandem.restartLanguageServer", () => service.restart()),
    vscode.commands.registerCommand("tandem.replay", (uri?: unknown) => replay(tandem, uri)),
    vscode.commands.registerCommand("tandem.moveToRust", (cell?: unknown, name?: unknown) =>
      moveToRust(tandem, cell, name),
    ),
    moveToRustButton(),
    vscode.commands.registerCommand("tandem.openWelcomeNotebook", () => openWelcomeNotebook(context)),
    vscode.commands.registerCommand("tandem.newNotebook", newNotebook),
  );
}

/** Called by VS Code before it ends: no kernel is left behind, and no server. */
export async function deactivate(): Promise<void> {
  await Promise.all([controller?.stopAll(), languages?.stop()]);
}

async function restart(tandem: TandemController): Promise<void> {
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  const session = notebook && tandem.session(notebook);
  if (!session) {
    void vscode.window.showInformationMessage(
      "No kernel of Tandem runs for this notebook yet; it starts with the first cell.",
    );
    return;
  }
  const progress = { location: vscode.ProgressLocation.Window, title: "Restarting the kernel" };
  await vscode.window.withProgress(progress, () => session.restart());
  vscode.window.setStatusBarMessage("The kernel was restarted: run the cells above again.", 5000);
}

import { homedir } from "node:os";
import { dirname } from "node:path";
import * as vscode from "vscode";
import { KernelProcess } from "../kernel/wire/kernel-process.ts";
import { chooseNode } from "./node.ts";
import { pythonChoice } from "./python.ts";

/** Starts the kernel of a notebook, on the Node that its folder and the settings ask for. */
export async function startKernel(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  notebook: vscode.NotebookDocument,
): Promise<KernelProcess> {
  const folder = notebookFolder(notebook);
  const { choice, skipped } = await chooseNode({
    folder,
    setting: vscode.workspace.getConfiguration("tandem", notebook.uri).get("node", ""),
    env: process.env,
    home: homedir(),
    own: { path: process.execPath, version: process.versions.node },
  });
  for (const reason of skipped) log.info(reason);
  log.info(`Kernel for ${notebook.uri.path}: Node ${choice.version} at ${choice.path} (${choice.source}).`);
  return new KernelProcess({
    node: choice.path,
    script: context.asAbsolutePath("dist/tandem.cjs"),
    folder,
    env: { ...withoutEditor(process.env), ...choice.env, ...(await pythonChoice(notebook)) },
    log: (text) => log.info(text.trimEnd()),
  });
}

/** The folder that a notebook's cells run in: its own, or the workspace's for one that is not saved yet. */
function notebookFolder(notebook: vscode.NotebookDocument): string {
  if (notebook.uri.scheme === "file") return dirname(notebook.uri.fsPath);
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
}

/** The environment without what VS Code sets for its own processes: user code is not to inherit it. */
function withoutEditor(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = /^(VSCODE_|ELECTRON_|CODE_SERVER_)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)));
}

/** Python in VS Code: the interpreter that its Python extension has chosen, and what a cell's results came from. */
import * as vscode from "vscode";
import { notebookType } from "./notebook.ts";
import { interpreterLabel } from "./python-label.ts";

/** How long the Python extension may take to tell, in ms: the kernel waits for it. */
const PATIENCE = 3000;

/** The part of the Python extension's API that is used here. */
interface PythonExtension {
  readonly environments: { getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string } };
}

/** What kernels are told of the choice of a Python, by variables of their environment. */
export async function pythonChoice(notebook: vscode.NotebookDocument): Promise<Record<string, string>> {
  const setting = vscode.workspace.getConfiguration("tandem", notebook.uri).get("python", "");
  if (setting) return { TANDEM_PYTHON: setting };
  const chosen = await chosenInterpreter(notebook.uri);
  return chosen ? { TANDEM_EDITOR_PYTHON: chosen } : {};
}

/** The interpreter, or the environment's folder, that the Python extension has active; undefined where there is none. */
async function chosenInterpreter(resource: vscode.Uri): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonExtension>("ms-python.python");
  if (!extension) return undefined;
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE));
  try {
    const api = await Promise.race([extension.activate(), late]);
    return api?.environments.getActiveEnvironmentPath(resource).path;
  } catch {
    // An extension that does not start chooses nothing.
    return undefined;
  }
}

/** Shows below each Python cell what its latest result came from: version and interpreter lock. */
export function showInterpreters(): vscode.Disposable {
  return vscode.notebooks.registerNotebookCellStatusBarItemProvider(notebookType, {
    provideCellStatusBarItems(cell) {
      const text = interpreterLabel(cell.outputs.map(({ metadata }) => metadata));
      if (!text) return [];
      const item = new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Right);
      item.tooltip = "The Python that this cell's result came from";
      return [item];
    },
  });
}

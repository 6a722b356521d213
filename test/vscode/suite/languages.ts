// What VS Code's language commands say of notebook cells; ‸ in a cell's text is a place to ask at.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { openNotebook, until } from "./notebook.ts";

/** A cell's text with the place at which it is asked about. */
export interface Place {
  readonly uri: vscode.Uri;
  readonly position: vscode.Position;
}

/** A notebook in an editor, and the places that ‸ marked in its cells. */
export interface Opened {
  readonly notebook: vscode.NotebookDocument;
  readonly places: readonly Place[];
}

/** Opens a notebook of ours whose cells may hold one ‸ each. */
export async function openCells(sources: readonly string[], kernel = "tandem"): Promise<Opened> {
  const notebook = await openNotebook(
    sources.map((source) => source.replace("‸", "")),
    kernel,
  );
  const places = sources.flatMap((source, index) => {
    const offset = source.indexOf("‸");
    const { document } = notebook.cellAt(index);
    return offset < 0 ? [] : [{ uri: document.uri, position: document.positionAt(offset) }];
  });
  return { notebook, places };
}

/** The one place of a notebook that was opened with one. */
export function only({ places }: Opened): Place {
  const [place] = places;
  if (!place || places.length > 1) throw new Error(`There are ${places.length} places.`);
  return place;
}

/** Asks one of VS Code's `vscode.execute…Provider` commands about a place. The caller knows the answer's shape from VS Code's docs. */
export async function ask<T>(command: string, { uri, position }: Place, ...rest: unknown[]): Promise<T> {
  return await vscode.commands.executeCommand<T>(command, uri, position, ...rest);
}

/** Asks until the answer holds what is looked for; the server may still be starting. */
export async function eventually<T>(
  what: string,
  question: () => Promise<T>,
  holds: (answer: T) => boolean,
): Promise<T> {
  let last: T | undefined;
  for (let tries = 0; tries < 200; tries++) {
    last = await question();
    if (holds(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${what}: not within 40 s; the last answer was ${JSON.stringify(last)?.slice(0, 2000)}`);
}

/** The labels that completion offers at a place. */
export async function labels(place: Place): Promise<string[]> {
  const list = await ask<vscode.CompletionList>("vscode.executeCompletionItemProvider", place);
  return list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
}

/** What the hovers at a place say, as one text. */
export async function hoverText(place: Place): Promise<string> {
  const hovers = await ask<vscode.Hover[]>("vscode.executeHoverProvider", place);
  return hovers
    .flatMap(({ contents }) => contents)
    .map((part) => (typeof part === "string" ? part : part.value))
    .join("\n");
}

/** What is wrong in a cell, once something is that `where` holds of. */
export async function diagnosed(
  notebook: vscode.NotebookDocument,
  index: number,
  where: (one: vscode.Diagnostic) => boolean = () => true,
): Promise<vscode.Diagnostic> {
  let found: vscode.Diagnostic | undefined;
  const { uri } = notebook.cellAt(index).document;
  await until(`cell ${index} has its diagnostic`, () => {
    found = vscode.languages.getDiagnostics(uri).find(where);
    return found !== undefined;
  });
  if (!found) throw new Error("There is none.");
  return found;
}

/** Code actions at a range, with their edits. */
export async function actionsAt(uri: vscode.Uri, range: vscode.Range): Promise<vscode.CodeAction[]> {
  return await vscode.commands.executeCommand("vscode.executeCodeActionProvider", uri, range, undefined, 20);
}

/** Replaces a cell's text, as typing does. */
export async function replace(notebook: vscode.NotebookDocument, index: number, text: string): Promise<void> {
  const { document } = notebook.cellAt(index);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
}

/** Process ids of this window's language servers: children of the extension host. */
export async function serverProcesses(): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,args="]);
  return stdout
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, parent, ...args]) =>
        Number(parent) === process.pid && args.some((arg) => arg.endsWith("language.cjs")),
    )
    .map(([pid]) => Number(pid));
}

// What VS Code's language commands say of notebook cells; ‸ in a cell's text is a place to ask at.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { languageForText, typescriptCell } from "../../../extension/cell-language.ts";
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

const library = `export function twice(n: number): number { return 2 * n }
export function half(n: number): number { return n / 2 }
`;
let shared: vscode.NotebookDocument | undefined;

/** Shows these cells, each of which may hold one ‸, in a notebook of ours: one for all suites, which is cheaper than one for each test. Beside it lies lib.ts. */
export async function openCells(sources: readonly string[]): Promise<Opened> {
  shared ??= await openNotebook([""], "tandem", { "lib.ts": library });
  const cells = sources.map((source) => {
    const text = source.replace("‸", "");
    return new vscode.NotebookCellData(
      vscode.NotebookCellKind.Code,
      text,
      languageForText(text, typescriptCell) ?? typescriptCell,
    );
  });
  const edit = new vscode.WorkspaceEdit();
  const all = new vscode.NotebookRange(0, shared.cellCount);
  edit.set(shared.uri, [vscode.NotebookEdit.replaceCells(all, cells)]);
  await vscode.workspace.applyEdit(edit);
  return { notebook: shared, places: placesOf(shared, sources) };
}

/** Opens a notebook of its own, of this kernel; each cell may hold one ‸. */
export async function openFresh(sources: readonly string[], kernel = "tandem"): Promise<Opened> {
  const texts = sources.map((source) => source.replace("‸", ""));
  const notebook = await openNotebook(texts, kernel);
  return { notebook, places: placesOf(notebook, sources) };
}

function placesOf(notebook: vscode.NotebookDocument, sources: readonly string[]): Place[] {
  return sources.flatMap((source, index) => {
    const offset = source.indexOf("‸");
    const { document } = notebook.cellAt(index);
    return offset < 0 ? [] : [{ uri: document.uri, position: document.positionAt(offset) }];
  });
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

/**
 * Asks until the answer holds what is looked for; the server may still be starting. VS Code itself refuses some
 * questions about a cell as long as its window has not drawn it.
 */
export async function eventually<T>(
  what: string,
  question: () => Promise<T>,
  holds: (answer: T) => boolean,
  seconds = 120,
): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    try {
      const answer = await question();
      if (holds(answer)) return answer;
      last = answer;
    } catch (error) {
      last = error instanceof Error ? error.message : error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(
    `${what}: not within ${seconds} s; the last answer was ${JSON.stringify(last)?.slice(0, 2000)}`,
  );
}

/** The labels that completion offers at a place, once there are those that are looked for. */
export function offered(place: Place, ...wanted: readonly string[]): Promise<string[]> {
  const found = (all: readonly string[]) => wanted.every((one) => all.some((label) => label.includes(one)));
  return eventually(`completion offers ${wanted.join()}`, () => labels(place), found);
}

/** The labels that completion offers, without the words of the text, which VS Code offers by itself where nobody else has anything. */
export async function labels(place: Place): Promise<string[]> {
  const { items } = await ask<vscode.CompletionList>("vscode.executeCompletionItemProvider", place);
  const known = items.filter(({ kind }) => kind !== vscode.CompletionItemKind.Text);
  return known.map(({ label }) => (typeof label === "string" ? label : label.label));
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

/**
 * The code action with a title, with its edit. VS Code's window, which hands on what is wrong, learns of that after the
 * extension host does.
 */
export async function actionAt(
  uri: vscode.Uri,
  range: vscode.Range,
  title: RegExp,
): Promise<vscode.CodeAction> {
  const ask = async (): Promise<vscode.CodeAction[]> =>
    await vscode.commands.executeCommand("vscode.executeCodeActionProvider", uri, range, undefined, 20);
  const fits = (one: vscode.CodeAction) => title.test(one.title) && one.edit !== undefined;
  const found = (await eventually(`an action ${title}`, ask, (all) => all.some(fits))).find(fits);
  if (!found) throw new Error("There is none.");
  return found;
}

/** Does what a code action would. */
export async function apply({ edit }: vscode.CodeAction): Promise<void> {
  if (edit) await vscode.workspace.applyEdit(edit);
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

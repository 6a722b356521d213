// Notebooks as the tests use them: on disk, in an editor, run, and their outputs as text.
import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";

/** Writes a notebook of code cells that names Tandem's kernel (or another), with files beside it, and opens it in an editor. */
export async function openNotebook(
  sources: readonly string[],
  kernel = "tandem",
  files: Readonly<Record<string, string>> = {},
): Promise<vscode.NotebookDocument> {
  const cells = sources.map((source, index) => ({
    cell_type: "code",
    execution_count: null,
    id: `cell-${index}`,
    metadata: {},
    outputs: [],
    source,
  }));
  const metadata = {
    kernelspec: { display_name: kernel, language: "typescript", name: kernel },
    language_info: { name: kernel === "tandem" ? "tandem-typescript" : "typescript" },
  };
  const folder = await mkdtemp(join(tmpdir(), "tandem-vscode-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const file = join(folder, "a.ipynb");
  await writeFile(file, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1));
  const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}

/** Starts a cell without waiting for it: the command's own end is the cell's. */
export function start(notebook: vscode.NotebookDocument, index: number): void {
  void vscode.commands.executeCommand("notebook.cell.execute", {
    ranges: [{ start: index, end: index + 1 }],
    document: notebook.uri,
  });
}

/** Runs a cell and resolves with whether it succeeded. Fails where it is not over in time. */
export async function run(notebook: vscode.NotebookDocument, index: number): Promise<boolean> {
  const before = notebook.cellAt(index).executionSummary?.timing?.endTime;
  start(notebook, index);
  await ended(notebook, index, before);
  return notebook.cellAt(index).executionSummary?.success === true;
}

/** Resolves when a run of the cell has ended that ended at another time than `before`. */
export async function ended(
  notebook: vscode.NotebookDocument,
  index: number,
  before?: number,
): Promise<void> {
  await until(`cell ${index} has ended: ${JSON.stringify(texts(notebook, index))}`, () => {
    const end = notebook.cellAt(index).executionSummary?.timing?.endTime;
    return end !== undefined && end !== before;
  });
}

/** Each output's last item as text: what a reader without pictures sees. */
export function texts(notebook: vscode.NotebookDocument, index: number): string[] {
  return notebook.cellAt(index).outputs.map((output) => {
    const streams = output.items.filter((item) => item.mime.startsWith("application/vnd.code.notebook.std"));
    const items = streams.length > 0 ? streams : output.items.slice(-1);
    return items.map((item) => new TextDecoder().decode(item.data)).join("");
  });
}

/** Polls until something holds. The limit is for what hangs: other suites may have the processors meanwhile. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2400; tries++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`Not within 2 minutes: ${what}`);
}

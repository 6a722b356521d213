import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { openNotebook, run, texts, until } from "./notebook.ts";

suite("Notebooks", () => {
  test("one that names Tandem runs at once, beside a second kernel", async () => {
    const notebook = await openNotebook(["const a: number = 41\na + 1", "console.log('hi'); a"]);
    assert.deepEqual(
      notebook.getCells().map((cell) => cell.document.languageId),
      ["tandem-typescript", "tandem-typescript"],
    );
    assert.equal(await run(notebook, 0), true);
    assert.deepEqual(texts(notebook, 0), ["42"]);
    assert.equal(await run(notebook, 1), true);
    assert.deepEqual(texts(notebook, 1), ["hi\n", "41"]);
    const { executionOrder, timing } = notebook.cellAt(1).executionSummary ?? {};
    assert.equal(executionOrder, 2);
    assert.ok(timing && timing.endTime >= timing.startTime);
  });

  test("VS Code's own TypeScript service finds no error in cells", async () => {
    const notebook = await openNotebook(["const a = 1", "const a = await Promise.resolve('again')"]);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    for (const cell of notebook.getCells())
      assert.deepEqual(vscode.languages.getDiagnostics(cell.document.uri), []);
  });

  test("opening one changes nothing in it, and saving after a run keeps it whole", async () => {
    const notebook = await openNotebook(["%%python\n1", "6 * 7", "throw new TypeError('no')"]);
    const before = await readFile(notebook.uri.fsPath, "utf8");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(notebook.isDirty, false);
    await run(notebook, 1);
    assert.equal(await run(notebook, 2), false);
    await until("saved", () => notebook.isDirty);
    await notebook.save();
    const [, result, failed] = JSON.parse(await readFile(notebook.uri.fsPath, "utf8")).cells;
    assert.deepEqual(result.outputs[0].data, { "text/plain": ["42"] });
    assert.equal(result.outputs[0].output_type, "execute_result");
    assert.equal(failed.outputs[0].ename, "TypeError");
    assert.match(failed.outputs[0].traceback.join("\n"), /cell-\d+\.ts:1/);
    assert.deepEqual(
      JSON.parse(await readFile(notebook.uri.fsPath, "utf8")).metadata,
      JSON.parse(before).metadata,
    );
  });

  test("a magic line and the cell's language follow each other", async () => {
    const notebook = await openNotebook(["let a = 1"]);
    const { document } = notebook.cellAt(0);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), "%%rust\n");
    await vscode.workspace.applyEdit(edit);
    await until("the language is Rust", () => notebook.cellAt(0).document.languageId === "rust");
    await vscode.languages.setTextDocumentLanguage(notebook.cellAt(0).document, "python");
    await until("the line says so", () => notebook.cellAt(0).document.getText() === "%%python\nlet a = 1");
    for (const [language, magic] of [
      ["shellscript", "sh"],
      ["html", "html"],
      ["xml", "svg"],
    ] as const) {
      await vscode.languages.setTextDocumentLanguage(notebook.cellAt(0).document, language);
      const text = `%%${magic}\nlet a = 1`;
      await until(`the line is %%${magic}`, () => notebook.cellAt(0).document.getText() === text);
    }
    await vscode.languages.setTextDocumentLanguage(notebook.cellAt(0).document, "tandem-typescript");
    await until("the line is gone", () => notebook.cellAt(0).document.getText() === "let a = 1");
    await vscode.languages.setTextDocumentLanguage(notebook.cellAt(0).document, "javascript");
    await until(
      "the line is %%javascript, the cell ours",
      () =>
        notebook.cellAt(0).document.getText() === "%%javascript\nlet a = 1" &&
        notebook.cellAt(0).document.languageId === "tandem-typescript",
    );
  });

  test("one of another kernel keeps its language and metadata", async () => {
    const notebook = await openNotebook(["const a = 1"], "tslab");
    assert.equal(notebook.cellAt(0).document.languageId, "typescript");
    assert.equal(notebook.isDirty, false);
  });

  test("broken JSON is an error, and the file stays as it is", async () => {
    const good = await openNotebook(["1"]);
    const file = vscode.Uri.joinPath(good.uri, "..", "broken.ipynb");
    await writeFile(file.fsPath, '{ "cells": [ oops');
    await assert.rejects(Promise.resolve(vscode.workspace.openNotebookDocument(file)));
    assert.equal(await readFile(file.fsPath, "utf8"), '{ "cells": [ oops');
  });

  test("the commands open a new notebook and a copy of the welcome notebook", async () => {
    await vscode.commands.executeCommand("tandem.newNotebook");
    const created = vscode.window.activeNotebookEditor?.notebook;
    assert.equal(created?.isUntitled, true);
    assert.equal(created?.cellAt(0).document.languageId, "tandem-typescript");
    await vscode.commands.executeCommand("tandem.openWelcomeNotebook");
    const welcome = vscode.window.activeNotebookEditor?.notebook.uri.fsPath ?? "";
    assert.match(welcome, /globalStorage.*00-welcome\.ipynb$/);
  });
});

// Rust cells in VS Code: rustc's diagnostics on a pause, its fixes, and the outline.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { actionAt, apply, diagnosed, eventually, hoverText, only, openCells } from "./languages.ts";
import { until } from "./notebook.ts";

suite("Rust cells", () => {
  test("rustc's error stands at its line, and its fix mends it", async () => {
    const { notebook } = await openCells([
      "%%rust\npub fn f(v: Vec<f64>) -> usize {\n    drop(v);\n    v.len()\n}",
    ]);
    const { document } = notebook.cellAt(0);
    const found = await diagnosed(notebook, 0, ({ source }) => source === "rustc");
    assert.match(found.message, /borrow of moved value/);
    assert.equal(found.range.start.line, 3);
    await apply(await actionAt(document.uri, found.range, /clon/));
    assert.match(document.getText(), /^%%rust\n[\s\S]*drop\(v\.clone\(\)\);/);
    await until("it is gone", () => vscode.languages.getDiagnostics(document.uri).length === 0);
  });

  test("its items are in the outline", async () => {
    const { notebook } = await openCells([
      "%%rust\npub struct Point {\n    pub x: f64,\n}\npub fn zero() -> f64 {\n    0.0\n}",
    ]);
    const symbols: vscode.DocumentSymbol[] | undefined = await vscode.commands.executeCommand(
      "vscode.executeDocumentSymbolProvider",
      notebook.cellAt(0).document.uri,
    );
    assert.deepEqual(
      symbols?.map(({ name }) => name),
      ["Point", "zero"],
    );
  });

  test("a format keeps the magic line", async () => {
    const { notebook } = await openCells(["%%rust\npub fn f( )->u8{1}"]);
    const { document } = notebook.cellAt(0);
    const edits: vscode.TextEdit[] = await vscode.commands.executeCommand(
      "vscode.executeFormatDocumentProvider",
      document.uri,
      { tabSize: 4, insertSpaces: true },
    );
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.getText(), "%%rust\npub fn f() -> u8 {\n    1\n}");
  });

  test("rust-analyzer's hover, where it is installed", async function () {
    if (!(await starts("rust-analyzer"))) this.skip();
    const place = only(await openCells(["%%rust\npub fn ze‸ro() -> f64 {\n    0.0\n}"]));
    // It reads the standard library first.
    await eventually(
      "the signature",
      () => hoverText(place),
      (text) => text.includes("fn zero() -> f64"),
    );
  });
});

async function starts(program: string): Promise<boolean> {
  return await promisify(execFile)(program, ["--version"]).then(
    () => true,
    () => false,
  );
}

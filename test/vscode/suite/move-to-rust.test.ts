import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { openNotebook, run, texts, until } from "./notebook.ts";

suite("Move to Rust", () => {
  test("the command inserts the cell below, which compiles and answers the same", async () => {
    const notebook = await openNotebook([
      "function fib(n: number): number {\n  return n < 2 ? n : fib(n - 1) + fib(n - 2)\n}",
      "fib(15) + ' ' + String(fib).includes('n - 1')",
    ]);
    await run(notebook, 0);
    await run(notebook, 1);
    assert.deepEqual(texts(notebook, 1), ["'610 true'"]);
    await vscode.commands.executeCommand("tandem.moveToRust", notebook.cellAt(0));
    assert.equal(notebook.cellCount, 3);
    const { document } = notebook.cellAt(1);
    assert.match(document.getText(), /^%%rust\npub fn fib\(n: f64\) -> f64 \{/);
    assert.equal(document.languageId, "rust");
    assert.equal(await run(notebook, 1), true, texts(notebook, 1).join());
    await run(notebook, 2);
    assert.deepEqual(texts(notebook, 2), ["'610 false'"]);
  });

  test("a profiled cell's button takes its hottest function; %torust inserts by itself", async () => {
    const notebook = await openNotebook([
      "const work = (n: number): number => { let x = 1; for (let i = 0; i < n; i++) x = Math.sqrt(x + i); return x }",
      "%%profile\nwork(3e7)",
      "%torust work",
    ]);
    await run(notebook, 0);
    assert.equal(await run(notebook, 1), true, texts(notebook, 1).join());
    await vscode.commands.executeCommand("tandem.moveToRust", notebook.cellAt(1));
    assert.match(notebook.cellAt(2).document.getText(), /^%%rust\npub fn work\(n: i64\) -> f64 \{/);
    await run(notebook, 3);
    await until("the cell is there", () => notebook.cellCount === 5);
    assert.match(notebook.cellAt(4).document.getText(), /^%%rust\npub fn work/);
  });

  test("the profile beside the notebook opens in VS Code's own viewer", async () => {
    const notebook = await openNotebook([
      "%%profile\nlet x = 0; for (let i = 0; i < 3e7; i++) x += Math.sqrt(i)",
    ]);
    assert.equal(await run(notebook, 0), true, texts(notebook, 0).join());
    const folder = vscode.Uri.joinPath(notebook.uri, "..", ".tandem", "profiles");
    const [[name] = ["none"]] = await vscode.workspace.fs.readDirectory(folder);
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.joinPath(folder, name));
    const active = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    await until("its tab is there", () => active() instanceof vscode.TabInputCustom);
    const input = active() as vscode.TabInputCustom;
    assert.match(input.viewType, /cpuprofile/);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  });
});

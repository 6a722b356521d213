// The server itself: when it runs, whose cells it is told of, and what comes after its death.
import assert from "node:assert/strict";
import { suite, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import {
  diagnosed,
  eventually,
  hoverText,
  offered,
  only,
  openCells,
  openFresh,
  serverProcesses,
} from "./languages.ts";

/** Waits until another server than `before` runs, alone. */
async function anotherServer(before: number | undefined): Promise<void> {
  const alone = (pids: readonly number[]) => pids.length === 1 && pids[0] !== before;
  await eventually("another one runs", serverProcesses, alone);
}

suite("Language server", () => {
  suiteTeardown(async () => {
    await vscode.commands.executeCommand("notifications.clearAll");
  });

  test("one serves the window from the first notebook of ours on", async () => {
    await openCells(["const a = 1"]);
    await openCells(["const b = 1"]);
    const pids = await eventually("it runs", serverProcesses, (found) => found.length > 0);
    assert.equal(pids.length, 1);
  });

  test("one that was killed is started again, and knows the open notebooks", async () => {
    const place = only(await openCells(["const known = { inner: 1 }", "known.‸"]));
    await offered(place, "inner");
    const [pid] = await serverProcesses();
    assert.ok(pid);
    process.kill(pid, "SIGKILL");
    await anotherServer(pid);
    assert.deepEqual(await offered(place, "inner"), ["inner"]);
  });

  test("after five deaths in a row it stays away until a person wants it", async () => {
    const opened = await openCells(["const known = { inner: 1 }", "known.‸", "const n: number = 'text'"]);
    let [last] = await serverProcesses();
    await vscode.commands.executeCommand("tandem.restartLanguageServer");
    for (let death = 0; death < 5; death++) {
      await anotherServer(last);
      [last] = await serverProcesses();
      assert.ok(last);
      // One that never answered would count as one that cannot start.
      await offered(only(opened), "inner");
      process.kill(last, "SIGKILL");
    }
    await eventually("none is left", serverProcesses, (found) => found.length === 0);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.deepEqual(await serverProcesses(), []);
    assert.deepEqual(vscode.languages.getDiagnostics(opened.notebook.cellAt(2).document.uri), []);
    await vscode.commands.executeCommand("tandem.restartLanguageServer");
    await diagnosed(opened.notebook, 2);
  });

  test("cells of another kernel's notebook are none of its business, until Tandem is chosen for it", async () => {
    const { notebook } = await openFresh(["%%rust\npub fn f() -> f64 {\n    1.0\n}"], "tslab");
    const { document } = notebook.cellAt(0);
    await vscode.languages.setTextDocumentLanguage(document, "rust");
    const names = async () => {
      const found = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
        "vscode.executeDocumentSymbolProvider",
        notebook.cellAt(0).document.uri,
      );
      return (found ?? []).map(({ name }) => name);
    };
    assert.deepEqual(await names(), []);
    await vscode.commands.executeCommand("notebook.selectKernel", {
      notebookEditor: vscode.window.activeNotebookEditor,
      id: "tandem",
      extension: "tandem-notebooks.tandem",
    });
    await eventually("its names", names, (found) => found.includes("f"));
    await vscode.commands.executeCommand("notebook.selectKernel", {
      notebookEditor: vscode.window.activeNotebookEditor,
      id: "other",
      extension: "tandem-tests.other-kernel",
    });
    await eventually("no names any more", names, (found) => found.length === 0);
  });

  test("VS Code's TypeScript service stays alone with cells of its language", async () => {
    const place = only(await openFresh(["const mi‸ne = 1"], "tslab"));
    await vscode.commands.executeCommand("notebook.selectKernel", {
      notebookEditor: vscode.window.activeNotebookEditor,
      id: "tandem",
      extension: "tandem-notebooks.tandem",
    });
    const text = await eventually(
      "its hover",
      () => hoverText(place),
      (one) => one.includes("mine"),
    );
    assert.equal(text.match(/const mine/g)?.length, 1, text);
  });
});

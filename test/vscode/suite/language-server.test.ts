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
import { until } from "./notebook.ts";

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

  test("in another kernel's notebook VS Code's TypeScript service and ours take turns", async () => {
    const opened = await openFresh(
      [
        'import { sep } from "node:path"\nconst mine = sep',
        "mi‸ne.length",
        "const n: number = mine",
        "%time mine",
      ],
      "tslab",
    );
    const { notebook } = opened;
    const place = only(opened);
    const errors = (index: number) =>
      vscode.languages
        .getDiagnostics(notebook.cellAt(index).document.uri)
        .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
    const choose = (id: string, extension: string) =>
      vscode.commands.executeCommand("notebook.selectKernel", {
        notebookEditor: vscode.window.activeNotebookEditor,
        id,
        extension,
      });
    // VS Code's takes each cell for a file, the first for a module: the name is not known below. Of types it says nothing in cells.
    const theirs = async () => {
      await until("the line magic is an error", () => errors(3).length > 0);
      await eventually(
        "any",
        () => hoverText(place),
        (text) => /^\W*\w*\W*any\b/.test(text),
      );
      assert.deepEqual(errors(2), []);
    };
    await theirs();
    await choose("tandem", "tandem-notebooks.tandem");
    await until("the type error is told", () => errors(2).length === 1);
    await until("no false error", () => [0, 1, 3].every((index) => errors(index).length === 0));
    const text = await eventually(
      "the type",
      () => hoverText(place),
      (found) => found.includes("const mine"),
    );
    assert.equal(text.match(/mine/g)?.length, 1, text);
    // The outline stays VS Code's, without ours beside it.
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      "vscode.executeDocumentSymbolProvider",
      notebook.cellAt(0).document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ["mine"],
    );
    assert.equal(notebook.isDirty, false);
    await choose("other", "tandem-tests.other-kernel");
    await theirs();
  });
});

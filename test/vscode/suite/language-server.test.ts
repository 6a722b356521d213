// The server itself: when it runs, whose cells it is told of, and what comes after its death.
import assert from "node:assert/strict";
import { suite, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { diagnosed, eventually, hoverText, labels, only, openCells, serverProcesses } from "./languages.ts";

/** Another server than `before`, once there is one and it answers. */
async function anotherServer(before: number | undefined): Promise<void> {
  await eventually("another one runs", serverProcesses, ([pid]) => pid !== undefined && pid !== before);
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
    await eventually(
      "members",
      () => labels(place),
      (found) => found.includes("inner"),
    );
    const [pid] = await serverProcesses();
    assert.ok(pid);
    process.kill(pid, "SIGKILL");
    await anotherServer(pid);
    const found = await eventually(
      "members again",
      () => labels(place),
      (one) => one.includes("inner"),
    );
    assert.deepEqual(found, ["inner"]);
  });

  test("after five deaths in a row it stays away until a person wants it", async () => {
    const opened = await openCells(["const n: number = 'text'"]);
    await vscode.commands.executeCommand("tandem.restartLanguageServer");
    let last: number | undefined;
    for (let death = 0; death < 5; death++) {
      await anotherServer(last);
      [last] = await serverProcesses();
      assert.ok(last);
      // It has to be ours before it dies: VS Code's client counts a server that never answered as one that cannot start.
      await diagnosed(opened.notebook, 0);
      process.kill(last, "SIGKILL");
    }
    await eventually("none is left", serverProcesses, (found) => found.length === 0);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.deepEqual(await serverProcesses(), []);
    assert.deepEqual(vscode.languages.getDiagnostics(opened.notebook.cellAt(0).document.uri), []);
    await vscode.commands.executeCommand("tandem.restartLanguageServer");
    await diagnosed(opened.notebook, 0);
  });

  test("cells of another kernel's notebook are its own, until Tandem is chosen for it", async () => {
    const opened = await openCells(["const mine = 1", "%%rust\npub fn broken( {", "mi‸ne"], "tslab");
    const own = await openCells(["const n: number = 'text'"]);
    await diagnosed(own.notebook, 0);
    const rust = opened.notebook.cellAt(1).document;
    assert.deepEqual(vscode.languages.getDiagnostics(rust.uri), []);
    const symbols = () =>
      vscode.commands.executeCommand<unknown[] | undefined>("vscode.executeDocumentSymbolProvider", rust.uri);
    assert.deepEqual((await symbols()) ?? [], []);
  });

  test("VS Code's TypeScript service stays alone with cells of its language", async () => {
    const place = only(await openCells(["const mi‸ne = 1"], "tslab"));
    const text = await eventually(
      "its hover",
      () => hoverText(place),
      (one) => one.includes("mine"),
    );
    assert.equal(text.match(/const mine/g)?.length, 1, text);
  });
});

import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { ended, openNotebook, run, start, texts, until } from "./notebook.ts";

const restart = () => vscode.commands.executeCommand("tandem.restartKernel");

suite("Kernel", () => {
  test("output shows while the cell runs, each stream in its order", async () => {
    const notebook = await openNotebook([
      "for (let i = 0; i < 3; i++) { console.log(i); await new Promise(r => setTimeout(r, 1000)) }\nconsole.error('end')",
    ]);
    start(notebook, 0);
    await until("the first line shows", () => texts(notebook, 0).join("").startsWith("0\n"));
    assert.equal(notebook.cellAt(0).executionSummary?.timing?.endTime, undefined);
    await ended(notebook, 0);
    assert.deepEqual(texts(notebook, 0), ["0\n1\n2\n", "end\n"]);
  });

  test("an endless loop is interrupted, what waits is called off, and the state stays", async () => {
    const notebook = await openNotebook([
      "let kept = 7",
      "console.log('in'); await null; while (true) {}",
      "'never'",
      "kept",
    ]);
    await run(notebook, 0);
    start(notebook, 1);
    start(notebook, 2);
    await until("the loop runs", () => texts(notebook, 1).length > 0);
    await vscode.commands.executeCommand("notebook.cancelExecution");
    await ended(notebook, 1);
    assert.equal(notebook.cellAt(1).executionSummary?.success, false);
    assert.deepEqual(texts(notebook, 2), []);
    await run(notebook, 3);
    assert.deepEqual(texts(notebook, 3), ["7"]);
  });

  test("a failing cell calls off those behind it", async () => {
    const notebook = await openNotebook(["throw new Error('stop here')", "'never'"]);
    await vscode.commands.executeCommand("notebook.execute", notebook.uri);
    await ended(notebook, 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(texts(notebook, 1), []);
  });

  test("a cell that may fail does not call off those behind it", async () => {
    const notebook = await openNotebook(["throw new Error('expected')", "'reached'"]);
    const { index, metadata } = notebook.cellAt(0);
    const tagged = { ...metadata, metadata: { tags: ["raises-exception"] } };
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.updateCellMetadata(index, tagged)]);
    await vscode.workspace.applyEdit(edit);
    await vscode.commands.executeCommand("notebook.execute", notebook.uri);
    await ended(notebook, 1);
    assert.deepEqual(texts(notebook, 1), ["'reached'"]);
  });

  test("restart forgets the state and keeps the outputs", async () => {
    const notebook = await openNotebook([
      "Object.assign(globalThis, { mark: 1 }); process.pid",
      "'mark' in globalThis",
    ]);
    await run(notebook, 0);
    const before = texts(notebook, 0);
    await restart();
    assert.deepEqual(texts(notebook, 0), before);
    await run(notebook, 1);
    assert.deepEqual(texts(notebook, 1), ["false"]);
    assert.equal(notebook.cellAt(1).executionSummary?.executionOrder, 1);
  });

  test("a restart ends the running cell and says so", async () => {
    const notebook = await openNotebook([
      "console.log('before'); await new Promise(() => setInterval(() => {}, 1e6))",
      "1",
    ]);
    start(notebook, 0);
    await until("it has printed", () => texts(notebook, 0).length > 0);
    await restart();
    await ended(notebook, 0);
    const [printed, error] = texts(notebook, 0);
    assert.equal(printed, "before\n");
    assert.match(error ?? "", /kernel was ended while this cell ran/);
    await run(notebook, 1);
    assert.deepEqual(texts(notebook, 1), ["1"]);
  });

  test("a kernel that dies is a clear error below what was printed, and the next run has a new one", async () => {
    const notebook = await openNotebook([
      "console.log('last words'); await new Promise(r => setTimeout(r, 300)); process.kill(process.ppid, 'SIGKILL'); await new Promise(() => setInterval(() => {}, 1e6))",
      "1 + 1",
    ]);
    assert.equal(await run(notebook, 0), false);
    const [printed, error] = texts(notebook, 0);
    assert.equal(printed, "last words\n");
    assert.match(error ?? "", /The kernel ended: signal SIGKILL/);
    assert.equal(await run(notebook, 1), true);
    assert.deepEqual(texts(notebook, 1), ["2"]);
  });

  test("an engine that was killed is told of, and a replay brings the state back", async () => {
    const notebook = await openNotebook(["let kept = 41; process.pid", "kept += 1", "kept"]);
    await run(notebook, 0);
    await run(notebook, 1);
    process.kill(Number(texts(notebook, 0)[0]), "SIGKILL");
    await until("its last cell says so", () => texts(notebook, 1).join("").includes("%recover"));
    await vscode.commands.executeCommand("tandem.replay", notebook.uri);
    assert.equal(await run(notebook, 2), true);
    assert.deepEqual(texts(notebook, 2), ["42"]);
  });

  test("the notification of a death replays by its button", async () => {
    const notebook = await openNotebook(["let kept = 41", "process.abort()", "typeof kept === 'number'"]);
    await vscode.commands.executeCommand("notifications.clearAll");
    await run(notebook, 0);
    assert.equal(await run(notebook, 1), false);
    for (let tries = 0; tries < 20 && texts(notebook, 2).join("") !== "true"; tries++) {
      await vscode.commands.executeCommand("notifications.focusToasts");
      await vscode.commands.executeCommand("notification.acceptPrimaryAction");
      await new Promise((resolve) => setTimeout(resolve, 500));
      await run(notebook, 2);
    }
    assert.deepEqual(texts(notebook, 2), ["true"]);
  });

  test("what a timer prints after its cell shows, and the cell stays a success", async () => {
    const notebook = await openNotebook(["setTimeout(() => console.log('late'), 700); 1"]);
    assert.equal(await run(notebook, 0), true);
    const { timing } = notebook.cellAt(0).executionSummary ?? {};
    await until("the late line shows", () => texts(notebook, 0).join("").includes("late"));
    await until("it is a success as before", () => notebook.cellAt(0).executionSummary?.success === true);
    assert.deepEqual(notebook.cellAt(0).executionSummary?.timing, timing);
  });

  test("a later cell replaces a display of an earlier one", async () => {
    const notebook = await openNotebook([
      "display('one', { id: 'd' })",
      "display('two', { id: 'd', update: true })",
      "display('three', { id: 'd' })",
    ]);
    await run(notebook, 0);
    assert.match(texts(notebook, 0).join(), /one/);
    await run(notebook, 1);
    await until("the first cell shows it", () => /two/.test(texts(notebook, 0).join()));
    assert.deepEqual(texts(notebook, 1), []);
    await until("it is a success as before", () => notebook.cellAt(0).executionSummary?.success === true);
    await run(notebook, 2);
    await until("the first cell shows that, too", () => /three/.test(texts(notebook, 0).join()));
    assert.match(texts(notebook, 2).join(), /three/);
  });

  test("a Node that does not start is a clear error in the cell", async () => {
    const settings = vscode.workspace.getConfiguration("tandem");
    await settings.update("node", "/nowhere/node", vscode.ConfigurationTarget.Global);
    try {
      const notebook = await openNotebook(["1"]);
      assert.equal(await run(notebook, 0), false);
      assert.match(texts(notebook, 0).join(), /The setting tandem\.node names \/nowhere\/node/);
    } finally {
      await settings.update("node", undefined, vscode.ConfigurationTarget.Global);
    }
  });
});

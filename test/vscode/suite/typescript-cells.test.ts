// TypeScript cells in VS Code: the editor's providers, asked across cells. Renames and quick fixes are in ../languages.mjs.
import assert from "node:assert/strict";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import {
  ask,
  diagnosed,
  eventually,
  hoverText,
  offered,
  only,
  openCells,
  type Place,
  replace,
} from "./languages.ts";
import { openNotebook, until } from "./notebook.ts";

const isError = ({ severity }: vscode.Diagnostic) => severity === vscode.DiagnosticSeverity.Error;

suite("TypeScript cells", () => {
  /** Cell 0 declares `count`, which cell 1 uses: the two places. */
  async function sample() {
    const { notebook, places } = await openCells([
      "/** How many there are. */\nexport const cou‸nt = 3\ninterface Shape { area(): number }\nclass Square implements Shape {\n  area() {\n    return count\n  }\n}\nconst shape: Shape = new Square()",
      "function add(a: number, b: number) {\n  return a + b\n}\nadd(coun‸t, 2)\nshape",
    ]);
    const [declared, used] = places;
    if (!declared || !used) throw new Error("There are no places.");
    await eventually(
      "the server answers",
      () => hoverText(used),
      (text) => text.includes("count"),
    );
    return { notebook, declared, used };
  }

  test("hover shows the type and the documentation from another cell", async () => {
    const { used } = await sample();
    assert.match(await hoverText(used), /const count[\s\S]*How many there are/);
  });

  test("completion offers names and members of other cells, and what could be imported", async () => {
    await offered(only(await openCells(["const longName = { inner: 1 }", "long‸"])), "longName");
    const members = only(await openCells(["const longName = { inner: 1 }", "longName.‸"]));
    assert.deepEqual(await offered(members, "inner"), ["inner"]);
    const imported = await openCells(['import { half } from "./lib"\nhalf(1)', "1\ntwic‸"]);
    await offered(only(imported), "twice");
  });

  test("signature help", async () => {
    const place = only(await openCells(["function twice(n: number) { return n * 2 }", "twice(‸)"]));
    await eventually(
      "the signature",
      () => ask<vscode.SignatureHelp | undefined>("vscode.executeSignatureHelpProvider", place, "("),
      (help) => help?.signatures[0]?.label === "twice(n: number): number",
    );
  });

  test("definition, type definition, implementation", async () => {
    const { declared, used } = await sample();
    const target = async (command: string, place: Place) => {
      const found = await ask<(vscode.Location | vscode.LocationLink)[]>(command, place);
      return found.map((one) =>
        "targetUri" in one
          ? [one.targetUri.toString(), (one.targetSelectionRange ?? one.targetRange).start.line]
          : [one.uri.toString(), one.range.start.line],
      );
    };
    const cell = declared.uri.toString();
    assert.deepEqual(await target("vscode.executeDefinitionProvider", used), [[cell, 1]]);
    const shape = { uri: used.uri, position: new vscode.Position(4, 2) };
    assert.deepEqual(await target("vscode.executeTypeDefinitionProvider", shape), [[cell, 2]]);
    const area = { uri: declared.uri, position: new vscode.Position(2, 19) };
    assert.deepEqual((await target("vscode.executeImplementationProvider", area))[0], [cell, 4]);
  });

  test("references and highlights", async () => {
    const { declared, used } = await sample();
    const found = await ask<vscode.Location[]>("vscode.executeReferenceProvider", declared);
    const places = found.map(
      ({ uri, range }) => `${uri.toString() === used.uri.toString()} ${range.start.line}`,
    );
    assert.deepEqual(places.sort(), ["false 1", "false 5", "true 3"]);
    const highlights = await ask<vscode.DocumentHighlight[]>("vscode.executeDocumentHighlights", declared);
    assert.deepEqual(highlights.map(({ range }) => range.start.line).sort(), [1, 5]);
  });

  test("symbols, folds and selections", async () => {
    const { declared } = await sample();
    const { uri } = declared;
    const symbols: vscode.DocumentSymbol[] = await vscode.commands.executeCommand(
      "vscode.executeDocumentSymbolProvider",
      uri,
    );
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, ...children.map((child) => child.name)]),
      [["count"], ["Shape", "area"], ["Square", "area"], ["shape"]],
    );
    const folds: vscode.FoldingRange[] = await vscode.commands.executeCommand(
      "vscode.executeFoldingRangeProvider",
      uri,
    );
    assert.deepEqual(
      folds.map(({ start }) => start).filter((line) => line >= 3),
      [3, 4],
    );
    const selections: vscode.SelectionRange[] = await vscode.commands.executeCommand(
      "vscode.executeSelectionRangeProvider",
      uri,
      [declared.position],
    );
    assert.equal(selections[0]?.range.start.line, 1);
    assert.ok(selections[0]?.parent);
  });

  test("semantic tokens", async () => {
    const { declared } = await sample();
    const { uri } = declared;
    const legend: vscode.SemanticTokensLegend = await vscode.commands.executeCommand(
      "vscode.provideDocumentSemanticTokensLegend",
      uri,
    );
    const tokens: vscode.SemanticTokens = await vscode.commands.executeCommand(
      "vscode.provideDocumentSemanticTokens",
      uri,
    );
    const types: string[] = [];
    for (let at = 0; at < tokens.data.length; at += 5)
      types.push(legend.tokenTypes[tokens.data[at + 3] ?? -1] ?? "");
    for (const type of ["variable", "interface", "class", "method"]) assert.ok(types.includes(type), type);
  });

  test("inlay hints follow the settings while the notebook is open", async () => {
    const place = only(await openCells(["const text‸ = String(1)"]));
    const document = await vscode.workspace.openTextDocument(place.uri);
    const whole = new vscode.Range(0, 0, 0, document.lineAt(0).text.length);
    const hints = async () =>
      await vscode.commands.executeCommand<vscode.InlayHint[]>(
        "vscode.executeInlayHintProvider",
        place.uri,
        whole,
      );
    const settings = vscode.workspace.getConfiguration("js/ts");
    const name = "inlayHints.variableTypes.enabled";
    await settings.update(name, true, vscode.ConfigurationTarget.Global);
    try {
      await eventually("the hint", hints, (found) =>
        found?.some(({ position }) => position.character === 10),
      );
    } finally {
      await settings.update(name, undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test("a type error is a red line, as long as it is there", async () => {
    const { notebook } = await openCells(["const text = 'a'", "const n: number = text"]);
    const found = await diagnosed(notebook, 1);
    assert.match(found.message, /'string' is not assignable to type 'number'/);
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    assert.deepEqual(found.range, new vscode.Range(0, 6, 0, 7));
    await replace(notebook, 0, "const text = 1");
    const { uri } = notebook.cellAt(1).document;
    await until("it is gone", () => vscode.languages.getDiagnostics(uri).length === 0);
  });

  test("redeclaration, imports, top-level await and JSX are no errors", async () => {
    const { notebook } = await openCells([
      "const a = 1",
      "const a = await Promise.resolve('again')",
      'import { join } from "node:path"\njoin(a, "b")',
      "const React = { createElement: (tag: string) => tag }\nconst el = <b>{a}</b>",
      "const wrong: number = a",
    ]);
    await diagnosed(notebook, 4);
    for (const cell of notebook.getCells().slice(0, 4))
      assert.deepEqual(vscode.languages.getDiagnostics(cell.document.uri).filter(isError), []);
  });

  test("a cell that comes anew is known at once", async () => {
    const { notebook } = await openCells(["1"]);
    const cell = new vscode.NotebookCellData(
      vscode.NotebookCellKind.Code,
      "const fresh = 1",
      "tandem-typescript",
    );
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(0, [cell])]);
    await vscode.workspace.applyEdit(edit);
    const place = { uri: notebook.cellAt(1).document.uri, position: new vscode.Position(0, 0) };
    await replace(notebook, 1, "fresh");
    const text = await eventually(
      "the new cell's name is known",
      () => hoverText(place),
      (one) => one.includes("fresh"),
    );
    assert.match(text, /const fresh/);
  });

  test("a format keeps the magic line", async () => {
    const { notebook } = await openCells(["%%parallel x of [1]\nconst  a   = x\na"]);
    const { document } = notebook.cellAt(0);
    const edits = await eventually(
      "edits",
      async (): Promise<vscode.TextEdit[] | undefined> =>
        await vscode.commands.executeCommand("vscode.executeFormatDocumentProvider", document.uri, {
          tabSize: 2,
          insertSpaces: true,
        }),
      (found) => found !== undefined && found.length > 0,
    );
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits ?? []);
    await vscode.workspace.applyEdit(edit);
    assert.match(document.getText(), /^%%parallel x of \[1\]\nconst a = x;?\na;?$/);
  });

  test("a save formats all cells by the folder's Prettier where the setting says so, and the file has them", async () => {
    const notebook = await openNotebook(["0", '%%parallel x of [a]\nx  +  "b"'], "tandem", {
      ".prettierrc": '{ "singleQuote": true, "semi": false }',
    });
    const packages = join(dirname(notebook.uri.fsPath), "node_modules");
    await mkdir(packages);
    await symlink(join(__dirname, "..", "..", "node_modules", "prettier"), join(packages, "prettier"));
    const settings = vscode.workspace.getConfiguration("notebook.formatOnSave");
    await settings.update("enabled", true, vscode.ConfigurationTarget.Global);
    try {
      await eventually(
        "cells in the file are laid out",
        async (): Promise<string[]> => {
          // One without changes would not be saved.
          await replace(notebook, 0, "const  a   = 1");
          await notebook.save();
          const { cells } = JSON.parse(await readFile(notebook.uri.fsPath, "utf8"));
          return cells.map(({ source }: { source: string[] }) => source.join(""));
        },
        (texts) => isDeepStrictEqual(texts, ["const a = 1", "%%parallel x of [a]\nx + 'b'"]),
      );
    } finally {
      await settings.update("enabled", undefined, vscode.ConfigurationTarget.Global);
    }
  });
});

// TypeScript cells in VS Code: each provider of the editor, asked across cells.
import assert from "node:assert/strict";
import { suite, suiteSetup, test } from "mocha";
import * as vscode from "vscode";
import {
  actionsAt,
  ask,
  diagnosed,
  eventually,
  hoverText,
  labels,
  type Opened,
  only,
  openCells,
  type Place,
  replace,
} from "./languages.ts";
import { until } from "./notebook.ts";

suite("TypeScript cells", () => {
  let shared: Opened;
  /** Asked about the name in cell 0 that cell 1 uses. */
  let declared: Place;
  let used: Place;

  suiteSetup(async () => {
    shared = await openCells([
      "/** How many there are. */\nexport const cou‸nt = 3\ninterface Shape { area(): number }\nclass Square implements Shape {\n  area() {\n    return count\n  }\n}\nconst shape: Shape = new Square()",
      "function add(a: number, b: number) {\n  return a + b\n}\nadd(coun‸t, 2)\nshape",
    ]);
    const [first, second] = shared.places;
    if (!first || !second) throw new Error("There are no places.");
    declared = first;
    used = second;
    await eventually(
      "the server answers",
      () => hoverText(used),
      (text) => text.includes("count"),
    );
  });

  test("hover shows the type and the documentation from another cell", async () => {
    assert.match(await hoverText(used), /const count[\s\S]*How many there are/);
  });

  test("completion offers names and members of other cells, with their import", async () => {
    const names = only(await openCells(["const longName = { inner: 1 }", "long‸"]));
    assert.ok((await labels(names)).includes("longName"));
    const members = only(await openCells(["const longName = { inner: 1 }", "longName.‸"]));
    assert.deepEqual(await labels(members), ["inner"]);
    const imported = only(await openCells(["readFileSyn‸"]));
    const list = await eventually(
      "the import is offered",
      () =>
        ask<vscode.CompletionList>("vscode.executeCompletionItemProvider", imported, undefined, 20).then(
          ({ items }) => items.filter((item) => item.additionalTextEdits?.length),
        ),
      (items) => items.length > 0,
    );
    assert.match(
      list[0]?.additionalTextEdits?.[0]?.newText ?? "",
      /import \{ readFileSync \} from "(node:)?fs"/,
    );
  });

  test("signature help", async () => {
    const place = only(await openCells(["function twice(n: number) { return n * 2 }", "twice(‸)"]));
    const help = await ask<vscode.SignatureHelp>("vscode.executeSignatureHelpProvider", place, "(");
    assert.match(help.signatures[0]?.label ?? "", /^twice\(n: number\): number$/);
  });

  test("definition, type definition, implementation", async () => {
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
    const found = await ask<vscode.Location[]>("vscode.executeReferenceProvider", declared);
    const places = found.map(
      ({ uri, range }) => `${uri.toString() === used.uri.toString()} ${range.start.line}`,
    );
    assert.deepEqual(places.sort(), ["false 1", "false 5", "true 3"]);
    const highlights = await ask<vscode.DocumentHighlight[]>("vscode.executeDocumentHighlights", declared);
    assert.deepEqual(highlights.map(({ range }) => range.start.line).sort(), [1, 5]);
  });

  test("a rename goes over cells", async () => {
    const { notebook, places } = await openCells(["let to‸tal = 1", "total += 1", "String(total)"]);
    const [place] = places;
    if (!place) throw new Error("There is no place.");
    const edit = await eventually(
      "an edit",
      () => ask<vscode.WorkspaceEdit | undefined>("vscode.executeDocumentRenameProvider", place, "sum"),
      (one) => one !== undefined && one.size > 0,
    );
    assert.ok(edit);
    assert.equal(await vscode.workspace.applyEdit(edit), true);
    assert.deepEqual(
      notebook.getCells().map(({ document }) => document.getText()),
      ["let sum = 1", "sum += 1", "String(sum)"],
    );
  });

  test("symbols, folds and selections", async () => {
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
      "const el = <b>{a}</b>",
      "const wrong: number = a",
    ]);
    await diagnosed(notebook, 4);
    for (const cell of notebook.getCells().slice(0, 4))
      assert.deepEqual(vscode.languages.getDiagnostics(cell.document.uri), []);
  });

  test("a quick fix mends a misspelt name of another cell", async () => {
    const { notebook } = await openCells(["const greeting = 'hi'", "greetin.length"]);
    const { range } = await diagnosed(notebook, 1);
    const { uri } = notebook.cellAt(1).document;
    const actions = await actionsAt(uri, range);
    const fix = actions.find(({ title }) => /greeting/.test(title));
    assert.ok(fix?.edit, JSON.stringify(actions.map(({ title }) => title)));
    await vscode.workspace.applyEdit(fix.edit);
    assert.equal(notebook.cellAt(1).document.getText(), "greeting.length");
  });

  test("cells are known in the order of the document, and those that come anew at once", async () => {
    const { notebook } = await openCells(["later", "const later = 1"]);
    await diagnosed(notebook, 0);
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
});

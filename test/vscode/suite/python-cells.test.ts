// Python cells in VS Code: what the running interpreter knows, Python's syntax errors, the outline, the way from TypeScript, renames.
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { ask, diagnosed, eventually, hoverText, labels, openFresh } from "./languages.ts";
import { run } from "./notebook.ts";

suite("Python cells", () => {
  test("the running interpreter completes, tells and shows signatures; typing starts none", async () => {
    const { notebook, places } = await openFresh([
      "%%python\ndef area(width: float, *, height: float = 1.5) -> float:\n    'How much it covers.'\n    return width * height",
      "%%python\n'😀'; are‸",
      "%%python\narea(2, ‸",
      "%%python\nar‸ea",
    ]);
    const [begun, call, name] = places;
    assert.ok(begun && call && name);
    // Others complete words that they saw in a text: they do not know that it is a function.
    const own = async () => {
      const { items } = await ask<vscode.CompletionList>("vscode.executeCompletionItemProvider", begun);
      return items.some(({ label, kind }) => label === "area" && kind === vscode.CompletionItemKind.Function);
    };
    const known = async () => (await hoverText(name)).includes("How much it covers.");
    assert.equal(await known(), false);
    assert.equal(await run(notebook, 0), true);
    await eventually("the function is offered", own, (is) => is);
    await eventually("its docstring is shown", known, (is) => is);
    assert.match(await hoverText(name), /def area\(width: float, \*, height: float = 1\.5\) -> float/);
    const help = await ask<vscode.SignatureHelp>("vscode.executeSignatureHelpProvider", call, ",");
    assert.deepEqual(
      help.signatures[0]?.parameters.map(({ label }) =>
        typeof label === "string" ? label : help.signatures[0]?.label.slice(...label),
      ),
      ["width: float", "height: float = 1.5"],
    );
    assert.ok((await labels(call)).includes("height="));
  });

  test("a syntax error is a red line, definitions are in the outline and found from TypeScript", async () => {
    const { notebook, places } = await openFresh([
      "%%python\ndef half(n: float) -> float:\n    return n / 2",
      "%%python\ntotal = 1 +",
      "await py.ha‸lf(1)",
    ]);
    const error = await diagnosed(notebook, 1, ({ source }) => source === "python");
    assert.equal(error.range.start.line, 1);
    const symbols: vscode.DocumentSymbol[] | undefined = await vscode.commands.executeCommand(
      "vscode.executeDocumentSymbolProvider",
      notebook.cellAt(0).document.uri,
    );
    assert.deepEqual(
      symbols?.map(({ name }) => name),
      ["half"],
    );
    const [place] = places;
    assert.ok(place);
    const links = await eventually(
      "the definition",
      () => ask<(vscode.Location | vscode.LocationLink)[]>("vscode.executeDefinitionProvider", place),
      (found) => found.length > 0,
    );
    const [link] = links;
    assert.ok(link);
    const [uri, range] = "uri" in link ? [link.uri, link.range] : [link.targetUri, link.targetRange];
    assert.equal(uri.toString(), notebook.cellAt(0).document.uri.toString());
    assert.equal(range.start.line, 1);
  });

  test("a rename from TypeScript changes the definition and its uses in all cells", async () => {
    const { notebook, places } = await openFresh([
      "%%python\ndef half(n: float) -> float:\n    return n / 2",
      "await py.ha‸lf(1)",
      "%%python\nprint(f'half: {half(3)}')",
    ]);
    const [place] = places;
    assert.ok(place);
    const edit = await ask<vscode.WorkspaceEdit>("vscode.executeDocumentRenameProvider", place, "part");
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.deepEqual(
      notebook.getCells().map(({ document }) => document.getText()),
      [
        "%%python\ndef part(n: float) -> float:\n    return n / 2",
        "await py.part(1)",
        "%%python\nprint(f'half: {part(3)}')",
      ],
    );
  });
});

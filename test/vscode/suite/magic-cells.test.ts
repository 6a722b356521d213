// Magic lines in VS Code, and what other languages' cells mean to TypeScript's.
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import {
  actionAt,
  apply,
  diagnosed,
  eventually,
  hoverText,
  offered,
  only,
  openCells,
  openFresh,
  replace,
} from "./languages.ts";
import { until } from "./notebook.ts";

suite("Magic lines", () => {
  test("magics and their options are completed", async () => {
    await offered(only(await openCells(["%%par‸"])), "parallel");
    await offered(only(await openCells(["%%bench --ro‸\nconst a = 1"])), "--rounds");
    await offered(only(await openCells(["%%rust --int64 ‸\nfn f() {}"])), "number");
  });

  test("hover shows a magic's help", async () => {
    assert.match(await hoverText(only(await openCells(["%%para‸llel x of [1]\nx"]))), /parallel/);
  });

  test("an unknown magic is a red line with the nearest name as its fix", async () => {
    const { notebook } = await openCells(["%%paralel x of [1]\nx"]);
    const { uri } = notebook.cellAt(0).document;
    const { range } = await diagnosed(notebook, 0, ({ message }) => message.includes("parallel"));
    await apply(await actionAt(uri, range, /parallel/));
    assert.equal(notebook.cellAt(0).document.getText(), "%%parallel x of [1]\nx");
  });

  test("a cell of another language that is typed has no false error", async () => {
    const { notebook } = await openCells(["", "const n: number = 'text'"]);
    await replace(notebook, 0, "%%javascript\nlet a = 1");
    await until("it is ours", () => notebook.cellAt(0).document.languageId === "tandem-typescript");
    await diagnosed(notebook, 1);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.deepEqual(vscode.languages.getDiagnostics(notebook.cellAt(0).document.uri), []);
  });

  test("the head and the body of %%parallel are typed, and a wrong capture is a red line", async () => {
    const { places, notebook } = await openCells([
      "const names = ['a']\nimport { createServer } from 'node:net'\nconst server = createServer()",
      "%%parallel name of names\nna‸me.length",
      "%%parallel name of names\nserver.listening",
    ]);
    const [place] = places;
    if (!place) throw new Error("There is no place.");
    const text = await eventually(
      "the type",
      () => hoverText(place),
      (one) => one.includes("name"),
    );
    assert.match(text, /name: string/);
    const found = await diagnosed(notebook, 2, ({ message }) => message.includes("server"));
    assert.equal(found.range.start.line, 1);
  });
});

suite("Between languages", () => {
  test("a Rust function called with a text is a red line before anything runs", async () => {
    const { notebook, places } = await openCells([
      "%%rust\npub fn triple(n: f64) -> f64 {\n    n * 3.0\n}",
      'tri‸ple("three")',
    ]);
    const [place] = places;
    if (!place) throw new Error("There is no place.");
    const found = await diagnosed(notebook, 1);
    assert.match(found.message, /'string' is not assignable to parameter of type 'number'/);
    assert.match(await hoverText(place), /triple.*\(n: number\)/);
  });

  test("a Python function called with a text is a red line before anything runs", async () => {
    const { notebook } = await openFresh([
      "%%python\ndef triple(n: float) -> float:\n    return n * 3",
      'await py.triple("three")',
    ]);
    const found = await diagnosed(notebook, 1);
    assert.match(found.message, /'string' is not assignable to parameter of type 'number'/);
  });
});

import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { DocumentSymbol, FoldingRange, LocationLink } from "vscode-languageserver";
import { withLanguages } from "../../../test/language-client.ts";
import { executable, hasPython } from "../../../test/python.ts";
import { foldsOf, placeOfPythonName, symbolsOf } from "./outline.ts";
import { namesOf, syntaxOf } from "./problems.ts";

const python = (text: string) => ({ language: "python", text });

const text = `%%python --out total
import math
@decorated(
    1)
async def größe(a: int, # )
        b="def x()"):
    """Not a def:
    def y(): pass
"""
    if a:
        return b
    def inner(): pass

class Point:
    x: int = 1
    def norm(self): return 1
total = [
  1,
]`;

test("the outline, folds and places of names, without any Python", () => {
  const outline = (symbols: readonly DocumentSymbol[]): unknown[] =>
    symbols.map(({ name, range, selectionRange, children }) => [
      name,
      range.start.line,
      range.end.line,
      selectionRange.start.line,
      ...outline(children ?? []),
    ]);
  expect(outline(symbolsOf({ text }))).toEqual([
    ["größe", 2, 11, 4, ["inner", 11, 11, 11]],
    ["Point", 13, 15, 13, ["norm", 15, 15, 15]],
  ]);
  expect(symbolsOf({ text })[0]?.detail).toBe('(a: int, b="def x()")');
  expect(foldsOf({ text }).map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
    [2, 3],
    [4, 11],
    [6, 8],
    [9, 10],
    [13, 15],
    [16, 18],
  ]);
  expect(placeOfPythonName({ text }, "größe")).toEqual({
    start: { line: 4, character: 10 },
    end: { line: 4, character: 15 },
  });
  expect(placeOfPythonName({ text }, "norm")).toBeUndefined();
  expect(placeOfPythonName({ text: "const größe = 1" }, "größe")).toBeUndefined();
});

test("errors stand at their places, in UTF-16 units, also past the end and without one", () => {
  const at = (text: string, line: number, column: number, endLine = 0, endColumn = 0) => {
    const error = { message: "wrong", line, column, endLine, endColumn };
    const [{ range } = { range: undefined }] = syntaxOf({ text }, { error });
    return range && [range.start.line, range.start.character, range.end.line, range.end.character];
  };
  expect(at("%%python\n'😀' 1 x", 2, 5, 2, 6)).toEqual([1, 5, 1, 6]);
  expect(at("%%python\nabc def", 2, 1)).toEqual([1, 0, 1, 3]);
  expect(at("%%python\nf(", 2, 3)).toEqual([1, 1, 1, 2]);
  expect(at("%%python\nf(", 9, 1)).toEqual([1, 0, 1, 1]);
});

test("names of --in and --out that nobody has", () => {
  const cells = [
    "const prices = [1]",
    "%%python --in prices,none,process --out mean,sum\nsum = 1\nx = 2",
  ].map((text, index) => ({ uri: `${index}`, language: "", text, index }));
  const notebook = { uri: "", folder: "", cells };
  const told = (text: string, checked: object, ...more: { text: string; checked: object }[]) => {
    const cell = { uri: "1", language: "python", text, index: 1 };
    const others = more.map((one, index) => ({
      ...one,
      cell: { ...cell, uri: `${index + 2}`, text: one.text },
    }));
    const all = [{ cell, checked }, ...others];
    return namesOf({ cell, checked }, notebook, all).map(({ range }) =>
      text.slice(range.start.character, range.end.character),
    );
  };
  const line = "%%python --in prices,none,process --out=mean,sum\n";
  const plain = { binds: ["sum"], hasValue: false };
  expect(told(line, plain)).toEqual(["none", "mean"]);
  expect(told(line, { ...plain, hasValue: true })).toEqual(["none"]);
  // What is no Python now, and code that may do anything, may bind it.
  expect(told(line, {})).toEqual(["none"]);
  expect(told(`${line}exec(text)`, plain)).toEqual(["none"]);
  expect(told(line, plain, { text: "%%python\n", checked: { binds: ["mean"] } })).toEqual(["none"]);
  expect(told("%%python --unknown --out x", plain)).toEqual([]);
});

describe.skipIf(!hasPython)("with a Python", () => {
  test("syntax errors are red lines, and go when they are mended", () =>
    withLanguages({}, async (client) => {
      const notebook = client.open([
        python("%%python\nx = 1\ndef f(:\n    pass"),
        python(
          "%%python\nimport asyncio\nawait asyncio.sleep(0)\nasync with a as b: pass\n[x async for x in y]",
        ),
        python("%%python\nreturn 1"),
        python("%%python --out wrong\nright = 1"),
        python("%%python"),
      ]);
      const [error] = await notebook.diagnosed(0);
      expect(error).toMatchObject({
        severity: 1,
        source: "python",
        range: { start: { line: 2, character: 6 }, end: { line: 2, character: 7 } },
      });
      expect((await notebook.diagnosed(2))[0]?.message).toBe("'return' outside function");
      expect((await notebook.diagnosed(3, ({ severity }) => severity === 2))[0]?.range).toEqual({
        start: { line: 0, character: 15 },
        end: { line: 0, character: 20 },
      });
      expect(client.diagnostics.get(notebook.uriOf(1)) ?? []).toEqual([]);
      expect(client.diagnostics.get(notebook.uriOf(4)) ?? []).toEqual([]);
      notebook.edit(0, "%%python\nx = 1");
      await client.until(
        () => (client.diagnostics.get(notebook.uriOf(0))?.length === 0 ? true : undefined),
        "the error to go",
      );
      const symbols = await notebook.ask<DocumentSymbol[]>("documentSymbol", 1);
      expect(symbols).toEqual([]);
      expect(await notebook.ask<FoldingRange[]>("foldingRange", 0)).toEqual([]);
    }));

  test("py.f leads to its def, in a cell further up, too", () =>
    withLanguages({}, async (client) => {
      const notebook = client.open([
        python("%%python\ndef first(n: int) -> int: return n"),
        python("%%python\ntotal: int = 1"),
        "await py.fir‸st(1)",
      ]);
      const { place } = notebook;
      const { cell, ...position } = place;
      const [link] = await notebook.ask<LocationLink[]>("definition", cell, { position });
      expect(link?.targetUri).toBe(notebook.uriOf(0));
      expect(link?.targetSelectionRange.start).toEqual({ line: 1, character: 4 });
    }));

  test("in a folder that is not trusted no Python is started until it is", async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "tandem-test-")));
    try {
      // The folder's own Python, which tells that it ran.
      mkdirSync(join(folder, ".venv", "bin"), { recursive: true });
      writeFileSync(
        join(folder, ".venv", "bin", "python"),
        `#!/bin/sh\ntouch ${join(folder, "ran")}\nexec ${executable} "$@"\n`,
        { mode: 0o755 },
      );
      await withLanguages({ folder, trusted: false }, async (client) => {
        const notebook = client.open([python("%%python\nx = (")]);
        expect(await notebook.ask("documentSymbol", 0)).toEqual([]);
        expect(await notebook.ask("foldingRange", 0)).toEqual([]);
        expect(client.diagnostics.get(notebook.uriOf(0)) ?? []).toEqual([]);
        expect(existsSync(join(folder, "ran"))).toBe(false);
        await client.connection.sendNotification("tandem/trusted");
        const [error] = await notebook.diagnosed(0);
        expect(error?.source).toBe("python");
        expect(existsSync(join(folder, "ran"))).toBe(true);
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

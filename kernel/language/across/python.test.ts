import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LanguageClient } from "../../../test/language-client.ts";
import { hasPython } from "../../../test/python.ts";
import { cursors, RenamedCells } from "../../../test/renamed-cells.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "tandem-across-python-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!hasPython)("names of Python cells", () => {
  const client = new LanguageClient(folder);
  let notebook: RenamedCells;
  beforeAll(async () => {
    await client.initialize({});
    notebook = new RenamedCells(client);
  });
  afterAll(() => client.close());

  test.each<[string, string[], string, string[]]>([
    [
      "a function, in all cells of its interpreter",
      [
        "%%python\ndef ‸add(n: int) -> int:\n  return ‸add(n - 1) if n else 0",
        "await py.‸add(1);\nconst { add } = py;\npy['add'](2)",
        "%%python\nimport m\nprint('é😀 add', add(1), m.add, f'add: {add(2):>{add(3)}}')\ndef inner():\n  global ‸add\n  add = 1",
        "%%parallel x of [1]\nx\n",
        "%%bench\na: py.‸add(1)\nb: { await py.add(2) }",
      ],
      "plus",
      [
        "%%python\ndef plus(n: int) -> int:\n  return plus(n - 1) if n else 0",
        "await py.plus(1);\nconst { plus: add } = py;\npy['plus'](2)",
        "%%python\nimport m\nprint('é😀 add', plus(1), m.add, f'add: {plus(2):>{plus(3)}}')\ndef inner():\n  global plus\n  plus = 1",
        "%%parallel x of [1]\nx\n",
        "%%bench\na: py.plus(1)\nb: { await py.plus(2) }",
      ],
    ],
    [
      "a variable, that TypeScript knows by its annotation",
      ["%%python\nto‸tal: float = 1.0\ntotal += 1", "const n = await py.total; const total = 1"],
      "delete",
      ["%%python\ndelete: float = 1.0\ndelete += 1", "const n = await py.delete; const total = 1"],
    ],
    [
      "a class, which TypeScript has not",
      ["%%python\nclass ‸A: pass\na = ‸A()", "// py.A is Python's\nclass A {}"],
      "B",
      ["%%python\nclass B: pass\na = B()", "// py.A is Python's\nclass A {}"],
    ],
    [
      "what another interpreter has, too",
      ["%%python --python other\ndef f(): pass", "%%python\ndef ‸f(): pass", "py.‸f()"],
      "g",
      ["%%python --python other\ndef f(): pass", "%%python\ndef g(): pass", "py.g()"],
    ],
  ])("renames %s", async (_what, cells, newName, expected) => {
    for (const from of cursors(cells)) expect(await notebook.renamed(from, newName)).toEqual(expected);
  });

  test.each<[string, string[], string, RegExp]>([
    [
      "what has no type",
      ["%%python\n‸x = 1", "await py.x"],
      "y",
      /Cell 2 has it by py where its type is not known/,
    ],
    [
      "what is read as text",
      ["%%python\ndef ‸f(): pass\neval('f()')"],
      "g",
      /Cell 1 may mean it in Python by a text/,
    ],
    [
      "what an import gives",
      ["%%python\ndef ‸f(): pass", "%%python\nfrom m import f"],
      "g",
      /Cell 2 may mean it/,
    ],
    [
      "another of that name",
      ["%%python\ndef ‸f(): pass\ndef g(f): return f"],
      "h",
      /Cell 1 has another f in a function/,
    ],
    ["a name that is used", ["%%python\ndef ‸f(): pass", "%%python\ng = 1"], "g", /Cell 2 uses g/],
    ["a word of Python", ["%%python\ndef f(): pass", "py.‸f()"], "lambda", /lambda cannot be a name/],
    ["what --out names", ["%%python --out f\n‸f = 1"], "g", /Cell 1 takes it by --out/],
    ["what --in names", ["%%python --in f\nf", "%%python\n‸f = 1"], "g", /Cell 1 takes it by --in/],
    [
      "a cell that is no Python",
      ["%%python\ndef ‸f(): pass", "%%python\nf("],
      "g",
      /Cell 2 mentions it in Python/,
    ],
    [
      "what Python spells otherwise",
      ["%%python\ndef \u{fb01}x(): pass", "py.‸\u{fb01}x()"],
      "g",
      /Cell 1 may mean it/,
    ],
    ["a comment", ["%%python\ndef f(): pass\n# ‸f"], "g", /Cell 1 may mean it/],
  ])("refuses %s", async (_what, cells, newName, expected) => {
    await expect(notebook.renamed(cells, newName)).rejects.toThrow(expected);
  });

  test("finds the uses from wherever they stand", async () => {
    const cells = ["%%python\ndef ‸f(): pass\n‸f()", "py.‸f()", "%%python\nf"];
    const expected = ["0:1:4 f", "0:2:0 f", "1:0:3 f", "2:1:0 f"];
    for (const from of cursors(cells)) {
      expect(await notebook.references(from)).toEqual(expected);
      expect(await notebook.references(from, false)).toEqual(expected.slice(1));
    }
  });
});

test("without Python the definition and TypeScript are found, and nothing is renamed", async () => {
  const client = new LanguageClient(folder);
  try {
    await client.initialize({ trusted: false });
    const notebook = new RenamedCells(client);
    for (const cells of cursors(["%%python\ndef ‸f(): pass\nf()", "py.‸f()"])) {
      expect(await notebook.references(cells)).toEqual(["0:1:4 f", "1:0:3 f"]);
      await expect(notebook.renamed(cells, "g")).rejects.toThrow(
        /Cell 1 mentions it in Python, and no Python/,
      );
    }
  } finally {
    await client.close();
  }
});

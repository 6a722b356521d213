import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNotebook } from "../notebook.ts";
import { MODULE_LINE, type PercentCell } from "./format.ts";
import { readPercent } from "./read.ts";
import { newNotebook, updatedNotebook } from "./to-notebook.ts";
import { writePercent } from "./write.ts";

const cell = (source: string, more: Partial<PercentCell> = {}): PercentCell => ({
  type: "code",
  id: "a",
  metadata: {},
  attachments: undefined,
  source,
  ...more,
});
const notebook = (...cells: PercentCell[]) => ({ metadata: {}, minor: 5, cells });

describe("the percent format", () => {
  it("is TypeScript with a comment before each cell", () => {
    const text = writePercent({
      metadata: { kernelspec: { name: "tandem" } },
      minor: 5,
      cells: [
        cell("# Title\n\ntext", { type: "markdown", id: "m" }),
        cell("const n = 1\n%time n\n!ls *.ts\nconst rest = n\n% 2", { metadata: { tags: ["parameters"] } }),
        cell("%%rust --debug\n\npub fn f() {}", { id: undefined }),
        cell("// %% a comment\nn"),
        cell(""),
      ],
    });
    expect(text).toBe(`// ---
// {"jupyter":{"kernelspec":{"name":"tandem"}},"nbformat_minor":5}
// ---

${MODULE_LINE}

// %% [markdown] id="m"
// # Title
//
// text

// %% id="a" tags=["parameters"]
const n = 1
// %time n
// !ls *.ts
const rest = n
% 2

// %%
// %%rust --debug
//
// pub fn f() {}

// %% id="a"
// // %% a comment
n

// %% id="a"
`);
  });

  it("needs no line of ours in a file that is a module", () => {
    expect(writePercent(notebook(cell("import fs from 'node:fs'")))).not.toContain(MODULE_LINE);
    expect(writePercent(notebook(cell("import('node:fs')")))).toContain(MODULE_LINE);
  });

  it("reads files that people and other programs wrote", () => {
    const text = `// ---
// jupyter:
//   kernelspec: {}
// ---
import fs from "node:fs"

// %% Load the data
const a = 1
// %% [md] slideshow={"slide_type": "slide"} collapsed=true n=3
// Text
//without a space
// %% [raw]
// raw`;
    for (const plain of [text, text.replaceAll("\n", "\r\n"), `\uFEFF${text}`]) {
      const { cells } = readPercent(plain);
      expect(cells.map(({ source }) => source)).toEqual([
        'import fs from "node:fs"',
        "const a = 1",
        "Text\nwithout a space",
        "raw",
      ]);
      expect(cells[1]?.metadata).toEqual({ title: "Load the data" });
      expect(cells[2]).toMatchObject({
        type: "markdown",
        metadata: { slideshow: { slide_type: "slide" }, collapsed: true, n: 3 },
      });
    }
    expect(readPercent("").cells).toEqual([]);
    expect(readPercent("1 + 1\n").cells).toMatchObject([{ source: "1 + 1" }]);
  });

  const line = fc.oneof(
    fc.constantFrom(
      "",
      " ",
      "//",
      "// ",
      "// %%",
      "// %% x",
      "// // %% y",
      "%%rust",
      "%% rust",
      "// %%rust",
      "%time f()",
      "!ls",
      "// !ls",
      "//%",
      "% 2",
      "# T",
      "export {}",
      MODULE_LINE,
      "// ---",
      "`",
      "\r",
      "a\r",
      "\u2028",
      "// %\r",
      "// %%\r",
      "%nonsense",
      "%%",
    ),
    fc.string({ maxLength: 6 }),
  );
  const source = fc.array(line, { maxLength: 5 }).map((lines) => lines.join("\n"));
  const metadata = fc.dictionary(
    fc.oneof(
      fc.constantFrom("id", "tags", "title", "metadata", "attachments", "__proto__", "a b", ""),
      fc.string(),
    ),
    fc.jsonValue({ maxDepth: 2 }),
    { maxKeys: 3, noNullPrototype: true },
  );
  // As JSON keeps them: no -0.
  const json = <T>(value: T): T => JSON.parse(JSON.stringify(value));
  const cells = fc.array(
    fc.record({
      type: fc.constantFrom("code", "markdown", "raw"),
      id: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
      metadata: metadata.map(json),
      attachments: fc.option(metadata.map(json), { nil: undefined }),
      source,
    }),
    { maxLength: 4 },
  );

  it("keeps every cell on its way there and back", () => {
    fc.assert(
      fc.property(cells, metadata.map(json), (list, top) => {
        const there = writePercent({ metadata: top, minor: 5, cells: list });
        expect(readPercent(there)).toEqual({ metadata: top, minor: 5, cells: list });
      }),
      { numRuns: 700 },
    );
  });

  it("brings back a notebook to the byte, outputs included, where nothing was changed", () => {
    fc.assert(
      fc.property(cells, fc.constantFrom(1, 2, "\t", undefined), fc.boolean(), (list, indent, windows) => {
        const made = JSON.parse(newNotebook({ metadata: {}, minor: 5, cells: list }));
        for (const one of made.cells)
          if (one.outputs) Object.assign(one, { outputs: [{ x: 1 }], execution_count: 2 });
        const ids = new Set(made.cells.map((one: { id: string }) => one.id));
        fc.pre(ids.size === made.cells.length);
        const plain = JSON.stringify(made, null, indent);
        const text = windows ? plain.replaceAll("\n", "\r\n") : plain;
        const parsed = parseNotebook(text, "a");
        expect(updatedNotebook(parsed, readPercent(writePercent(parsed)))).toBe(text);
      }),
      { numRuns: 200 },
    );
  });
});

describe("updatedNotebook", () => {
  const output = { output_type: "stream", name: "stdout", text: ["x"] };
  const ran = (id: string, source: string) => ({
    cell_type: "code",
    execution_count: 1,
    id,
    metadata: { zoom: 1 },
    outputs: [output],
    source,
  });
  const text = `${JSON.stringify({ cells: [ran("a", "1"), ran("b", "2"), ran("c", "3")], metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 2)}\n`;
  const old = parseNotebook(text, "a");
  const kept = (id: string, source: string) => cell(source, { id, metadata: { zoom: 1 } });

  it("drops outputs of changed cells only, moves cells with theirs, and knows cells without ids by their source", () => {
    const result = JSON.parse(
      updatedNotebook(
        old,
        notebook(
          kept("c", "3"),
          cell("new", { id: undefined }),
          kept("a", "changed"),
          cell("2", { id: undefined, metadata: { zoom: 1 } }),
        ),
      ),
    );
    expect(result.cells.map((one: { id: string }) => one.id)).toEqual([
      "c",
      expect.stringMatching(/^[0-9a-f]{8}$/),
      "a",
      "b",
    ]);
    expect(result.cells.map((one: { outputs: unknown[] }) => one.outputs.length)).toEqual([1, 0, 0, 1]);
    expect(result.cells[2]).toMatchObject({
      source: ["changed"],
      execution_count: null,
      metadata: { zoom: 1 },
    });
  });

  it("keeps the text around an inserted or removed cell", () => {
    const inserted = updatedNotebook(
      old,
      notebook(kept("a", "1"), kept("n", "new"), kept("b", "2"), kept("c", "3")),
    );
    expect(
      inserted.replace(
        / {4}\{\n {6}"cell_type": "code",\n {6}"execution_count": null(?:.|\n)*?\n {4}\},\n/,
        "",
      ),
    ).toBe(text);
    const removed = JSON.parse(updatedNotebook(old, notebook(kept("a", "1"), kept("c", "3"))));
    expect(removed.cells).toEqual([ran("a", "1"), ran("c", "3")]);
    expect(JSON.parse(updatedNotebook(old, notebook())).cells).toEqual([]);
  });
});

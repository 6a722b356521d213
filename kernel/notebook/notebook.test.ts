import { describe, expect, it } from "vitest";
import { TandemError } from "../errors.ts";
import { parseNotebook, withRuns } from "./notebook.ts";

/** As Jupyter writes it, with what only the file's bytes keep: 1.0, an escape, an unknown key, a key order of its own. */
const TEXT = `{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "a",
   "metadata": {},
   "source": [
    "# Caf\\u00e9\\n",
    "text"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 4,
   "id": "b",
   "metadata": {
    "tags": [
     "raises-exception"
    ],
    "zoom": 1.0
   },
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "old\\n"
     ]
    }
   ],
   "source": "1 + 1"
  },
  {
   "cell_type": "code",
   "metadata": {},
   "source": []
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "Tandem",
   "language": "typescript",
   "name": "tandem"
  }
 },
 "unknown": [1,   2],
 "nbformat": 4,
 "nbformat_minor": 5
}
`;

const code = (text: string): string => {
  try {
    parseNotebook(text, "a.ipynb");
  } catch (error) {
    if (error instanceof TandemError) return error.code;
    throw error;
  }
  return "no error";
};

describe("parseNotebook", () => {
  it("reads cells with their source, tags and the kernel's name", () => {
    const { cells, kernel } = parseNotebook(TEXT, "a.ipynb");
    expect(cells.map((cell) => cell.type)).toEqual(["markdown", "code", "code"]);
    expect(cells[0]?.source).toBe("# Café\ntext");
    expect(cells[1]).toMatchObject({
      index: 1,
      id: "b",
      type: "code",
      source: "1 + 1",
      tags: ["raises-exception"],
      executionCount: 4,
    });
    expect(kernel).toEqual({ name: "tandem", language: "typescript" });
  });

  it("takes a notebook that says nothing of its kernel, and one with a byte order mark", () => {
    const bare = '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}';
    expect(parseNotebook(bare, "a.ipynb").kernel).toEqual({});
    expect(parseNotebook(`\uFEFF${bare}`, "a.ipynb").cells).toEqual([]);
  });

  it("says what is wrong with a file", () => {
    expect(code("{")).toBe("notebookNotJson");
    expect(code("")).toBe("notebookNotJson");
    expect(code("// a comment\n{}")).toBe("notebookNotJson");
    expect(code("3")).toBe("notNotebook");
    expect(code("null")).toBe("notNotebook");
    expect(code('{"nbformat": 3, "worksheets": []}')).toBe("notebookVersion");
    expect(code('{"nbformat": 4}')).toBe("notNotebook");
    expect(code('{"nbformat": 4, "cells": [{}]}')).toBe("notNotebook");
    expect(code('{"nbformat": 4, "cells": [null]}')).toBe("notNotebook");
  });
});

describe("withRuns", () => {
  const output = { name: "stdout", output_type: "stream", text: ["2\n"] };
  const runs = new Map([[1, { executionCount: 1, outputs: [output] }]]);

  it("changes the outputs and the count of the cell and no byte besides", () => {
    const written = withRuns(parseNotebook(TEXT, "a.ipynb"), runs);
    expect(written).toBe(
      TEXT.replace('"execution_count": 4', '"execution_count": 1').replace('"old\\n"', '"2\\n"'),
    );
  });

  it("leaves a file alone in which nothing ran", () => {
    expect(withRuns(parseNotebook(TEXT, "a.ipynb"), new Map())).toBe(TEXT);
  });

  it("adds what a cell lacks, in the file's style", () => {
    const written = withRuns(
      parseNotebook(TEXT, "a.ipynb"),
      new Map([[2, { executionCount: 2, outputs: [] }]]),
    );
    expect(written).toBe(
      TEXT.replace('"source": []', '"source": [],\n   "execution_count": 2,\n   "outputs": []'),
    );
  });

  it.each([
    ["two spaces", JSON.stringify(JSON.parse(TEXT), null, 2)],
    ["tabs", JSON.stringify(JSON.parse(TEXT), null, "\t")],
    ["one line", JSON.stringify(JSON.parse(TEXT))],
    ["Windows line ends", TEXT.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\uFEFF${TEXT}`],
  ])("keeps the style of a file with %s", (_, text) => {
    const same = new Map([
      [1, { executionCount: 4, outputs: [{ name: "stdout", output_type: "stream", text: ["old\n"] }] }],
    ]);
    expect(withRuns(parseNotebook(text, "a.ipynb"), same)).toBe(text);
  });

  it("keeps the bytes of values that come out as they were", () => {
    const text =
      '{"nbformat":4,"cells":[{"cell_type":"code","source":"1","execution_count":1,\n"outputs":[{"a" : "\\u00e9", "b":1.0}]}]}';
    const same = new Map([[0, { executionCount: 1, outputs: [{ b: 1, a: "é" }] }]]);
    expect(withRuns(parseNotebook(text, "a.ipynb"), same)).toBe(text);
  });

  it("takes the last of two equal keys, as JSON does", () => {
    const text =
      '{"nbformat":4,"cells":[{"cell_type":"code","source":"1","outputs":[1],"outputs":[2],"execution_count":null}]}';
    const written = withRuns(
      parseNotebook(text, "a.ipynb"),
      new Map([[0, { executionCount: 1, outputs: [] }]]),
    );
    expect(JSON.parse(written).cells[0]).toMatchObject({ outputs: [], execution_count: 1 });
  });
});

import { describe, expect, test } from "vitest";
import { toBundle } from "./bundle.ts";
import { describeError } from "./error.ts";

const plain = (value: unknown) => toBundle(value)["text/plain"];
const html = (value: unknown) => toBundle(value)["text/html"];

/** The text of each cell by row; a column's name and type with a bar between. */
const cells = (table: string) =>
  [...table.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell = ""]) =>
      cell.replace("<br>", "|").replace(/<\/?small[^>]*>/g, ""),
    ),
  );

describe("plain text", () => {
  test("is Node's own, without colours", () => {
    expect(plain("a'b")).toBe(`"a'b"`);
    expect(plain(-0)).toBe("-0");
    expect(plain(12n)).toBe("12n");
    expect(plain(null)).toBe("null");
    expect(plain(new Map([["a", { b: [1] }]]))).toBe("Map(1) { 'a' => { b: [ 1 ] } }");
  });

  test("comes even where the value's own methods throw", () => {
    const hostile = {
      [Symbol.for("nodejs.util.inspect.custom")]() {
        throw new Error("no");
      },
    };
    expect(plain(hostile)).toBe("[value that cannot be shown: no]");
  });
});

describe("tables", () => {
  test("arrays of records, columns in the order of first use with their types, text escaped", () => {
    const table = String(
      html([
        { a: 1, "<b>": "x&y" },
        { a: 2n, c: [1] },
      ]),
    );
    expect(cells(table)).toEqual([
      ["", "a|number | bigint", "&lt;b&gt;|string?", "c|Array?"],
      ["0", "1", "x&amp;y", ""],
      ["1", "2", "", "[ 1 ]"],
    ]);
    expect(table).toContain(">2 rows, 3 columns</caption>");
    expect(table.match(/<th scope="(col|row)"/g)).toHaveLength(5);
  });

  test("types are those of all rows", () => {
    const rows = [
      { at: new Date(0), v: 1, n: null },
      { at: new Date(1), v: "x", n: null },
      { at: new Date(1), v: true, n: null },
      { at: new Date(1), v: 2n, n: null, late: new Map() },
    ];
    expect(cells(String(html(rows)))[0]).toEqual(["", "at|Date", "v|mixed", "n|null", "late|Map?"]);
  });

  test("long and wide ones say what they leave out", () => {
    const wide = Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`c${i}`, i]));
    const table = String(html(Array.from({ length: 1205 }, () => wide)));
    expect(table).toContain(">first 30 of 1,205 rows, first 30 of 32 columns</caption>");
    expect(cells(table)).toHaveLength(31);
    expect(String(html(Array.from({ length: 100_000 }, () => ({ a: 1 }))))).toContain(
      "; types of the first 50,000</caption>",
    );
  });

  test("rows of a database, which have a class of their own", () => {
    class Row {
      constructor(readonly id: number) {}
    }
    expect(cells(String(html([new Row(1), new Row(2)])))).toEqual([
      ["", "id|number"],
      ["0", "1"],
      ["1", "2"],
    ]);
  });

  test("a table of Apache Arrow by its shape, with Arrow's types", () => {
    const column = (values: unknown[]) => ({ get: (i: number) => values[i] });
    const columns = [column([1, 2]), column(["a", null])];
    const table = {
      schema: {
        fields: [
          { name: "id", type: "Int32", nullable: false },
          { name: "word", type: "Utf8", nullable: true },
        ],
      },
      numRows: 2,
      getChildAt: (i: number) => columns[i],
    };
    expect(cells(String(html(table)))).toEqual([
      ["", "id|Int32", "word|Utf8?"],
      ["0", "1", "a"],
      ["1", "2", "null"],
    ]);
  });

  test("nothing else is a table", () => {
    for (const value of [[], [1], [{ a: 1 }, 2], [{}], [new Date(0)], [[1]], { a: 1 }]) {
      expect(html(value)).toBeUndefined();
    }
  });
});

describe("typed arrays", () => {
  test("small ones whole, large ones summed up", () => {
    expect(plain(new Int8Array([1, 2]))).toBe("Int8Array(2) [ 1, 2 ]");
    expect(plain(Float64Array.from({ length: 1001 }, (_, i) => i))).toBe(
      "Float64Array(1001) [ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …, 998, 999, 1000 ]\nmin 0, max 1000, mean 500",
    );
    expect(plain(new Float32Array(200).fill(Number.NaN, 0, 150))).toMatch(/\nmin 0, max 0, mean 0, NaN 150$/);
    expect(plain(new Float32Array(200).fill(Number.NaN))).toMatch(/\nno numbers, NaN 200$/);
    expect(plain(BigInt64Array.from({ length: 101 }, (_, i) => BigInt(i)))).toMatch(
      /^BigInt64Array\(101\) \[ 0n, 1n, .*\nmin 0n, max 100n, mean 50$/,
    );
    expect(plain(new Float32Array(101).fill(0.1).fill(1e-3, 0, 1).fill(16777217, 1, 2))).toMatch(
      /^Float32Array\(101\) \[ 0.001, 16777216, 0.1, .*\nmin 0.001, max 16777216, mean 166111$/,
    );
    expect(plain(new Float64Array(101).fill(-0))).toMatch(/\[ -0, -0, /);
  });
});

describe("errors", () => {
  test("keep causes and fields, lose our frames", () => {
    const error = Object.assign(new RangeError("outer", { cause: new Error("inner") }), { code: "E_X" });
    error.stack =
      "RangeError: outer\n    at f (cell-1.ts:2:9)\n    at Session.post (node:inspector:136:22)\n    at x (a.js:1:1)";
    (error.cause as Error).stack = "Error: inner\n    at cell-1.ts:1:1";
    expect(describeError(error)).toEqual({
      ename: "RangeError",
      evalue: "outer",
      traceback: [
        "RangeError: outer",
        "    at f (cell-1.ts:2:9) {",
        "  code: 'E_X'",
        "}",
        "[cause]: Error: inner",
        "    at cell-1.ts:1:1",
      ],
    });
  });

  test("of any thrown value", () => {
    expect(describeError("text")).toEqual({
      ename: "Thrown",
      evalue: "'text'",
      traceback: ["Uncaught 'text'"],
    });
    expect(describeError(undefined).evalue).toBe("undefined");
  });

  test("tables hold no endless text, and no getter breaks them", () => {
    const broken = {
      get bad() {
        throw new Error("oh");
      },
    };
    const html = String(toBundle([{ text: "x".repeat(1e6) }, broken])["text/html"]);
    expect(html.length).toBeLessThan(5000);
    expect(html).toContain("999700 more characters");
    expect(html).toContain("Error: oh");
  });
});

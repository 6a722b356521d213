import { describe, expect, test } from "vitest";
import { toBundle } from "./bundle.ts";
import { describeError } from "./error.ts";

const plain = (value: unknown) => toBundle(value)["text/plain"];
const html = (value: unknown) => toBundle(value)["text/html"];

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
  test("arrays of records, columns in the order of first use, text escaped", () => {
    expect(
      html([
        { a: 1, "<b>": "x&y" },
        { a: 2n, c: [1] },
      ]),
    ).toBe(
      "<table><thead><tr><th></th><th>a</th><th>&lt;b&gt;</th><th>c</th></tr></thead><tbody>" +
        '<tr><th>0</th><td style="text-align:right">1</td><td>x&amp;y</td><td></td></tr>' +
        '<tr><th>1</th><td style="text-align:right">2</td><td></td><td>[ 1 ]</td></tr>' +
        "</tbody></table>",
    );
  });

  test("long and wide ones say what they leave out", () => {
    const wide = Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`c${i}`, i]));
    expect(html(Array.from({ length: 105 }, () => wide))).toContain("<p>… 5 more rows, 2 more columns</p>");
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
      /\nmin 0n, max 100n, mean 50$/,
    );
  });
});

describe("images", () => {
  test("bytes of a PNG or JPEG show as an image", () => {
    const png = Buffer.from("89504e470d0a1a0a00", "hex");
    expect(toBundle(png)).toEqual({ "text/plain": "image/png, 9 bytes", "image/png": "iVBORw0KGgoA" });
    expect(toBundle(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]))["image/jpeg"]).toBe("/9j/4A==");
    expect(toBundle(Buffer.from("hello"))).toEqual({ "text/plain": "<Buffer 68 65 6c 6c 6f>" });
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
        "  code: 'E_X',",
        "  [cause]: Error: inner",
        "      at cell-1.ts:1:1",
        "}",
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

import { describe, expect, test } from "vitest";
import { helpOf } from "./help.ts";
import type { CellMagic } from "./magic.ts";
import { findMagic, readHead, readOptions } from "./magic-line.ts";

const magic: CellMagic = {
  name: "spread",
  summary: "Spread the cell",
  rest: "pattern of expression",
  options: [
    { long: "workers", short: "n", value: "4", help: "how many" },
    { long: "force", help: "always" },
    { long: "dep", value: "name=version", help: "a package" },
  ],
  example: "%%spread -n 2 x of rows\nx * 2",
  run: async () => ({ status: "ok" }),
};
const plain: CellMagic = { name: "plain", summary: "s", options: [], example: "%%plain", run: magic.run };

function read(line: string, of = magic) {
  const head = readHead(line);
  if (!head) throw new Error("no magic");
  const { options, rest, restColumn } = readOptions(head, of);
  return { options: Object.fromEntries(options), rest, restColumn };
}

describe("a cell's magic line", () => {
  test("is its first line", () => {
    expect(readHead("%%rust --debug\r\nfn f() {}\n")).toEqual({
      form: "%%rust",
      name: "rust",
      tail: " --debug",
      column: 6,
      body: "fn f() {}\n",
    });
    expect(readHead("%%rust")).toMatchObject({ name: "rust", tail: "", column: 6, body: "" });
    expect(readHead("%%rust? ")).toMatchObject({ form: "%%rust", name: "rust", tail: " --help" });
    expect(readHead("%%rust!")).toMatchObject({ name: "rust!", tail: "" });
    for (const source of ["", "x", "\n%%rust", " %%rust", "%time f()"])
      expect(readHead(source)).toBeUndefined();
  });

  test("has options in every usual form, then the rest as it stands", () => {
    expect(read("%%spread")).toEqual({ options: {}, rest: "", restColumn: 8 });
    expect(read("%%spread -n 4 --force  [i, x] of rows -n 3 ")).toEqual({
      options: { workers: "4", force: true },
      rest: "[i, x] of rows -n 3",
      restColumn: 23,
    });
    expect(read("%%spread --workers=8 --dep 'my name' x")).toEqual({
      options: { workers: "8", dep: "my name" },
      rest: "x",
      restColumn: 37,
    });
    expect(read("%%spread --dep=\"serde=1 'x'\" --dep rand=0.8 --dep z=3").options).toEqual({
      dep: ["serde=1 'x'", "rand=0.8", "z=3"],
    });
    expect(read('%%spread --dep a=\'{ b = "1" }\' --dep=c="d e" --dep f="1"').options).toEqual({
      dep: ['a={ b = "1" }', "c=d e", "f=1"],
    });
    expect(read("%%spread -n -1 -2").options).toEqual({ workers: "-1" });
    expect(read("%%spread -- --force")).toEqual({ options: {}, rest: "--force", restColumn: 12 });
    expect(read("%%spread -x => y".replace("-x", "- x")).rest).toBe("- x => y");
  });

  const wrong: [line: string, of: CellMagic, message: RegExp][] = [
    ["%%spread --forse", magic, /%%spread has no option --forse\. The nearest one is --force\./],
    ["%%spread -q", magic, /has no option -q\./],
    ["%%spread --workers", magic, /--workers needs a value\. It is written --workers 4, or --workers=4\./],
    ["%%spread --force=yes", magic, /--force takes no value/],
    ["%%spread --dep 'x", magic, /a quote ' that does not end/],
    ["%%spread --dep x='y z", magic, /a quote ' that does not end/],
    ["%%plain text", plain, /%%plain does not take "text"/],
  ];
  test.each(wrong)("%s is an error that says what to do", (line, of, message) => {
    expect(() => read(line, of)).toThrow(message);
  });

  test.each(["1x", "a-b", "await", "let", "a b"])("refuses --out %j", (name) => {
    expect(() => read(`%%spread --out "${name}" x of y`)).toThrow("cannot declare its result as");
  });

  test("with an unknown name gives the nearest one", () => {
    expect(() => findMagic("spraed", [magic, plain])).toThrow(
      /There is no magic %%spraed\. The nearest name is %%spread\./,
    );
    expect(() => findMagic("zzzzzz", [magic])).toThrow(/No magic has a similar name.*%lsmagic/);
    expect(findMagic("plain", [magic, plain])).toBe(plain);
  });

  test("gives its help from the declaration", () => {
    expect(helpOf(magic)).toBe(
      `%%spread [options] pattern of expression
Spread the cell.

  -n, --workers 4         how many
      --force             always
      --dep name=version  a package
      --out name          declare the result under this name
      --help              show this help

Example:
  %%spread -n 2 x of rows
  x * 2
`,
    );
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { completeMagicLine, inspectMagic } from "./completion.ts";

/** What is offered at `‸`, and the text that it replaces. */
function complete(marked: string, folder?: string) {
  const offset = marked.indexOf("‸");
  const text = marked.replace("‸", "");
  const found = completeMagicLine(text, offset, folder);
  return (
    found && {
      texts: found.items.map((one) => one.text),
      replaces: text.slice(found.start, found.end),
      found,
    }
  );
}

describe("completion on magic lines", () => {
  test("names, the whole word replaced", () => {
    expect(complete("%%par‸")).toMatchObject({ texts: ["%%parallel"], replaces: "%%par" });
    expect(complete("%%p‸ro x")).toMatchObject({ replaces: "%%pro" });
    const all = complete("%‸");
    expect(all?.texts).toContain("%%bench");
    expect(all?.texts).toContain("%time");
    expect(complete("a()\n%ti‸")?.texts).toEqual(["%time", "%timeit"]);
    expect(complete("a()\n%%‸")?.texts).toEqual([]);
  });

  test("a name comes with its summary and its whole help", () => {
    const [item] = complete("%%par‸")?.found.items ?? [];
    expect(item?.detail).toContain("run the cell once per item");
    expect(item?.documentation).toContain("- `--keep-going`: a failing item");
    expect(item?.goesOn).toBe(true);
  });

  test("nothing where TypeScript stands", () => {
    for (const text of [
      "f(\n%ti‸\n)",
      "`\n%ti‸`",
      "const a = b %‸",
      "%%rust\n%ti‸",
      "%%parallel x of ro‸",
      "%time f‸",
    ])
      expect(complete(text), text).toBeUndefined();
  });

  test("options that are not given yet, before the rest alone", () => {
    expect(complete("%%parallel --fo‸")).toMatchObject({ texts: ["--force"], replaces: "--fo" });
    const left = complete("%%parallel --force -n 4 --share a -‸");
    expect(left?.texts).toContain("--share");
    expect(left?.texts).not.toContain("--force");
    expect(left?.texts).not.toContain("--n");
    expect(left?.found.items.find((one) => one.text === "--chunk")).toMatchObject({
      placeholder: "auto",
      detail: expect.stringContaining("items sent to a worker"),
    });
    expect(complete("%%parallel --fo‸rce x of y")).toMatchObject({ replaces: "--force" });
    expect(complete("%%parallel x of y --fo‸")).toBeUndefined();
    expect(complete("f();\n%time --o‸")?.texts).toEqual(["--out"]);
    expect(complete("%npm --o‸")?.texts).toEqual(["--out"]);
  });

  test("values where they are known", () => {
    expect(complete("%%rust --int64 ‸")).toMatchObject({ texts: ["number"], replaces: "" });
    expect(complete("%%rust --int64=nu‸")).toMatchObject({ texts: ["number"], replaces: "nu" });
    expect(complete("%%rust --debug --int64 n‸ --test")).toMatchObject({ texts: ["number"], replaces: "n" });
    expect(complete("%%rust --as ‸")?.texts).toEqual([]);
    expect(complete("%%parallel ea‸")?.texts).toEqual(["each"]);
    expect(complete("%config ‸")?.texts).toEqual(["check", "output_limit", "cache_size"]);
    expect(complete("%config check ‸")?.texts).toEqual(["="]);
    expect(complete("%config check = s‸")).toMatchObject({ texts: ["strict"], replaces: "s" });
    expect(complete("%config check=‸")?.texts).toEqual(["off", "warn", "strict"]);
    expect(complete("%config output_limit = ‸")?.texts).toEqual(["5 MB", "500 KB", "off"]);
  });

  test("options behind a cell magic before anything is typed, not in the place of a statement", () => {
    expect(complete("%%rust ‸")?.texts).toContain("--dep");
    expect(complete("%%parallel -n 4 ‸")?.texts).toEqual(expect.arrayContaining(["each", "--force"]));
    expect(complete("%%parallel x of rows ‸")).toBeUndefined();
    expect(complete("%time ‸")).toBeUndefined();
  });

  test("files and folders of the notebook's", () => {
    const folder = mkdtempSync(join(tmpdir(), "tandem-files-"));
    try {
      mkdirSync(join(folder, "lib", "deep"), { recursive: true });
      for (const name of ["a.ts", "b.ipynb", "c.txt", "lib/d.ts", ".hidden.ts"])
        writeFileSync(join(folder, name), "");
      expect(complete("%run ‸", folder)?.texts.sort()).toEqual(["a.ts", "b.ipynb", "lib/"]);
      expect(complete("%run lib/‸", folder)).toMatchObject({
        texts: ["lib/d.ts", "lib/deep/"],
        replaces: "lib/",
      });
      expect(complete("%cd l‸", folder)?.texts).toEqual(["lib/"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("names of results that are kept beside the notebook", () => {
    const folder = mkdtempSync(join(tmpdir(), "tandem-kept-"));
    try {
      expect(complete("%%bench --against ‸", folder)?.texts).toEqual([]);
      mkdirSync(join(folder, ".tandem", "bench"), { recursive: true });
      writeFileSync(join(folder, ".tandem", "bench", "before.json"), "{}");
      expect(complete("%%bench --against be‸", folder)?.texts).toEqual(["before"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test("help at a magic's name and at an option, wherever the cursor stands in it", () => {
  const inspect = (marked: string) => inspectMagic(marked.replace("‸", ""), marked.indexOf("‸"));
  expect(inspect("%%pa‸rallel -n 4 x of y")).toMatchObject({
    signature: "%%parallel [options] pattern of expression, or each",
    documentation: expect.stringContaining("--retries"),
    start: 0,
    end: 10,
  });
  expect(inspect("%%parallel -‸n 4 x of y")).toMatchObject({
    signature: "--n 4",
    documentation: expect.stringContaining("Workers; as many as"),
    start: 11,
    end: 13,
  });
  expect(inspect("%%rust --int64‸=number")?.documentation).toContain("For instance `number`");
  expect(inspect("1;\n%tim‸eit f()")?.signature).toContain("%timeit");
  for (const other of ["%%parallel -n ‸4 x of y", "%%parallel x of y --fo‸rce", "%%nope‸", "`\n%time‸ x`"])
    expect(inspect(other), other).toBeUndefined();
});

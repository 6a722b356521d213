import { expect, it } from "vitest";
import { magics } from "../kernel/cells/magics.ts";
import { cellLanguages, languageForText, textForLanguage, textToRun } from "./cell-language.ts";

it("the magic line decides the language", () => {
  expect(languageForText("%%rust --dep rayon\nfn f() {}", "tandem-typescript")).toBe("rust");
  expect(languageForText("%%python", "rust")).toBe("python");
  expect(languageForText("%%rust\n", "rust")).toBeUndefined();
});

it("without one a cell is TypeScript, and other magics are too", () => {
  expect(languageForText("let a = 1", "rust")).toBe("tandem-typescript");
  expect(languageForText("%%bench\na: f()", "tandem-typescript")).toBeUndefined();
  expect(languageForText("%%rusty", "tandem-typescript")).toBeUndefined();
  expect(languageForText("// a\n%%rust", "tandem-typescript")).toBeUndefined();
});

it.each([
  ["sh", "shellscript"],
  ["html", "html"],
  ["svg", "xml"],
])("%%%s and the language %s follow each other", (magic, language) => {
  expect(cellLanguages).toContain(language);
  expect(languageForText(`%%${magic} --out a\nx`, "tandem-typescript")).toBe(language);
  expect(languageForText(`%%${magic}\nx`, language)).toBeUndefined();
  expect(languageForText("x", language)).toBe("tandem-typescript");
  expect(textForLanguage("x", language)).toEqual({ insert: `%%${magic}\n`, removeFirstLine: false });
  expect(textForLanguage(`%%${magic} --out a\nx`, language)).toBeUndefined();
  expect(textForLanguage(`%%${magic}\nx`, "rust")).toEqual({ insert: "%%rust\n", removeFirstLine: true });
});

it("choosing JavaScript writes its magic line, and the cell stays ours", () => {
  expect(cellLanguages).toContain("javascript");
  expect(textForLanguage("x", "javascript")).toEqual({ insert: "%%javascript\n", removeFirstLine: false });
  expect(textForLanguage("%%rust\nx", "javascript")).toEqual({
    insert: "%%javascript\n",
    removeFirstLine: true,
  });
  expect(languageForText("%%javascript\nx", "javascript")).toBe("tandem-typescript");
  expect(languageForText("%%javascript\nx", "tandem-typescript")).toBeUndefined();
  expect(textForLanguage("%%javascript\nx", "tandem-typescript")).toBeUndefined();
  expect(textForLanguage("%%javascript\nx", "rust")).toEqual({ insert: "%%rust\n", removeFirstLine: true });
});

it("every magic of a language is a magic of the kernel", () => {
  for (const language of cellLanguages) {
    const insert = textForLanguage("", language)?.insert;
    if (insert) expect(magics.map(({ name }) => `%%${name}\n`)).toContain(insert);
  }
});

it("cells of other kernels' notebooks run under their magic, and plain JavaScript as it stands", () => {
  expect(textToRun("fn f() {}", "rust")).toBe("%%rust\nfn f() {}");
  expect(textToRun("ls", "shellscript")).toBe("%%sh\nls");
  expect(textToRun("var a", "javascript")).toBe("var a");
  expect(textToRun("let a", "typescript")).toBe("let a");
});

it("TypeScript cells of other notebooks keep their language", () => {
  expect(languageForText("let a = 1", "typescript")).toBeUndefined();
  expect(textForLanguage("let a = 1", "typescript")).toBeUndefined();
});

it("choosing a language writes its magic line, replaces another, and leaves a right one alone", () => {
  expect(textForLanguage("fn f() {}", "rust")).toEqual({ insert: "%%rust\n", removeFirstLine: false });
  expect(textForLanguage("%%python\nx", "rust")).toEqual({ insert: "%%rust\n", removeFirstLine: true });
  expect(textForLanguage("%%rust --debug\nx", "rust")).toBeUndefined();
});

it("choosing TypeScript takes the magic line of Rust or Python away, and no other", () => {
  expect(textForLanguage("%%rust\nx", "tandem-typescript")).toEqual({ insert: "", removeFirstLine: true });
  expect(textForLanguage("%%parallel x of y\nx", "tandem-typescript")).toBeUndefined();
});

import { expect, it } from "vitest";
import { languageForText, textForLanguage } from "./cell-language.ts";

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

it("TypeScript and JavaScript cells of other notebooks keep their language", () => {
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

import { expect, test } from "vitest";
import { declaredNames } from "./declarations.ts";

/** What is declared where the server gives symbols of each name that is marked by `«»`. */
function declared(marked: string): string[] {
  const plain = (text: string) => text.replace(/[«»]/g, "");
  const symbols = [...marked.matchAll(/«([^»]+)»/g)].map(({ index, 1: name = "" }) => {
    const lines = plain(marked.slice(0, index)).split("\n");
    const start = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
    const end = { line: start.line, character: start.character + name.length };
    return { name, kind: 13, selectionRange: { start, end } };
  });
  return declaredNames(symbols, plain(marked)).map(
    ({ name, kind, range }) => `${kind} ${name} ${range.start.line}:${range.start.character}`,
  );
}

test.each<[string, string[]]>([
  ["const «a» = 1\nlet «b» = 2", ["const a 0:6", "let b 1:4"]],
  ["const { «a», b: [«c»] } = f({ «d»: 1 })", ["const a 0:8", "const c 0:15"]],
  ["plot({ «cores», «name»: 1 })", []],
  ["plot({ «cores» })\nconst «cores» = 4", ["const cores 1:6"]],
  ["for (const [«name», «value»] of list) f(name)", []],
  ["for (var «i» = 0; i < 3; i++);", ["let i 0:9"]],
  ["if (x) { var «v» = 1; let «w» = 2 }", ["let v 0:13"]],
  ["import x, { «a», b as «c» } from 'm'", ["other a 0:12", "other c 0:20"]],
  ["import type { «T» } from 'm'", ["other T 0:14"]],
  // Half-written: no parser helps.
  ["const { «a» } = f(\nfor (const «b» of c) {", ["other a 0:8"]],
  ["x = class «Inner» {}\nf(function «g»() {})", []],
  ["declare «global» { var q: number }", []],
])("%s", (text, expected) => {
  expect(declared(text)).toEqual(expected);
});

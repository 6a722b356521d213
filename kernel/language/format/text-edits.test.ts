import fc from "fast-check";
import { expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { editsBetween } from "./text-edits.ts";

const applied = (text: string, edits: ReturnType<typeof editsBetween>) =>
  TextDocument.applyEdits(TextDocument.create("", "", 0, text), edits);

test("edits make one text of the other", () => {
  const text = fc.array(fc.constantFrom("", "a", "b", "  a", "a b")).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(text, text, fc.constantFrom("\n", "\r\n"), (before, after, eol) => {
      const old = before.replaceAll("\n", eol);
      // The editor gives its own line breaks to what it inserts.
      const made = applied(old, editsBetween(old, after));
      expect(made.replaceAll("\r\n", "\n")).toBe(after);
    }),
  );
});

test("what is right stays as it is", () => {
  expect(editsBetween("a\nb", "a\nb")).toEqual([]);
  expect(editsBetween("a=1\nb = 2\nc=3", "a = 1\nb = 2\nc = 3")).toEqual([
    { range: { start: { line: 0, character: 1 }, end: { line: 0, character: 2 } }, newText: " = " },
    { range: { start: { line: 2, character: 1 }, end: { line: 2, character: 2 } }, newText: " = " },
  ]);
});

test("of a range only what lies in it is edited", () => {
  const [before, after] = ["a=1\nb=2\nc=3", "a = 1\nsame\nb = 2\nc = 3"];
  const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 3 } };
  expect(applied("a=1\nb\nc=3", editsBetween("a=1\nb\nc=3", "a = 1\nb\nc = 3", range))).toBe("a=1\nb\nc = 3");
  const empty = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
  expect(applied("a=1\nb\nc=3", editsBetween("a=1\nb\nc=3", "a = 1\nb\nc = 3", empty))).toBe("a = 1\nb\nc=3");
  expect(applied(before, editsBetween(before, after))).toBe(after);
});

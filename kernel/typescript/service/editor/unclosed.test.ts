import { expect, test } from "vitest";
import { startsElement, unclosedIn } from "./unclosed.ts";

test.each<[string, string]>([
  ["function f() {", "}"],
  ["call(a, [1, 2", "])"],
  ["const o = { a: f({ b: 1", "})}"],
  ["`text", "`"],
  ["`text ${a + f(", ")}`"],
  ["/* a comment {", "*/"],
  ["f( /* a comment", "*/)"],
  ["const s = 'open (", ""],
  ["const re = /[(]/; f(", ")"],
  ["// ( { [\nif (a) {", "}"],
  ["class A {\n  m() {\n    this.", "}}"],
])("%s is ended by %s", (text, closing) => {
  expect(unclosedIn(text, false)?.closing ?? "").toBe(closing);
});

test.each<[string, string]>([
  ["const a = <div>some text", "</div>"],
  ["const a = <div><b>x</b>", "</div>"],
  ["const a = <ul>{list.map((one) => <li>{one", "}</li>)}</ul>"],
  ["const a = <div className=", "/>"],
  ["const a = <div className={f(", ")}/>"],
  ["f(<>text <Box.Item title='>'>", "</Box.Item></>)"],
  ["const f = <T,>(x: T) => {", "}"],
  ["const f = <T extends object>(x: T) => {", "}"],
])("JSX: %s is ended by %s", (text, closing) => {
  expect(unclosedIn(text, true)?.closing).toBe(closing);
});

test.each([
  "const a = 1",
  "a < b; c > d",
  "const re = /(/",
  "const t = `{\\``",
  "f<{ a: 1 }>(x)",
  "const q = a / b / c",
  "}",
])("%s leaves nothing open", (text) => {
  expect(unclosedIn(text, false)).toBeUndefined();
});

test("the innermost is told with its place", () => {
  expect(unclosedIn("f({ a: [1", false)).toEqual({ closing: "]})", missing: "]", offset: 7 });
});

test.each<[string, boolean]>([
  ["const el = <Box i", true],
  ["return (\n  <Box\n    id={1} na", true],
  ["<Box.Item title=", true],
  ["const x = a < b c", false],
  ["const f = <T extends object>(x: T) => {", false],
  ["const f = <T>(x: T", false],
  ["if (a <b", false],
])("%s starts an element: %s", (text, starts) => {
  expect(startsElement(text)).toBe(starts);
});

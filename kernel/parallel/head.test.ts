import { expect, test } from "vitest";
import { parseHead } from "./head.ts";

test.each([
  ["x of rows", "x", "rows", 5],
  ["  x   of   rows  ", "x", "rows", 9],
  ["[i, x] of rows.entries()", "[i, x]", "rows.entries()", 10],
  ["{ of, b = [1] } of of", "{ of, b = [1] }", "of", 19],
  ["x of await load<Row[]>('of')", "x", "await load<Row[]>('of')", 5],
  ["x of rows as Row[]", "x", "rows as Row[]", 5],
  ["x of rows // all of them", "x", "rows", 5],
  ["x of rows;", "x", "rows", 5],
  ["x of 'a // b'", "x", "'a // b'", 5],
  ["x of (a, b)", "x", "(a, b)", 5],
])("%j", (text, pattern, expression, at) => {
  expect(parseHead(text)).toMatchObject({ pattern, expression });
  expect(text.slice(text.indexOf(pattern)).startsWith(pattern)).toBe(true);
  expect(text.trim().slice(at - (text.length - text.trimStart().length))).toContain(expression);
});

test.each([
  ["", /does not say what/],
  ["rows", /no `of`/],
  ["x in rows", /`in` goes over the keys/],
  ["x of", /nothing after `of`/],
  ["x of a b", /does not parse/],
  ["x of a) console.log(1", /does not parse/],
  ["x.y of rows", /does not parse/],
  ["[x of rows", /no `of`/],
])("%j is refused", (text, message) => expect(() => parseHead(text)).toThrow(message));

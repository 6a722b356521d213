import { expect, test } from "vitest";
import { mentions, requireName } from "./rename-check.ts";

test.each(["b + 1", "f({ b })", "x ? b : 0", "o[b]", "const c: b = (", "function f(b: number) {}"])(
  "%s uses b",
  (text) => expect(mentions(text, "b")).toBe(true),
);

test.each(["a.b", "({ b: 1 })", "'b'", "// b", "bb + _b", "class A { #b = 1 }"])(
  "%s does not use b",
  (text) => expect(mentions(text, "b")).toBe(false),
);

test.each(["a", "$", "größe", "#x", "of", "async"])("%s is a name", (name) =>
  expect(() => requireName(name)).not.toThrow(),
);

test.each(["", "1a", "a b", "class", "a-b"])("'%s' is none", (name) =>
  expect(() => requireName(name)).toThrow("cannot be a name"),
);

import fc from "fast-check";
import { expect, test } from "vitest";
import { pack, unpack } from "./packed.ts";

const across = (list: unknown[]) => unpack(structuredClone(pack(list)));
const many = (make: (i: number) => unknown) => Array.from({ length: 20 }, (_, i) => make(i));

test.each([
  ["integers", many((i) => i - 3), "numbers"],
  ["fractions after integers", many((i) => (i < 10 ? i : i / 3)), "numbers"],
  ["special numbers", many((i) => [-0, Number.NaN, Infinity, 2 ** 31, 0][i % 5]), "numbers"],
  ["records", many((i) => ({ id: i, name: `n${i}`, at: { i } })), "columns"],
  ["records with what is undefined", many((i) => ({ a: i % 2 ? undefined : i })), "columns"],
  ["records of other properties", many((i) => (i % 2 ? { a: i } : { a: i, b: i })), "values"],
  ["records in another order", many((i) => (i % 2 ? { a: 1, b: i } : { b: i, a: 1 })), "values"],
  ["numbers and texts", many((i) => (i === 15 ? "x" : i)), "values"],
  ["a column of numbers and texts", many((i) => ({ a: i === 15 ? "x" : i })), "columns"],
  ["dates", many((i) => new Date(i)), "values"],
  ["empty objects", many(() => ({})), "values"],
  ["names that have a meaning", many((i) => ({ constructor: i, "a b\n`${": i, length: i })), "columns"],
  ["own __proto__", many((i) => JSON.parse(`{"__proto__": ${i}}`)), "values"],
  ["an empty list", [], "values"],
])("%s come back the same", (_what, list, how) => {
  expect(Object.keys(pack(list))).toContain(how);
  const back = across(list);
  expect(back).toStrictEqual(list);
  if (typeof list[0] === "number")
    expect(back.map((x) => Object.is(x, -0))).toEqual(list.map((x) => Object.is(x, -0)));
});

test("any list comes back as by a structured clone", () => {
  const record = fc.record({ a: fc.anything(), b: fc.double() }, { noNullPrototype: true });
  const lists = fc.oneof(
    fc.array(fc.double(), { minLength: 8 }),
    fc.array(record, { minLength: 8 }),
    fc.array(fc.integer()),
  );
  fc.assert(
    fc.property(lists, (list) => {
      expect(across(list)).toStrictEqual(structuredClone(list));
    }),
  );
});

test("items that are one object stay one", () => {
  const shared = { n: 1 };
  const back = across(many((i) => ({ i, shared }))) as { shared: unknown }[];
  expect(back[0]?.shared).toBe(back[19]?.shared);
});

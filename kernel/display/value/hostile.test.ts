import { describe, expect, test } from "vitest";
import { toBundle, toShown } from "./bundle.ts";
import { describeError } from "./error.ts";

const no = (): never => {
  throw new Error("no");
};
const trap = new Proxy(
  {},
  { get: no, has: no, ownKeys: no, getPrototypeOf: no, getOwnPropertyDescriptor: no },
);
const revoked = (target: object) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const list = <T>(length: number, item: (i: number) => T) => Array.from({ length }, (_, i) => item(i));
const circle: Record<string, unknown> = { a: 1 };
circle.self = circle;
let deep: object = {};
for (let i = 0; i < 100_000; i++) deep = { deep };

class NoLength extends Uint8Array {
  override get length(): number {
    return no();
  }
}
class NoSpecies extends Float64Array {
  static get [Symbol.species](): never {
    return no();
  }
}
const display = Symbol.for("Jupyter.display");

describe("whatever a value's own code does, it is shown", () => {
  test.each<[string, unknown]>([
    ["a proxy that throws", trap],
    ["an array of them", [trap, trap]],
    ["a record that holds one", [{ a: trap }]],
    ["a proxy of an array that throws", new Proxy([], { get: no, has: no })],
    ["a revoked proxy", revoked({})],
    ["a revoked proxy of an array", revoked([])],
    ["revoked proxies in an array", [revoked([]), revoked({})]],
    ["a proxy of a class", new Proxy(class {}, {})],
    ["getters that throw", Object.defineProperty({}, "a", { get: no, enumerable: true })],
    ["records with getters that throw", [Object.defineProperty({}, "a", { get: no, enumerable: true })]],
    ["outerHTML that throws", Object.defineProperty({}, "outerHTML", { get: no })],
    ["$schema that throws", Object.defineProperty({}, "$schema", { get: no })],
    ["a specification with a circle", { $schema: "https://vega.github.io/schema/vega-lite/v5.json", circle }],
    ["toJSON that throws", { $schema: "https://vega.github.io/schema/vega-lite/v5.json", toJSON: no }],
    [
      "schema and numRows that throw",
      Object.defineProperties({}, { schema: { get: no }, numRows: { get: no } }),
    ],
    ["a canvas that throws", { getContext: no, toBuffer: no }],
    ["typed arrays with a length that throws", new NoLength(200)],
    ["typed arrays with a species that throws", new NoSpecies(200)],
    ["a constructor that throws", Object.defineProperty(new Float64Array(300), "constructor", { get: no })],
    ["no prototype", Object.create(null)],
    ["a toString that throws", { toString: no, [Symbol.toPrimitive]: no }],
    ["Symbol.toStringTag that throws", Object.defineProperty({}, Symbol.toStringTag, { get: no })],
    ["an inspect of its own that throws", { [Symbol.for("nodejs.util.inspect.custom")]: no }],
    ["an array with holes", Object.assign(new Array(3), { 1: { a: 1 } })],
    ["a length that lies", { length: -1, constructor: null }],
    ["a module", import.meta],
  ])("%s", (_what, value) => {
    const shown = toShown(value);
    expect(typeof shown.data["text/plain"]).toBe("string");
    expect(structuredClone(shown.data)).toEqual(shown.data);
    expect(describeError(value).traceback.length).toBeGreaterThan(0);
  });

  test("a display method that throws leaves the text, and tells why", async () => {
    expect(toShown({ [display]: no })).toMatchObject({ problem: { message: "no" } });
    expect(toShown(Object.defineProperty({}, display, { get: no }))).toMatchObject({ problem: {} });
    expect(toShown({ [display]: () => 3 })).toMatchObject({ problem: { code: "badBundle" } });
    const late = toShown({ [display]: () => Promise.reject(new Error("late")) });
    expect(await late.later).toMatchObject({ problem: { message: "late" } });
    expect((await late.later)?.data["text/plain"]).toContain("Jupyter.display");
  });

  test.each<[string, unknown]>([
    ["a message that throws", Object.defineProperty(new Error("m"), "message", { get: no })],
    ["a stack that throws", Object.defineProperty(new Error("m"), "stack", { get: no })],
    ["a cause that throws", Object.defineProperty(new Error("m"), "cause", { get: no })],
    ["no stack", Object.assign(new Error("m"), { stack: undefined })],
    ["a proxy of an error", new Proxy(new Error("m"), { get: no })],
    ["itself as its cause", Object.assign(new Error("m"), { cause: circle })],
    ["numbers as name and message", Object.assign(new Error("m"), { name: 3, message: 4 })],
  ])("an error with %s", (_what, thrown) => {
    const { ename, evalue, traceback } = describeError(thrown);
    expect([typeof ename, typeof evalue]).toEqual(["string", "string"]);
    expect(traceback.length).toBeGreaterThan(0);
  });
});

describe("whatever its size, its text is short", () => {
  const row = (i: number) => ({ id: i, name: `n${i}` });
  test.each<[string, unknown, string]>([
    ["a million numbers", list(1e6, (i) => i), "... 999900 more items"],
    ["a million records", list(1e6, row), "... 99"],
    ["a string of ten million", "x".repeat(1e7), "more characters"],
    [
      "long strings in an object",
      { a: "x".repeat(1e6), b: list(100, () => "y".repeat(1e5)) },
      "more characters",
    ],
    ["100,000 levels", deep, "[Object]"],
    ["a circle", circle, "[Circular *1]"],
    ["100,000 properties", Object.fromEntries(list(1e5, (i) => [`k${i}`, i])), "... 99900 more properties"],
    ["objects with so many", [Object.fromEntries(list(1e5, (i) => [`k${i}`, i]))], "[Object]"],
    [
      "arrays of arrays",
      list(300, () => list(300, () => list(100, () => "abcdefghij"))),
      "... 290 more items",
    ],
    [
      "levels of 100 each",
      list(100, () => list(100, () => list(100, () => list(100, () => 1)))),
      "more items",
    ],
    ["a Map", new Map(list(1e5, (i) => [i, row(i)])), "more items"],
    ["a Set of arrays", new Set(list(1e3, () => list(1e3, (i) => i))), "more items"],
    ["a number of 100,000 digits", 10n ** 100_000n, "more characters"],
    [
      "a proxy of much",
      new Proxy(
        list(100, () => list(100, () => list(100, () => row(1)))),
        {},
      ),
      "[Array]",
    ],
    ["10 MB of bytes", new ArrayBuffer(1e7), "more bytes"],
  ])("%s", (_what, value, says) => {
    const bundle = toBundle(value);
    expect(bundle["text/plain"]).toContain(says);
    expect(JSON.stringify(bundle).length).toBeLessThan(100_000);
  });

  test("an error's message, fields and causes, too", () => {
    let chain = new Error("0");
    for (let i = 1; i < 200; i++) chain = new Error(String(i), { cause: chain });
    const fields = { big: list(1000, () => list(1000, () => ({}))) };
    const many = new AggregateError(list(200, (i) => new Error(`n${i}`)));
    for (const error of [chain, many, new Error("x".repeat(1e6)), Object.assign(new Error("f"), fields)]) {
      const { evalue, traceback } = describeError(error);
      expect(evalue.length).toBeLessThan(11_000);
      expect(traceback.join("\n").length).toBeLessThan(100_000);
    }
    expect(describeError(many).traceback.at(-1)).toContain("151 more errors");
  });
});

test("characters that control a terminal, and halves of characters, are told in a table", () => {
  const html = toBundle([{ a: "\x1b[31mred\0\ud800" }])["text/html"];
  expect(html).toContain("\\x1b[31mred\\x00\\ud800");
});

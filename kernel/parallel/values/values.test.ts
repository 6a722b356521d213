import { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { decodeData, encodeData } from "./data.ts";
import { findImmovable, isPlainData } from "./immovable.ts";
import { receiveThrown, sendThrown } from "./thrown.ts";

class Point {
  x = 1;
}

describe("findImmovable", () => {
  const ring: Record<string, unknown> = { a: [1] };
  ring.self = ring;
  test.each([
    [1],
    [null],
    ["text"],
    [{ a: [1, { b: new Date() }], m: new Map([[1, new Set([2])]]) }],
    [new Float64Array(2)],
    [Buffer.from("a")],
    [Object.create(null)],
    [ring],
    [new TypeError("t")],
    [/r/],
  ])("finds nothing in plain data: %s", (value) => expect(findImmovable(value)).toBeUndefined());

  test.each<[unknown, string, string]>([
    [new Point(), "", "an instance of Point"],
    [{ a: [0, { "b c": new Point() }] }, '.a[1]["b c"]', "an instance of Point"],
    [new Map([["k", () => 1]]), '.get("k")', "a function"],
    [new Set([Symbol("s")]), ".values()", "a symbol"],
    [[Promise.resolve()], "[0]", "a promise"],
    [{ p: new Proxy({}, {}) }, ".p", "a Proxy"],
    [{ w: new WeakMap() }, ".w", "a WeakMap"],
    [new (class extends Float64Array {})(1), "", "an instance of an unnamed class"],
    [{ s: new Socket() }, ".s", "an instance of Socket"],
    [{ ring, g: (function* () {})() }, ".g", "a generator"],
  ])("names the part: %#", (value, path, what) => expect(findImmovable(value)).toEqual({ path, what }));

  test("shared memory crosses, but not inside encoded data", () => {
    const value = { memory: new SharedArrayBuffer(4) };
    expect(findImmovable(value)).toBeUndefined();
    expect(isPlainData(value)).toBe(false);
    expect(isPlainData({ view: new Int8Array(value.memory) })).toBe(true);
  });
});

describe("encoded data", () => {
  const share = (buffer: ArrayBuffer) => {
    const copy = new SharedArrayBuffer(buffer.byteLength);
    new Uint8Array(copy).set(new Uint8Array(buffer));
    return copy;
  };

  test("comes back the same", () => {
    const value = {
      numbers: [1, -0, Number.NaN, 2n ** 80n],
      map: new Map<unknown, unknown>([[new Date(5), /x/g]]),
      views: [
        new Float64Array([1.5]),
        new DataView(new ArrayBuffer(3)),
        Buffer.from("hi"),
        new BigInt64Array([5n]),
      ],
      part: new Int16Array(new ArrayBuffer(8), 2, 2),
      error: new TypeError("t"),
      sparse: [undefined, null],
    };
    expect(decodeData(encodeData(value, share))).toEqual(value);
  });

  test("large views are not copied a second time", () => {
    const large = new Float64Array(1 << 18).map((_, i) => i);
    const content = encodeData({ large, small: new Float64Array(4) }, share);
    expect(content.shared).toHaveLength(1);
    expect(content.bytes.length).toBeLessThan(1000);
    const decoded = decodeData(content) as { large: Float64Array };
    expect(decoded.large.buffer).toBe(content.shared[0]);
    expect(decoded.large[12_345]).toBe(12_345);
  });
});

describe("a thrown value", () => {
  class RowError extends Error {
    row = 3;
    override name = "RowError";
  }
  const classOf = (name: string) => (name === "RowError" ? RowError : Reflect.get(globalThis, name));
  const across = (thrown: unknown) => receiveThrown(structuredClone(sendThrown(thrown)), classOf);

  test("keeps class, fields, stack, cause and inner errors", () => {
    const thrown = new RowError("row", { cause: new TypeError("inner") });
    const error = across(thrown) as RowError;
    expect(error).toBeInstanceOf(RowError);
    expect([error.row, error.name, error.stack]).toEqual([3, "RowError", thrown.stack]);
    expect(error.cause).toBeInstanceOf(TypeError);
    const several = across(new AggregateError([new RangeError("r")], "all")) as AggregateError;
    expect(several).toBeInstanceOf(AggregateError);
    expect(several.errors[0]).toBeInstanceOf(RangeError);
  });

  test("of an unknown class is an Error of that name, without what cannot cross", () => {
    const thrown = Object.assign(new Error("e"), { name: "Other", f: () => 1, n: 2 });
    const error = across(thrown) as Error;
    expect({ ...error }).toEqual({ n: 2, name: "Other" });
    expect(String(error)).toBe("Other: e");
  });

  test("that is no error stays what it is", () => {
    expect(across("text")).toBe("text");
    expect(across({ a: 1 })).toEqual({ a: 1 });
    expect(across(() => 1)).toBe("[Function (anonymous)]");
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Cell } from "../cells/cell.ts";
import { noOutput } from "../cells/no-output.ts";
import type { EngineContext } from "../engine/part.ts";
import { PythonClient, PythonRequest } from "./client.ts";
import { Encoder } from "./encoder.ts";
import { findPythons } from "./find.ts";
import { PythonProcess } from "./process.ts";

let folder: string;
let python: PythonProcess;
let client: PythonClient;

/** Runs Python source as a cell. */
async function run(source: string, int = false): Promise<void> {
  const cell = {
    number: 1,
    file: int ? "cell-2.py" : "cell-1.py",
    source,
    output: noOutput,
    signal: new AbortController().signal,
  };
  expect(await python.run(cell satisfies Cell, source, int)).toBeUndefined();
}

function call(name: string, ...values: unknown[]): Promise<unknown> {
  const request = new PythonRequest("call", (encoder) => ({
    path: [name],
    arguments: values.map((value) => encoder.encode(value, "value")),
  }));
  return client.send(request);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tandem-test-"));
  const [command] = await findPythons(undefined, { folder, env: process.env, platform: process.platform });
  if (!command) throw new Error("These tests need a Python on PATH.");
  python = await PythonProcess.start(command, folder, process.env, noOutput);
  // All that the client uses of the engine.
  const context = { signal: new AbortController().signal, printed: 0, ask: async () => undefined };
  client = await PythonClient.connect(python.address, context as unknown as EngineContext);
  await run("def same(x): return x\ndef show(x): return repr(x)\ndef evaluate(text): return eval(text)");
});

afterAll(async () => {
  await python.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Values that come back as they were. */
const crossing = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(null, true, false, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0),
    // An integral number becomes an int, and so a bigint on the way back.
    fc
      .double()
      .filter((value) => !Number.isInteger(value) || Object.is(value, -0) || Math.abs(value) >= 1e21),
    fc.bigInt(),
    fc.bigInt({ min: -(2n ** 4000n), max: 2n ** 4000n }),
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
    fc.date({ min: new Date("0001-01-02"), max: new Date("9999-12-30"), noInvalidDate: true }),
    fc.uint8Array(),
    fc.oneof(fc.int8Array(), fc.int16Array(), fc.uint16Array(), fc.int32Array(), fc.uint32Array()),
    fc.oneof(fc.float32Array(), fc.float64Array(), fc.bigInt64Array(), fc.bigUint64Array()),
  ),
  value: fc.oneof(
    { maxDepth: 4 },
    tie("leaf"),
    fc.array(tie("value")),
    fc.array(fc.double({ noInteger: true, noNaN: true }), { minLength: 8 }),
    fc.array(fc.bigInt(), { minLength: 8 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("$", "__proto__", "constructor")), tie("value"), {
      noNullPrototype: true,
    }),
    fc
      .array(fc.tuple(fc.oneof(fc.bigInt(), fc.constant(null)), tie("value")), { minLength: 1 })
      .map((pairs) => new Map(pairs)),
    fc.array(fc.oneof(fc.bigInt(), fc.string())).map((items) => new Set(items)),
  ),
}));

describe("values", () => {
  test("come back as they were", async () => {
    await fc.assert(
      fc.asyncProperty(crossing.value, async (value) => {
        // Vitest's own comparison takes a field called `constructor` for the class.
        assert.deepStrictEqual(await call("same", value), value);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["3", "3"],
    ["3.5", "3.5"],
    ["-0.0", "-0"],
    ["2**100", "1267650600228229401496703205376n"],
  ])("%s is %s", async (source, shown) => {
    const value = await call("evaluate", source);
    const text = typeof value === "bigint" ? `${value}n` : Object.is(value, -0) ? "-0" : String(value);
    expect(text).toBe(source === "3" ? "3n" : shown);
  });

  test.each([
    [3, "3"],
    [3.5, "3.5"],
    [-0, "-0.0"],
    [1e300, "1e+300"],
    [undefined, "None"],
    [[1, undefined], "[1, None]"],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested.
    [[1, , 2], "[1, None, 2]"],
    [new Map([["a", 1]]), "{'a': 1}"],
    [new Map([[[1, [2]], 1]]), "{(1, (2,)): 1}"],
    [new Set([1, "a"]), null],
    [new Uint8Array([1, 2]), "b'\\x01\\x02'"],
    [new Uint8ClampedArray([1, 2]), "b'\\x01\\x02'"],
    [new ArrayBuffer(2), "b'\\x00\\x00'"],
    [Buffer.from("ab"), "b'ab'"],
    [new Date(1.5e12), "datetime.datetime(2017, 7, 14, 2, 40, tzinfo=datetime.timezone.utc)"],
    [{ a: { $: 1 } }, "{'a': {'$': 1}}"],
    [new Float64Array(new SharedArrayBuffer(8)), null],
  ])("%j in Python is %s", async (value, shown) => {
    const text = await call("show", value);
    if (shown !== null) expect(text).toBe(shown);
    else expect(text).toBeTypeOf("string");
  });

  test.each([
    ["(1.5, 'a', None)", [1.5, "a", null]],
    [
      "{1: 'a', 2.5: None}",
      new Map<unknown, unknown>([
        [1n, "a"],
        [2.5, null],
      ]),
    ], // prettier-ignore
    ["{'a': {'b': (True, b'x')}}", { a: { b: [true, new Uint8Array([120])] } }],
    ["frozenset([1.5])", new Set([1.5])],
    ["bytearray(b'ab')", new Uint8Array([97, 98])],
    ["memoryview(b'ab')", new Uint8Array([97, 98])],
    ["__import__('array').array('f', [1, 2])", new Float32Array([1, 2])],
    ["__import__('array').array('q', [-1])", new BigInt64Array([-1n])],
    ["memoryview(__import__('array').array('d', [1, 2, 3, 4]))[::2]", new Float64Array([1, 3])],
    ["memoryview(bytes(range(6))).cast('B', (2, 3))", [new Uint8Array([0, 1, 2]), new Uint8Array([3, 4, 5])]],
    ["memoryview(b'').cast('d')", new Float64Array()],
    ["memoryview(bytes([0, 1])).cast('?')", [false, true]],
    [
      "__import__('datetime').datetime(2020, 1, 2, 3, 4, 5, 999999, __import__('datetime').timezone.utc)",
      new Date("2020-01-02T03:04:05.999Z"),
    ],
    ["__import__('datetime').date(2020, 1, 2)", new Date("2020-01-02T00:00:00Z")],
    ["[1.0] * 10", Array(10).fill(1)],
    ["[2**63] + [1] * 10", [2n ** 63n, ...Array(10).fill(1n)]],
    ["[True] * 10", Array(10).fill(true)],
    ["[1.0, True] * 5", Array.from({ length: 5 }, () => [1, true]).flat()],
    ["__import__('http').HTTPStatus.OK", 200n],
  ])("%s crosses", async (source, value) => {
    expect(await call("evaluate", source)).toStrictEqual(value);
  });

  test("ints are numbers where an annotation says float", async () => {
    await run(`
from __future__ import annotations
from dataclasses import dataclass
from typing import Optional, Union
@dataclass
class Point:
    x: float
    n: int
def one() -> float: return 1
def many() -> list[float]: return [1] * 10
def few() -> Optional[dict[str, list[float]]]: return {"a": [1, 2.5]}
def pair() -> tuple[int, float]: return 1, 2
def keys() -> dict[int, float]: return {1: 2}
def either() -> Union[int, float]: return 1
def point() -> Point: return Point(1, 2)
def unknown() -> Nothing: return 1
def add(x: float, n: int): return repr((x, n))
total: float = 3
`);
    expect(await call("one")).toBe(1);
    expect(await call("many")).toEqual(Array(10).fill(1));
    expect(await call("few")).toEqual({ a: [1, 2.5] });
    expect(await call("pair")).toEqual([1n, 2]);
    expect(await call("keys")).toEqual(new Map([[1n, 2]]));
    expect(await call("either")).toBe(1n);
    expect(await call("point")).toEqual({ x: 1, n: 2n });
    expect(await call("unknown")).toBe(1n);
    expect(await call("add", 1, 2)).toBe("(1.0, 2)");
    expect(await client.send(new PythonRequest("get", () => ({ names: ["total"], int: false })))).toEqual({
      total: 3,
    });
  });

  test("annotations of parameters make floats, tuples and dataclasses of what comes", async () => {
    await run(`
from __future__ import annotations
from dataclasses import dataclass
from typing import Optional
@dataclass
class Node:
    value: float
    children: list[Node]
    place: tuple[int, float] = (0, 0.0)
def node(n: Node): return repr(n)
def nodes(ns: dict[str, Optional[Node]]): return repr(ns)
def pair(p: tuple[float, ...]): return repr(p)
def either(x: int | float, y: list[str]): return repr((x, y))
`);
    const leaf = { value: 1, children: [] };
    expect(await call("node", { value: 2, children: [leaf], place: [3, 4] })).toBe(
      "Node(value=2.0, children=[Node(value=1.0, children=[], place=(0, 0.0))], place=(3, 4.0))",
    );
    expect(await call("nodes", { a: null, b: leaf })).toBe(
      "{'a': None, 'b': Node(value=1.0, children=[], place=(0, 0.0))}",
    );
    expect(await call("pair", [1, 2])).toBe("(1.0, 2.0)");
    expect(await call("either", 1, ["a"])).toBe("(1, ['a'])");
    // What does not fit stays what it is, for the function to refuse.
    expect(await call("node", { other: 1 })).toBe("{'other': 1}");
    await expect(call("node", { value: 1 })).rejects.toThrow(/children/);
  });

  test("exceptions cross as values, by name and message", async () => {
    const error = await call("evaluate", "[KeyError('a'), type('Mine', (ValueError,), {})('no')]");
    const [key, mine] = error as [Error, Error];
    expect([key instanceof Error, key.name, key.message]).toEqual([true, "KeyError", "'a'"]);
    expect([mine.name, mine.message]).toEqual(["Mine", "no"]);
    expect(await call("show", new TypeError("wrong"))).toBe("TypeError('wrong')");
    expect(await call("show", new RangeError("far"))).toBe("RangeError('far')");
    expect(String(await call("same", new SyntaxError("here")))).toBe("SyntaxError: here");
    expect(await call("show", Object.assign(new Error("x"), { name: "UnicodeDecodeError" }))).toBe(
      "Exception('UnicodeDecodeError: x')",
    );
  });

  test("ints are numbers, exactly, in a cell that says so", async () => {
    await run("def count(n): return [n] * 10\ndef wrapped(n): return n", true);
    expect(await call("count", 5)).toEqual(Array(10).fill(5));
    await expect(call("wrapped", 2n ** 53n)).rejects.toThrow(
      /wrapped\(…\) cannot cross.*int 9007199254740992/,
    );
    await expect(call("count", 2n ** 53n)).rejects.toThrow(/count\(…\)\[0\] cannot cross/);
  });

  test.each([
    [{ a: [1, () => 1] }, "value.a[1]", "function"],
    [{ "a b": new (class Engine {})() }, 'value["a b"]', "Engine"],
    [new Map([["k", Symbol("s")]]), 'value.get("k")', "symbol"],
    [new Date(Number.NaN), "value", "Invalid Date"],
    [[Promise.resolve(1)], "value[0]", "await it first"],
  ])("what cannot go to Python is named: %#", (value, path, why) => {
    expect(() => new Encoder().encode(value, "value")).toThrow(
      new RegExp(`^${path.replace(/[[\]().]/g, "\\$&")} cannot cross between TypeScript and Python.*${why}`),
    );
  });

  test("a cycle is named on both sides", async () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(() => new Encoder().encode(loop, "loop")).toThrow(/contains itself/);
    await run("ring = {}\nring['me'] = ring\ndef get_ring(): return ring");
    await expect(call("get_ring")).rejects.toThrow(/contains itself/);
  });

  test.each([
    ["{'rows': [1, {2: object()}]}", "evaluate(…).rows[1][2]", "object"],
    ["[lambda: 1]", "evaluate(…)[0]", "function"],
    ["1j", "evaluate(…)", "complex"],
  ])("what cannot come from Python is named: %s", async (source, path, why) => {
    await expect(call("evaluate", source)).rejects.toThrow(
      new RegExp(`^${path.replace(/[[\]().]/g, "\\$&")} cannot cross.*${why}`),
    );
  });

  test("what Python refuses is an error, and the interpreter goes on", async () => {
    await expect(call("same", new Map([[{}, 1]]))).rejects.toThrow(/unhashable/);
    await expect(call("same", new Date(8.64e15))).rejects.toThrow(/date value out of range/);
    expect(await call("same", 1.5)).toBe(1.5);
  });

  test("numpy's arrays and scalars, where numpy is installed", async (context) => {
    if (!(await call("evaluate", "__import__('importlib.util').util.find_spec('numpy') is not None")))
      context.skip();
    await run("import numpy as np");
    const floats = new Float64Array([1, 2, 3]);
    expect(await call("evaluate", "type(same(1)).__name__")).toBe("int");
    expect(await call("show", floats)).toBe("array([1., 2., 3.])");
    expect(await call("same", floats)).toStrictEqual(floats);
    expect(await call("evaluate", "np.arange(3.0)[::-1]")).toStrictEqual(new Float64Array([2, 1, 0]));
    expect(await call("evaluate", "np.arange(4, dtype=np.int32).reshape(2, 2)")).toStrictEqual([
      new Int32Array([0, 1]),
      new Int32Array([2, 3]),
    ]);
    expect(await call("evaluate", "[np.float32(1.5), np.int64(5), np.bool_(True), np.str_('a')]")).toEqual([
      1.5,
      5n,
      true,
      "a",
    ]);
    expect(await call("evaluate", "np.array(['a', 'b'])")).toEqual(["a", "b"]);
    await expect(call("evaluate", "np.array(['2020'], dtype='datetime64[s]')")).rejects.toThrow(
      /numpy\.ndarray/,
    );
  });

  test("an argument is what it was when the call was made", async () => {
    const values = new Float64Array(1_000_000).fill(1);
    const sum = call("sum", values);
    values.fill(2);
    expect(await sum).toBe(1_000_000);
  });
});

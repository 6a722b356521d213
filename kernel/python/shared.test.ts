import { readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel } from "../../test/kernel.ts";
import { hasPython } from "../../test/python.ts";
import { allocateShared } from "./shared.ts";

const shares = allocateShared(8) !== undefined;

describe.skipIf(!hasPython)("large arrays", () => {
  let k: TestKernel;
  const text = async (source: string) => (await k.run(source)).result?.["text/plain"];
  beforeAll(async () => {
    k = new TestKernel(process.cwd());
    await k.run(`%%python
from array import array
import os
class Kept: pass
def same(x): return x
def add(x, n):
    for i in range(len(x)): x[i] += n
def fds(): return len(os.listdir("/proc/self/fd"))
`);
  });
  afterAll(() => k.close());

  test.each([
    ["a little", 10],
    ["just under the limit", 16_383],
    ["a file", 16_384],
    ["more", 1_000_001],
  ])("%s: what comes back is equal, and a copy", async (_, length) => {
    await k.run(`const values${length} = Float64Array.from({ length: ${length} }, Math.random)`);
    const ran = await k.run(`
const back = await py.same(values${length});
[back.length, back.every((x, i) => x === values${length}[i]), back.buffer === values${length}.buffer]`);
    expect(ran.result?.["text/plain"]).toBe(`[ ${length}, true, false ]`);
  });

  test("of every kind, bytes and lists too", async () => {
    const source = `
const wrong = [];
for (const Kind of [Int8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, BigInt64Array, BigUint64Array, Uint8Array]) {
  const sent = new Kind(400_000).fill(Kind.name.startsWith("Big") ? 3n : 3);
  const got = await py.same(sent);
  if (got.constructor !== Kind || got.length !== sent.length || got[399_999] !== sent[0]) wrong.push(Kind.name);
}
const list = await py.same(Array.from({ length: 50_000 }, (_, i) => i + 0.5));
[wrong, Array.isArray(list), list.length, list[49_999]]`;
    expect(await text(source)).toBe("[ [], true, 50000, 49999.5 ]");
  });

  test("a copy is told by name, once", async () => {
    await k.run("const prices = new Float64Array(2_000_000)");
    const ran = await k.run("%%python --in prices\nlen(prices)");
    if (shares)
      expect(ran.stderr).toBe("prices (15 MB) was copied; made by tandem.array it would be shared.\n");
    expect((await k.run("%%python --in prices\nlen(prices)")).stderr).toBe("");
  });

  test.runIf(shares)("leave no open files behind", async () => {
    const before = Number(await text("Number(await py.fds())"));
    await k.run("for (let i = 0; i < 50; i++) await py.same(new Float64Array(50_000))");
    expect(Number(await text("Number(await py.fds())"))).toBeLessThan(before + 10);
  });

  test.runIf(shares)("an array of tandem.array is the same memory on both sides", async () => {
    await k.run("const shared = tandem.array(Float64Array, [1, 2, 3])");
    await k.run("await py.add(shared, 10)");
    expect(await text("shared")).toBe("Float64Array(3) [ 11, 12, 13 ]");
    await k.run("await py.add(shared.subarray(1), 10)");
    expect(
      await text(
        "const again = await py.same(shared.subarray(1)); [shared, again, again.buffer === shared.buffer]",
      ),
    ).toBe("[ Float64Array(3) [ 11, 22, 23 ], Float64Array(2) [ 22, 23 ], true ]");
    await k.run("%%python --in shared\nkept = shared");
    await k.run("shared[0] = 5");
    expect(await text("%%python\nkept[0]")).toMatch(/5\.0/);
  });

  test.runIf(shares)("Python's tandem.array, too", async () => {
    await k.run("%%python --out made\nimport tandem\nmade = tandem.array(4)\nmade[1] = 7");
    await k.run("made[2] = 8");
    expect(await text("%%python\nlist(map(float, made))")).toBe("[0.0, 7.0, 8.0, 0.0]");
    expect(await text("made")).toBe("Float64Array(4) [ 0, 7, 8, 0 ]");
    expect(await text("%%python\nlist(map(int, tandem.array([1, 2], 'i4')))")).toBe("[1, 2]");
  });

  test.runIf(shares)("it outlives who made it", async () => {
    await k.run(
      "%%python\nimport gc, tandem\ndef make():\n    a = tandem.array(3)\n    a[0] = 6\n    return a",
    );
    await k.run("const theirs = await py.make()");
    await k.run("%%python\ngc.collect()\nimport os");
    expect(await text("theirs[0]")).toBe("6");
    await k.run("%%python\nos._exit(0)");
    expect(await text("theirs[0] + 1")).toBe("7");
  });

  test("tandem.array refuses what is no typed array's class", async () => {
    expect((await k.run("tandem.array(Array, 3)")).error?.evalue).toMatch(/takes a class of typed arrays/);
    expect((await k.run("tandem.array(Float64Array, -1)")).error?.evalue).toMatch(/is no length/);
    expect(await text("tandem.array(Float64Array, 0)")).toBe("Float64Array(0) []");
    expect(await text("tandem.array(new Int8Array([1, 2]))")).toBe("Int8Array(2) [ 1, 2 ]");
  });
});

test.runIf(shares)("a buffer that is let go closes its file", async () => {
  const open = () => readdirSync("/proc/self/fd").length;
  const before = open();
  for (let i = 0; i < 200; i++) allocateShared(4096);
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  // Finalizers run when the event loop turns after the collector has.
  for (let i = 0; i < 200 && open() >= before + 200; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(open()).toBeLessThan(before + 200);
});

import { describe, expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";
import { numbersPython, otherPythons } from "../../test/python.ts";
import { allocateShared } from "./shared.ts";

const shares = allocateShared(8) !== undefined;
const png = /^iVBORw0KGgo/;

describe.skipIf(!numbersPython)("Python with numpy, matplotlib and numba", () => {
  const magic = `%%python --python ${numbersPython}`;

  test("open figures are shown at the cell's end, a figure as a result, each once", () =>
    withKernel(undefined, async (k) => {
      const two = await k.run(`${magic}
import matplotlib.pyplot as plt
for n in 1, 2:
    plt.figure(); plt.plot([1, n])
"value"`);
      expect(two.displays.map(({ data }) => png.test(String(data["image/png"])))).toEqual([true, true]);
      expect(two.result?.["text/plain"]).toBe("'value'");
      const result = await k.run(`${magic}\nfigure, axes = plt.subplots()\naxes.plot([1, 2])\nfigure`);
      expect(result.result?.["image/png"]).toMatch(png);
      expect(result.displays).toEqual([]);
      const shown = await k.run(`${magic}\nplt.plot([3, 1]); plt.show(); print('after')`);
      expect([shown.order[0], shown.stdout]).toEqual(["display", "after\n"]);
      expect((await k.run(`${magic}\n1`)).displays).toEqual([]);
      const failed = await k.run(`${magic}\nplt.plot([1]); 1 / 0`);
      expect(failed.displays).toHaveLength(1);
      expect(failed.error?.ename).toBe("ZeroDivisionError");
    }));

  test("numpy's arrays of every kind come and go; large ones and those of tandem.array too", () =>
    withKernel(undefined, async (k) => {
      await k.run(`${magic}
import numpy as np, tandem
def same(x): return x
def kind(x): return type(x).__name__ + str(getattr(x, "dtype", "")) + str(getattr(x, "flags", {}).writeable)
def double(x): x *= 2
kinds = [np.arange(3, dtype=t) for t in "bhHiIqQfd"]
wide = np.arange(200_000, dtype="f4").reshape(2, 100_000)
turned = wide.T
grid = tandem.array((2, 3))`);
      expect(
        (await k.run("(await py.kinds).map((x: any) => x.constructor.name).join()")).result?.["text/plain"],
      ).toBe(
        "'Int8Array,Int16Array,Uint16Array,Int32Array,Uint32Array,BigInt64Array,BigUint64Array,Float32Array,Float64Array'",
      );
      const kinds =
        "[await py.kind(new Float64Array(10)), await py.kind(new Int32Array(1e6)), await py.kind(tandem.array(Float32Array, 4))].join()";
      expect((await k.run(kinds)).result?.["text/plain"]).toBe(
        "'ndarrayfloat64True,ndarrayint32True,ndarrayfloat32True'",
      );
      const rows =
        "const w = await py.wide; const t = await py.turned; [w.length, w[1][99_999], t.length, t[99_999][1]]";
      expect((await k.run(rows)).result?.["text/plain"]).toBe("[ 2, 199999, 100000, 199999 ]");
      await k.run("const grid = await py.grid; grid[1][2] = 7; await py.double(grid[1])");
      const seen = shares ? "[[0.0, 0.0, 0.0], [0.0, 0.0, 14.0]]" : "[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]";
      expect((await k.run(`${magic}\ngrid.tolist()`)).result?.["text/plain"]).toBe(seen);
    }));

  test("numba's functions are called like others", () =>
    withKernel(undefined, async (k) => {
      await k.run(`${magic}
import numba
@numba.njit
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
def total(x) -> float:
    return numba.njit(lambda a: a.sum())(x)`);
      expect(
        (await k.run("[await py.fib(20), await py.total(new Float64Array([1, 2]))]")).result?.["text/plain"],
      ).toBe("[ 6765n, 3 ]");
    }));
});

describe.each([...otherPythons()])("Python %s", (version, path) => {
  const magic = `%%python --python ${path}`;
  test("runs cells, tells its version and lock, calls, shares, fails and starts processes", () =>
    withKernel(undefined, async (k) => {
      const first = await k.run(`${magic}\nimport sys, multiprocessing, tandem\nx = 40\nx + 2`);
      expect(first.error).toBeUndefined();
      expect(first.result?.["text/plain"]).toBe("42");
      expect(first.resultMetadata).toEqual({
        tandem: { python: version.replace(/t$/, ""), gil: !version.endsWith("t") },
      });
      const ran = await k.run(`${magic}
from __future__ import annotations
from dataclasses import dataclass
@dataclass
class Point:
    x: float
def square(n): return n * n
def point(x: float) -> Point: return Point(x)
async def later(a):
    a[0] = 5
    return a
if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(square, [2, 3]))`);
      expect(ran.error).toBeUndefined();
      expect(ran.stdout).toBe("[4, 9]\n");
      const called =
        "[await py.point(1), (await py.later(tandem.array(Float64Array, 2)))[0], await py.square(2n ** 70n)]";
      expect((await k.run(called)).result?.["text/plain"]).toBe(
        "[ { x: 1 }, 5, 1393796574908163946345982392040522594123776n ]",
      );
      const failed = await k.run(`${magic}\ndef f():\n    raise ValueError(1)\nf()`);
      expect(failed.error?.traceback.join("\n")).toMatch(
        /File "cell-4.py", line 4[\s\S]*File "cell-4.py", line 3/,
      );
      expect(failed.error?.traceback.join("\n")).not.toContain("tandem_runner");
    }));
});

test("several interpreters at once, by name", { skip: otherPythons().size < 2 }, () =>
  withKernel(undefined, async (k) => {
    const [[one, first], [two, second]] = [...otherPythons()].slice(-2) as [
      [string, string],
      [string, string],
    ];
    for (const path of [first, second])
      await k.run(`%%python --python ${path}\nimport sys\nmine = sys.version.split()[0]`);
    const both = await k.run(
      `await Promise.all([py(${JSON.stringify(first)}).mine, py(${JSON.stringify(second)}).mine])`,
    );
    expect(both.result?.["text/plain"]).toBe(`[ '${one.replace("t", "")}', '${two.replace("t", "")}' ]`);
  }),
);

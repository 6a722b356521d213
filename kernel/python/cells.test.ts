import { describe, expect, test } from "vitest";
import { type Ran, withKernel } from "../../test/kernel.ts";
import { hasPython } from "../../test/python.ts";
import { isAlive } from "../is-alive.ts";

describe.skipIf(!hasPython)("%%python", () => {
  test("keeps state, shows the last expression, keeps _", () =>
    withKernel(undefined, async (k) => {
      expect((await k.run("%%python\nx = 40\nx + 2")).result).toEqual({ "text/plain": "42" });
      expect((await k.run("%%python\n_ + x")).result).toEqual({ "text/plain": "82" });
      expect((await k.run("%%python\nx;")).result).toBeUndefined();
      expect((await k.run("%%python\n")).status).toBe("ok");
      expect((await k.run("%%python\n# nothing\n")).status).toBe("ok");
    }));

  test("awaits at the top level, in one event loop", () =>
    withKernel(undefined, async (k) => {
      await k.run(
        "%%python\nimport asyncio\nlock = asyncio.Event()\nasync def later(n):\n    await asyncio.sleep(0.01)\n    return n",
      );
      expect((await k.run("%%python\nawait asyncio.gather(later(1), later(2))")).result).toEqual({
        "text/plain": "[1, 2]",
      });
      expect((await k.run("%%python\nasyncio.run(later(3))")).result).toEqual({ "text/plain": "3" });
      expect((await k.run("%%python\nlock.set()\nawait lock.wait()")).result).toEqual({
        "text/plain": "True",
      });
      const task = await k.run("%%python\ntask = asyncio.create_task(later(5))\nawait task");
      expect(task.result).toEqual({ "text/plain": "5" });
      expect((await k.run("%%python\nawait later(1)\n'end'")).result).toEqual({ "text/plain": "'end'" });
      expect((await k.run("%%python\nlater\nx = await later(1)")).result).toBeUndefined();
      expect((await k.run("await py.later(4)")).result).toEqual({ "text/plain": "4n" });
    }));

  test("shows what objects offer to show", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run(`%%python
class Page:
    def _repr_html_(self): return "<b>hi</b>"
    def _repr_png_(self): return b"png"
    def _repr_json_(self): raise ValueError("no")
display(Page())
Page()`);
      expect(ran.result).toMatchObject({ "text/html": "<b>hi</b>", "image/png": btoa("png") });
      expect(ran.displays).toHaveLength(1);
      expect(ran.stderr).toContain("Page._repr_json_ failed: ValueError: no");
      expect(ran.status).toBe("ok");
    }));

  test("20,000 lines come whole and in order", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run("%%python\nfor i in range(20_000):\n    print(i)\n1");
      expect(ran.stdout).toBe(Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join(""));
      expect(ran.order.at(-1)).toBe("result");
    }));

  test("output of every kind keeps its order", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run(`%%python
import subprocess, sys, threading, os
print("one", end=" ")
subprocess.run(["sh", "-c", "echo two"])
print("three", file=sys.stderr)
thread = threading.Thread(target=lambda: print("four"))
thread.start(); thread.join()
os.write(1, b"five\\n")
sys.stdout.buffer.write("s\u00efx\\n".encode())
display(7)
8`);
      expect(joined(ran)).toBe("out:one two\n|err:three\n|out:four\nfive\nsïx\n|display|result");
      // What others than Python write to file descriptor 2 comes by a pipe of its own: whole, and before the end.
      const native = await k.run(`%%python
subprocess.run(["sh", "-c", "echo native >&2"])
8`);
      expect(joined(native)).toBe("err:native\n|result");
    }));

  test("what TypeScript and a Python function print keeps its order", () =>
    withKernel(undefined, async (k) => {
      await k.run(`%%python
import subprocess
def say(text): print(text)
def child(text): subprocess.run(["echo", text])`);
      const ran = await k.run(`
for (let i = 0; i < 50; i++) {
  console.log("ts", i);
  await py.say("py " + i);
  await py.child("child " + i);
}`);
      const lines = Array.from({ length: 50 }, (_, i) => `ts ${i}\npy ${i}\nchild ${i}\n`);
      expect(ran.stdout).toBe(lines.join(""));
    }));

  test("errors have the cell's name and lines, and no frames of ours", () =>
    withKernel(undefined, async (k) => {
      await k.run("%%python\ndef inner(x):\n    return 1 / x");
      const ran = await k.run(
        "%%python\ntry:\n    inner(0)\nexcept ZeroDivisionError as e:\n    raise ValueError('no') from e",
      );
      expect(ran.error).toMatchObject({ ename: "ValueError", evalue: "no" });
      const text = ran.error?.traceback.filter((line) => !/^\s+[~^]+$/.test(line)).join("\n");
      expect(text).toBe(`Traceback (most recent call last):
  File "cell-2.py", line 3, in <module>
    inner(0)
  File "cell-1.py", line 3, in inner
    return 1 / x
ZeroDivisionError: division by zero

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "cell-2.py", line 5, in <module>
    raise ValueError('no') from e
ValueError: no`);
      const wrong = await k.run("%%python\nx = 1\nif x\n    pass");
      expect(wrong.error?.ename).toBe("SyntaxError");
      expect(wrong.error?.traceback[0]).toBe('  File "cell-3.py", line 3');
      expect((await k.run("%%python\nimport sys\nsys.exit(3)")).error?.ename).toBe("SystemExit");
      expect((await k.run("%%python\ninner(2)")).result).toEqual({ "text/plain": "0.5" });
    }));

  test("values go in and out by name", () =>
    withKernel(undefined, async (k) => {
      await k.run("const prices = [1.5, 2.5, 4]; const weights = new Float64Array([1, 2, 3])");
      const ran = await k.run(`%%python --in prices,weights --out mean,heavier
mean = sum(prices) / 4
heavier = weights
heavier[0] = 10`);
      expect(ran.status).toBe("ok");
      expect((await k.run("[mean, heavier, weights[0]]")).result?.["text/plain"]).toMatch(
        /^\[ 2, Float64Array\(3\) \[ 10, 2, 3 \], 1 \]$/,
      );
      await k.run("%%python --out size --int\nlen(prices)");
      expect((await k.run("size")).result).toEqual({ "text/plain": "3" });
      expect((await k.run("%%python --out nothing\nx = 1")).error?.evalue).toMatch(
        /no value for --out nothing/,
      );
      expect((await k.run("%%python --out a,1x\nundefined_name")).error?.evalue).toMatch(
        /declare its result as 1x/,
      );
      expect((await k.run("%%python --in absent\n1")).error?.evalue).toMatch(/no absent to hand to Python/);
      expect((await k.run("const $x = 1")).status).toBe("ok");
      expect((await k.run("%%python --in $x\n1")).error?.evalue).toMatch(/cannot have a variable called \$x/);
    }));

  test("an --out name is the variable that the cell binds, else its last expression", () =>
    withKernel(undefined, async (k) => {
      await k.run("%%python --out v\nv = 1.5\n'other'");
      expect((await k.run("v")).result).toEqual({ "text/plain": "1.5" });
      await k.run("%%python --out v\n'other'");
      expect((await k.run("v")).result).toEqual({ "text/plain": "'other'" });
      await k.run("%%python\nitems = [1.5]");
      await k.run("%%python --out items\nitems.append(2.5)");
      expect((await k.run("items")).result).toEqual({ "text/plain": "[ 1.5, 2.5 ]" });
      await k.run("%%python --out f\nfor f in [1.5, 2.5]: pass");
      expect((await k.run("f")).result).toEqual({ "text/plain": "2.5" });
    }));

  test("py calls, reads and imports, before any Python cell has run", () =>
    withKernel(undefined, async (k) => {
      expect((await k.run("await py.math.sqrt(2)")).result).toEqual({ "text/plain": String(Math.SQRT2) });
      expect(
        (await k.run("[await py.os.path.join('a', 'b'), await py.math.pi]")).result?.["text/plain"],
      ).toBe("[ 'a/b', 3.141592653589793 ]");
      expect((await k.run("(await Promise.all([1, 2, 3].map((x) => py.abs(-x)))).join()")).result).toEqual({
        "text/plain": "'1,2,3'",
      });
      const missing = await k.run("await py.fib(3)");
      expect(missing.error).toMatchObject({
        ename: "NameError",
        evalue: "name 'fib' is not defined in Python",
      });
    }));

  test("Python's exceptions are Errors with its frames and the caller's", () =>
    withKernel(undefined, async (k) => {
      await k.run("%%python\ndef bad(x):\n    raise KeyError(x)");
      const ran = await k.run("function ask() {\n  return py.bad('a');\n}\nawait ask()");
      expect(ran.error?.ename).toBe("KeyError");
      expect(ran.error?.traceback.slice(0, 3)).toEqual([
        "KeyError: 'a'",
        "    at bad (cell-1.py:3)",
        "    at ask (cell-2.ts:2:13)",
      ]);
      const caught = await k.run(
        "try { await py.bad('a') } catch (e) { [e instanceof Error, e.name, e.traceback] }",
      );
      expect(caught.status).toBe("ok");
      const text = await k.run("await py.bad('a').catch((e) => e.traceback)");
      expect(text.result?.["text/plain"]).toContain('File "cell-1.py", line 3, in bad');
    }));

  test("a restart forgets", () =>
    withKernel(undefined, async (k) => {
      await k.run("%%python\nx = 1\nimport os\npid = os.getpid()");
      const pid = Number((await k.run("%%python\npid")).result?.["text/plain"]);
      await k.restart();
      expect(isAlive(pid)).toBe(false);
      expect((await k.run("%%python\nx")).error?.ename).toBe("NameError");
    }));
});

/** The order of output, neighbouring pieces of one stream joined. */
function joined(ran: Ran): string {
  const parts: string[] = [];
  for (const part of ran.order) {
    const last = parts.at(-1);
    const stream = part.slice(0, 4);
    if ((stream === "out:" || stream === "err:") && last?.startsWith(stream)) {
      parts[parts.length - 1] = last + part.slice(4);
    } else parts.push(part);
  }
  return parts.join("|");
}

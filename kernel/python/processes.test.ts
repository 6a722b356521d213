import { describe, expect, test } from "vitest";
import { TestKernel, withKernel } from "../../test/kernel.ts";
import { hasPython } from "../../test/python.ts";
import { until } from "../../test/until.ts";

describe.skipIf(!hasPython)("threads and processes in Python cells", () => {
  test.skipIf(process.platform === "win32").each(["fork", "spawn", "forkserver"])(
    "%s: what cells define is there in the other process",
    (how) =>
      withKernel(undefined, async (k) => {
        await k.run(`%%python
from collections import namedtuple
from dataclasses import dataclass
import math, multiprocessing, threading
print("once")
Pair = namedtuple("Pair", "a b")
factor = 2
lock = threading.Lock()
@dataclass
class Point:
    x: float
    def scaled(self): return Point(math.sqrt(self.x) * factor)
def move(point): return point.scaled()
def swap(pair): return Pair(pair.b, pair.a)
def bad(x):
    return 1 / x`);
        const ran = await k.run(`%%python
factor = 3
with multiprocessing.get_context("${how}").Pool(2) as pool:
    print(pool.map(move, [Point(4), Point(9)]), pool.map(swap, [Pair(1, 2)]))
    pool.map(bad, [0])`);
        expect(ran.stdout).toBe("[Point(x=6.0), Point(x=9.0)] [Pair(a=2, b=1)]\n");
        expect(ran.error?.ename).toBe("ZeroDivisionError");
        expect(ran.error?.traceback.join("\n")).toMatch(
          /File "cell-1.py", line 16, in bad\n\s+return 1 \/ x/,
        );
        expect(ran.error?.traceback.join("\n")).not.toContain("tandem_runner");
      }),
  );

  test("concurrent.futures: threads and fresh processes", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run(`%%python
import concurrent.futures as futures, multiprocessing
def square(x): return x * x
def main():
    for pool in futures.ThreadPoolExecutor(2), futures.ProcessPoolExecutor(2, multiprocessing.get_context("spawn")):
        with pool: print(list(pool.map(square, range(5))))
if __name__ == "__main__":
    main()`);
      expect(ran.stdout).toBe("[0, 1, 4, 9, 16]\n".repeat(2));
      expect(ran.stderr).toBe("");
    }));

  test("the cells' module has no file for user code", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run(
        `%%python\nimport __main__, multiprocessing.spawn\n[hasattr(__main__, "__file__"), "__file__" in dir(), [n for n in dir() if "tandem" in n]]`,
      );
      expect(ran.result?.["text/plain"]).toBe("[False, False, []]");
    }));

  test.skipIf(process.platform === "win32")("an interrupt reaches the processes of a pool, too", () =>
    withKernel(undefined, async (k) => {
      const { ran, done } = k.start(`%%python
import concurrent.futures, multiprocessing, time
def nap(x):
    print("asleep", flush=True)
    time.sleep(100)
with concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
    list(pool.map(nap, range(2)))`);
      await until(() => ran.stdout === "asleep\nasleep\n");
      k.interrupt();
      await done;
      expect(ran.error?.ename).toBe("KeyboardInterrupt");
      expect((await k.run("%%python\n1")).result).toEqual({ "text/plain": "1" });
    }),
  );

  test.skipIf(process.platform === "win32")(
    "a forked child's display and output do not disturb the cell's",
    () =>
      withKernel(undefined, async (k) => {
        const ran = await k.run(`%%python
import multiprocessing
def show(): display("from the child")
child = multiprocessing.get_context("fork").Process(target=show)
child.start(); child.join()
display("from the cell")
child.exitcode`);
        expect(ran.stdout).toBe("'from the child'\n");
        expect(ran.displays.map(({ data }) => data["text/plain"])).toEqual(["'from the cell'"]);
        expect(ran.result?.["text/plain"]).toBe("0");
      }),
  );

  test("threads print and show while the cell waits for them; asyncio runs them as well", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run(`%%python
import asyncio, threading
def work(n):
    print("thread", n)
    display(n)
threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
await asyncio.gather(*(asyncio.to_thread(work, n) for n in (8, 9)))
"end"`);
      expect(ran.stdout.trim().split("\n").sort()).toEqual(
        Array.from({ length: 10 }, (_, n) => `thread ${n}`),
      );
      expect(ran.displays.map(({ data }) => Number(data["text/plain"])).sort()).toEqual([
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
      ]);
      expect(ran.order.at(-1)).toBe("result");
    }));
});

describe.skipIf(!hasPython)("Python asks", () => {
  /** Runs a cell whose questions are answered by `answers`, the prompts in `asked`. */
  async function ask(source: string, answers: string[]) {
    const asked: unknown[] = [];
    const kernel = new TestKernel(process.cwd());
    try {
      const ran = await kernel.start(source, true, async (prompt, password) => {
        asked.push([prompt, password]);
        return answers.shift() ?? "";
      }).done;
      return { ran, asked };
    } finally {
      await kernel.close();
    }
  }

  test("by input and getpass", async () => {
    const { ran, asked } = await ask(
      `%%python
import getpass
print("first", end=" ")
name = input("name? ")
secret = getpass.getpass()
[name, secret]`,
      ["Ada", "s3"],
    );
    expect(ran.result?.["text/plain"]).toBe("['Ada', 's3']");
    expect(asked).toEqual([
      ["name? ", false],
      ["Password: ", true],
    ]);
  });

  test("in a function that TypeScript calls", async () => {
    const { ran } = await ask(`await py.input("name? ")`, ["Ada"]);
    expect(ran.result?.["text/plain"]).toBe("'Ada'");
  });

  test("nobody: the error says so, and is an EOFError to Python", () =>
    withKernel(undefined, async (k) => {
      expect((await k.run("%%python\ninput()")).error?.evalue).toMatch(/nobody can answer/);
      const ran = await k.run("%%python\ntry: input()\nexcept EOFError: print('eof')");
      expect(ran.stdout).toBe("eof\n");
    }));

  test("an interrupt ends the question, and its late answer harms nothing", async () => {
    const kernel = new TestKernel(process.cwd());
    try {
      let answer = (_: string) => {};
      let asked = false;
      const { ran, done } = kernel.start("%%python\ninput()", true, () => {
        asked = true;
        return new Promise((resolve) => {
          answer = resolve;
        });
      });
      await until(() => asked);
      kernel.interrupt();
      await done;
      answer("late");
      expect(ran.error?.ename).toBe("KeyboardInterrupt");
      const next = kernel.start("%%python\ninput()", true, async () => "in time");
      expect((await next.done).result?.["text/plain"]).toBe("'in time'");
    } finally {
      await kernel.close();
    }
  });
});

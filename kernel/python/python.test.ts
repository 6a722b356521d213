import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type Ran, withKernel } from "../../test/kernel.ts";

const executable = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });

describe.skipIf(executable.status !== 0)("%%python", () => {
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
      expect(alive(pid)).toBe(false);
      expect((await k.run("%%python\nx")).error?.ename).toBe("NameError");
    }));
});

describe.skipIf(executable.status !== 0)("interrupting Python", () => {
  test.each([
    ["a loop", "while True: x += 1"],
    ["sleep", "import time\ntime.sleep(100)"],
    ["an await", "import asyncio\nawait asyncio.sleep(100)"],
    ["a subprocess", "import subprocess\nsubprocess.run(['sleep', '100'])"],
    ["printing", "while True: print(x)"],
  ])("stops %s and keeps the state", (_, source) =>
    withKernel(undefined, async (k) => {
      await k.run("%%python\nx = 7");
      const { ran, done } = k.start(`%%python\nprint('running', flush=True)\n${source}`);
      await until(() => ran.stdout.includes("running"));
      k.interrupt();
      await done;
      expect(ran.error?.ename).toBe("KeyboardInterrupt");
      expect(ran.error?.traceback.join("\n")).not.toContain("tandem_runner");
      expect((await k.run("%%python\nx > 0")).result).toEqual({ "text/plain": "True" });
    }),
  );

  test("stops a call from TypeScript, and those that wait behind it", () =>
    withKernel(undefined, async (k) => {
      await k.run(
        "%%python\nimport time\nstarted = []\ndef slow(n):\n    started.append(n)\n    print('on')\n    time.sleep(100)",
      );
      const { ran, done } = k.start("await Promise.all([py.slow(1), py.slow(2)])");
      await until(() => ran.stdout.includes("on"));
      k.interrupt();
      await done;
      expect(ran.status).toBe("error");
      expect((await k.run("%%python\nstarted")).result).toEqual({ "text/plain": "[1]" });
    }));

  test("ends Python where the interrupt does not reach it, and says so", () =>
    withKernel(undefined, async (k) => {
      const { ran, done } = k.start(
        "%%python\nimport signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\nprint('on')\nwhile True: pass",
      );
      await until(() => ran.stdout.includes("on"));
      k.interrupt();
      await done;
      expect(ran.error?.evalue).toMatch(/did not stop within 3 s of an interrupt, so it was ended/);
      expect((await k.run("%%python\n1")).result).toEqual({ "text/plain": "1" });
    }));

  test("code that catches it goes on, until a second one", () =>
    withKernel(undefined, async (k) => {
      const { ran, done } = k.start(`%%python
while True:
    try:
        print('on')
        for _ in iter(int, 1): pass
    except KeyboardInterrupt:
        pass`);
      await until(() => ran.stdout === "on\n");
      k.interrupt();
      await until(() => ran.stderr.includes("Interrupt again"));
      k.interrupt();
      await done;
      expect(ran.error?.ename).toBe("PythonDied");
    }));
});

describe.skipIf(executable.status !== 0)("Python that dies", () => {
  test.each([
    ["is killed", "os.kill(os.getpid(), 9)", /killed.* \(SIGKILL\)/],
    ["exits", "os._exit(3)", /exit code 3/],
    ["crashes", "import ctypes; ctypes.string_at(0)", /SIGSEGV.*Segmentation fault.*cell-1\.py", line 4/s],
    ["aborts", "os.abort()", /SIGABRT/],
  ])("says that it %s, and starts anew", (_, source, why) =>
    withKernel(undefined, async (k) => {
      const ran = await k.run(`%%python\nimport os\nprint('last', end='')\n${source}`);
      expect(ran.stdout).toBe("last");
      expect(ran.error?.ename).toBe("PythonDied");
      expect(ran.error?.evalue).toMatch(why);
      expect(ran.error?.evalue).not.toContain("tandem_runner");
      const next = await k.run("%%python\n1 + 1");
      expect(next.result).toEqual({ "text/plain": "2" });
      expect(next.stderr).toBe("");
    }),
  );

  test("a call from TypeScript is told, too, and the engine lives", () =>
    withKernel(undefined, async (k) => {
      await k.run("const kept = 5");
      await k.run("%%python\nimport os\ndef die(): os._exit(4)");
      expect((await k.run("await py.die()")).error?.evalue).toMatch(/exit code 4/);
      expect((await k.run("await py.abs(-kept)")).result).toEqual({ "text/plain": "5n" });
    }));

  test("between cells: the next one says so", () =>
    withKernel(undefined, async (k) => {
      await k.run("%%python\nimport threading, os\nthreading.Timer(0.05, lambda: os._exit(5)).start()");
      await new Promise((resolve) => setTimeout(resolve, 400));
      const ran = await k.run("%%python\n1");
      expect(ran.status).toBe("ok");
      expect(ran.stderr).toMatch(/Python 3\S+ ended; .*exit code 5/);
    }));

  test("leaves no child behind", () =>
    withKernel(undefined, async (k) => {
      await k.run("%%python\nimport subprocess\np = subprocess.Popen(['sleep', '300'])");
      const pid = Number((await k.run("%%python\np.pid")).result?.["text/plain"]);
      expect(alive(pid)).toBe(true);
      await k.run("%%python\nimport os\nos._exit(1)");
      await until(() => !alive(pid));
    }));

  test("a cell that forks comes back once", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run(`%%python
import os, sys
pid = os.fork()
if pid == 0:
    print("child", file=sys.stderr)
else:
    os.waitpid(pid, 0)
    print("parent")`);
      expect(ran.stderr).toBe("child\n");
      expect(ran.stdout).toBe("parent\n");
      expect((await k.run("%%python\n1")).result).toEqual({ "text/plain": "1" });
    }));
});

describe("choosing a Python", () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test("without one: says what to install, and TypeScript goes on", () =>
    withKernel(undefined, async (k, folder) => {
      process.env.PATH = join(folder, "empty");
      for (const name of ["TANDEM_PYTHON", "VIRTUAL_ENV", "CONDA_PREFIX"]) delete process.env[name];
      const ran = await k.run("%%python\n1");
      expect(ran.error?.evalue).toMatch(/^No Python was found.*Install it/s);
      expect((await k.run("await py.abs(1)")).error?.evalue).toMatch(/^No Python was found/);
      expect((await k.run("1")).result).toEqual({ "text/plain": "1" });
    }));

  test("one that is named but absent, too old or broken", () =>
    withKernel(undefined, async (k, folder) => {
      expect((await k.run("%%python --python ./none\n1")).error?.evalue).toMatch(/no Python at \.\/none/);
      program(
        join(folder, "old"),
        `printf '\\0%s:hello {"version": "2.7.18", "tooOld": true}\\n' "$TANDEM_RUNNER"`,
      );
      expect((await k.run("%%python --python ./old\n1")).error?.evalue).toMatch(
        /too old.*Python 2\.7\.18.*3\.9/s,
      );
      program(join(folder, "broken"), "echo no such library >&2; exit 127");
      expect((await k.run("%%python --python ./broken\n1")).error?.evalue).toMatch(
        /cannot run Python cells.*exit code 127.*no such library/s,
      );
      process.env.TANDEM_PYTHON = join(folder, "gone");
      expect((await k.run("%%python\n1")).error?.evalue).toMatch(/gone.*TANDEM_PYTHON names it/s);
    }));

  test.skipIf(executable.status !== 0)(
    "a virtual environment of the folder comes before PATH; several at once",
    () =>
      withKernel(undefined, async (k, folder) => {
        for (const name of ["TANDEM_PYTHON", "VIRTUAL_ENV", "CONDA_PREFIX"]) delete process.env[name];
        const python = executable.stdout.trim();
        for (const name of [".venv", "other"]) {
          execFileSync(python, ["-m", "venv", "--without-pip", join(folder, name)]);
        }
        const prefix = "%%python\nimport sys\nsys.prefix";
        expect((await k.run(prefix)).result?.["text/plain"]).toBe(`'${join(folder, ".venv")}'`);
        const other = prefix.replace("%%python", "%%python --python other");
        expect((await k.run(other)).result?.["text/plain"]).toBe(`'${join(folder, "other")}'`);
        // `py` is the interpreter of the latest cell; another one is named.
        expect((await k.run("await py.sys.prefix")).result?.["text/plain"]).toBe(
          `'${join(folder, "other")}'`,
        );
        expect((await k.run("await py('.venv').sys.prefix")).result?.["text/plain"]).toBe(
          `'${join(folder, ".venv")}'`,
        );
        await k.run("%%python\nx = 1");
        expect((await k.run("await py.sys.prefix")).result?.["text/plain"]).toBe(
          `'${join(folder, ".venv")}'`,
        );
      }),
  );

  test.skipIf(executable.status !== 0)("cells import from the notebook's folder, not from ours", () =>
    withKernel(undefined, async (k, folder) => {
      writeFileSync(join(folder, "values.py"), "mine = 3");
      mkdirSync(join(folder, "sub"));
      symlinkSync(folder, join(folder, "sub", "loop"));
      expect((await k.run("%%python\nimport values\nvalues.mine")).result).toEqual({ "text/plain": "3" });
    }),
  );
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

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A zombie that nobody has waited for yet is dead.
  return !/^\S+ \(.*\) Z/.test(spawnSync("cat", [`/proc/${pid}/stat`], { encoding: "utf8" }).stdout);
}

function program(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

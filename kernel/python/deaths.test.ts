import { describe, expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";
import { hasPython } from "../../test/python.ts";
import { until } from "../../test/until.ts";
import { isAlive } from "../is-alive.ts";

describe.skipIf(!hasPython)("Python that dies", () => {
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
      expect(isAlive(pid)).toBe(true);
      await k.run("%%python\nimport os\nos._exit(1)");
      await until(() => !isAlive(pid));
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

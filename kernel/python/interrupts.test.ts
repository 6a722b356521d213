import { describe, expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";
import { hasPython } from "../../test/python.ts";
import { until } from "../../test/until.ts";

describe.skipIf(!hasPython)("interrupting Python", () => {
  test.each([
    ["a loop", "while True: x += 1"],
    ["sleep", "time.sleep(100)"],
    ["an await", "await asyncio.sleep(100)"],
    ["a subprocess", "subprocess.run(['sleep', '100'])"],
    ["printing", "while True: print(x)"],
  ])("stops %s and keeps the state", (_, source) =>
    withKernel(undefined, async (k) => {
      // In the middle of an import Python may lose an interrupt.
      await k.run("%%python\nimport asyncio, subprocess, time\nx = 7");
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

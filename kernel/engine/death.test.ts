import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";

describe("when the engine dies, the kernel says why and goes on", () => {
  const deaths: Record<string, [source: string, why: RegExp]> = {
    "process.exit": ["const x = 1;\nprocess.exit(3)", /called process\.exit\(3\) at cell-2\.ts:2:9/],
    "process.abort": ["process.abort()", /SIGABRT/],
    "a signal": [
      "process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {})",
      /Native code crashed.*\(SIGSEGV\)/,
    ],
    SIGKILL: ["process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})", /memory.*SIGKILL/],
    "out of memory": [
      "const all = []; for (;;) all.push(Array.from({ length: 1000 }, () => ({ x: Math.random() })))",
      /heap was full/,
    ],
  };
  beforeAll(() => {
    process.env.NODE_OPTIONS = "--max-old-space-size=60";
  });
  afterAll(() => {
    delete process.env.NODE_OPTIONS;
  });
  for (const [name, [source, why]] of Object.entries(deaths)) {
    test(name, () =>
      withKernel(undefined, async (k) => {
        await k.run("let before = 1");
        const ran = await k.run(`console.log("said before");${source}`);
        expect(ran.stdout).toBe("said before\n");
        expect(ran.error?.ename).toBe("EngineDied");
        expect(ran.error?.evalue).toMatch(why);
        expect((await k.run("typeof before")).result).toEqual({ "text/plain": "'undefined'" });
      }),
    );
  }

  test("between cells", () =>
    withKernel(undefined, async (k) => {
      const { ran, done } = k.start("let before = 1; setTimeout(() => process.exit(4), 20)");
      await done;
      while (!ran.stderr.includes("process.exit(4)")) await sleep(5);
      expect((await k.run("typeof before")).result).toEqual({ "text/plain": "'undefined'" });
    }));
});

describe("restart", () => {
  test("forgets variables, ends children, starts counting again", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run("let before = 1; require('child_process').spawn('sleep', ['60']).pid");
      const child = Number(ran.result?.["text/plain"]);
      await k.restart();
      const again = await k.run("typeof before");
      expect(again.result).toEqual({ "text/plain": "'undefined'" });
      expect(again.number).toBe(1);
      const gone = () =>
        !existsSync(`/proc/${child}`) || /State:\s+Z/.test(readFileSync(`/proc/${child}/status`, "utf8"));
      while (!gone()) await sleep(5);
    }));

  test("ends a running cell", () =>
    withKernel(undefined, async (k) => {
      const { ran, done } = k.start("console.log('go'); while (true) {}");
      while (!ran.stdout) await sleep(5);
      const waiting = k.run("1");
      await k.restart();
      expect((await done).error?.evalue).toMatch(/restarted/);
      expect((await waiting).status).toBe("aborted");
      expect((await k.run("2")).result).toEqual({ "text/plain": "2" });
    }));
});

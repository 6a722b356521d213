import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import { foreignShare, parseTicks, readTicks } from "./load.ts";
import { loopOf } from "./loop.ts";

describe("the loop of a side", () => {
  it("calls as often as asked, one after the other", async () => {
    let calls = 0;
    let running = 0;
    const side = async () => {
      expect(++running).toBe(1);
      await null;
      calls++;
      running--;
    };
    const { seconds, cpuSeconds } = await loopOf(side, true)(50);
    expect(calls).toBe(50);
    expect(seconds).toBeGreaterThan(0);
    expect(cpuSeconds).toBeGreaterThanOrEqual(0);
  });

  it("has a clock that user code cannot replace", async () => {
    const { now } = performance;
    performance.now = () => 0;
    try {
      const busy = () => {
        for (const end = Date.now() + 5; Date.now() < end; );
      };
      expect((await loopOf(busy, false)(2)).seconds).toBeGreaterThan(0.005);
    } finally {
      performance.now = now;
    }
  });

  it("passes on what the side throws", async () => {
    const side = () => {
      throw new RangeError("no");
    };
    await expect(loopOf(side, false)(3)).rejects.toThrow(RangeError);
  });
});

describe("V8's optimiser", () => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-loop-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("inlines a side into what calls it, but not that into the loop", () => {
    const loop = join(folder, "loop.cjs");
    buildSync({
      entryPoints: [join(import.meta.dirname, "loop.ts")],
      bundle: true,
      platform: "node",
      outfile: loop,
    });
    const script = join(folder, "script.cjs");
    writeFileSync(
      script,
      `const { loopOf } = require(${JSON.stringify(loop)});
      const x = process.pid;
      function theSide() { return Math.sqrt(x); }
      const loop = loopOf(theSide, false);
      (async () => { for (let i = 0; i < 50; i++) await loop(200_000); })();`,
    );
    const { stdout, status } = spawnSync(process.execPath, ["--trace-turbo-inlining", script], {
      encoding: "utf8",
    });
    expect(status).toBe(0);
    const inlined = stdout.split("\n").filter((line) => line.startsWith("Inlining "));
    // The trace is there at all, and knows the names.
    expect(inlined.join("\n")).toContain("theSide");
    expect(inlined.filter((line) => /SharedFunctionInfo call>.* into /.test(line))).toEqual([]);
  });
});

describe("the processor's load", () => {
  const stat = (user: number, idle: number, steal = 0) =>
    `cpu  ${user} 10 20 ${idle} 5 1 2 ${steal} 7 8\ncpu0 1 2 3 4\n`;

  it("is read from the kernel's ticks", () => {
    expect(parseTicks(stat(100, 1000, 3))).toEqual({ busy: 136, total: 1141 });
    expect(parseTicks("Windows has no such file")).toBeUndefined();
    expect(parseTicks("")).toBeUndefined();
  });

  it("of others is what is left without our own", () => {
    const [before, after] = [parseTicks(stat(100, 1000)), parseTicks(stat(200, 1100))];
    // 100 of 200 ticks were busy; 0.6 s of ours are 60 of them.
    expect(foreignShare(before, after, 0.6)).toBeCloseTo(0.2, 12);
    expect(foreignShare(before, after, 5)).toBe(0);
    expect(foreignShare(before, parseTicks(stat(104, 1003)), 0)).toBeUndefined();
    expect(foreignShare(undefined, after, 0)).toBeUndefined();
  });

  it.runIf(process.platform === "linux")("is known on Linux", () => {
    const ticks = readTicks();
    expect(ticks?.total).toBeGreaterThan(ticks?.busy ?? Infinity);
  });
});

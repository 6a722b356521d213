import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";
import type { CellOutput } from "../cells/cell.ts";
import { noOutput } from "../cells/no-output.ts";

describe("output", () => {
  test("of native code and workers comes before the cell's end, in whole characters", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run(`
        import { spawnSync } from "node:child_process";
        import { writeSync } from "node:fs";
        import { Worker } from "node:worker_threads";
        writeSync(1, Buffer.from("é").subarray(0, 1)); console.error("e"); writeSync(1, Buffer.from("é").subarray(1));
        spawnSync("sh", ["-c", "echo err >&2; echo out"], { stdio: "inherit" });
        const w = new Worker("console.log('from a worker')", { eval: true, stdout: false });
        await new Promise((done) => w.on("exit", done));`);
      expect(ran.stdout).toBe("éout\nfrom a worker\n");
      expect(ran.stderr.split("\n").sort()).toEqual(["", "e", "err"]);
    }));

  test("of megabytes in one write is whole", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run(
        `process.stdout.write("ü".repeat(4e6)); console.error("ö".repeat(1e6)); "x".repeat(3e6)`,
      );
      expect(ran.stdout).toBe("ü".repeat(4e6));
      expect(ran.stderr).toBe(`${"ö".repeat(1e6)}\n`);
    }));

  test("that comes after the end still goes to its cell", () =>
    withKernel(undefined, async (k) => {
      const { ran, done } = k.start(
        `setTimeout(() => { console.log("late"); console.error("too"); display(1) }, 50); let x`,
      );
      await done;
      expect(ran.order).toEqual([]);
      while (ran.displays.length === 0) await sleep(5);
      expect(ran.order).toEqual(["out:late\n", "err:too\n", "display"]);
    }));

  test("displays are shown, updated by id and given raw", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run(`
        display([{ a: 1 }], { id: "t" });
        display({ "text/markdown": "*hi*" }, { raw: true });
        display("new", { id: "t" });`);
      expect(ran.displays).toEqual([
        { data: { "text/plain": "'new'" }, metadata: undefined, id: "t" },
        { data: { "text/markdown": "*hi*" }, metadata: undefined, id: undefined },
      ]);
      expect(ran.order).toEqual(["display", "display", "update"]);
    }));

  test("goes on after an interrupt in the middle of a flood", () =>
    withKernel(undefined, async (k) => {
      const floods = [
        "console.log('x'.repeat(200))",
        "process.stderr.write('y\\n')",
        "display('z', { id: 'z' })",
        "console.clear()",
      ];
      for (const flood of floods) {
        const { ran, done } = k.start(`for (;;) ${flood}`);
        while (ran.order.length < 3) await sleep(5);
        k.interrupt();
        expect((await done).error?.ename).toBe("Interrupted");
        const next = await k.run("console.log('out'); console.error('err'); 1 + 1");
        expect([next.stdout, next.stderr, next.result?.["text/plain"]]).toEqual(["out\n", "err\n", "2"]);
      }
    }));

  test("process.stdout writes strings and bytes of any encoding, calls back, and refuses the rest", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run(`
        process.stdout.write("w\u00e9\\n");
        process.stdout.write("6869", "hex", () => console.log("!"));
        await new Promise((done) => process.stdout.write(new Uint8Array([10, 65]), done));
        process.stdout.cork(); process.stdout.write("corked"); process.stdout.uncork();
        const { Readable } = require("node:stream");
        await new Promise((done) => Readable.from(["a", "b"]).on("end", done).pipe(process.stdout));
        let thrown; try { process.stdout.write(1 as never) } catch (error) { thrown = (error as { code: string }).code }
        thrown`);
      expect(ran.error).toBeUndefined();
      expect(ran.stdout).toBe("wé\nhi\nA!\ncorkedab");
      expect(ran.result?.["text/plain"]).toBe("'ERR_INVALID_ARG_TYPE'");
    }));

  test("process.stdout cannot be ended by a cell", () =>
    withKernel(undefined, async (k) => {
      await k.run("process.stdout.end('bye\\n'); process.stdout.destroy()");
      expect((await k.run("console.log('still here')")).stdout).toBe("still here\n");
    }));
});

describe("errors that nobody caught", () => {
  test("show in the cell and end nothing", () =>
    withKernel(undefined, async (k) => {
      await k.run("const kept = 1");
      const { ran, done } = k.start(
        `setTimeout(() => { throw new Error("in a timer") });\nPromise.reject(new Error("alone")); let y`,
      );
      await done;
      while (!ran.stderr.includes("in a timer")) await sleep(5);
      expect(ran.stderr).toContain("Unhandled rejection: Error: alone\n    at cell-2.ts:2:16");
      expect(ran.stderr).toMatch(/Uncaught Error: in a timer\n {4}at Timeout\.\S+ \(cell-2\.ts:1:26\)/);
      expect((await k.run("kept")).result).toEqual({ "text/plain": "1" });
    }));
});

describe("a client that takes less than it gets", () => {
  test("lets the engine wait", () =>
    withKernel(undefined, async (k) => {
      let taken = 0;
      let release = () => {};
      const output: CellOutput = {
        ...noOutput,
        stream: (_, text) => {
          taken += text.length;
        },
        drained: () =>
          new Promise((resolve) => {
            release = resolve;
          }),
      };
      await k.run("%config output_limit = off");
      const line = "x".repeat(999);
      const source = `for (let i = 0; i < 30_000; i++) console.log("${line}")`;
      const request = { source, output, storeHistory: true, stopOnError: true, started() {} };
      let over = false;
      const done = k.kernel.execute(request).finally(() => {
        over = true;
      });
      while (taken < 200e3) await sleep(5);
      await sleep(200);
      // 30 MB were printed to be; what is more than 256 KiB ahead stands in the pipe.
      expect(taken).toBeLessThan(1e6);
      expect(over).toBe(false);
      while (!over) {
        release();
        await sleep(5);
      }
      expect(await done).toMatchObject({ status: "ok" });
      expect(taken).toBe(30e6);
    }));
});

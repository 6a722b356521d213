import { execFileSync } from "node:child_process";
import { closeSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type Ran, type TestKernel, withKernel } from "../../test/kernel.ts";

/** Starts a cell, interrupts it once it has said "go", and gives what became of it. */
async function interrupted(k: TestKernel, source: string, then = async (_ran: Ran) => {}) {
  const { ran, done } = k.start(source);
  while (!ran.stdout.includes("go")) await sleep(5);
  await sleep(30);
  k.interrupt();
  await then(ran);
  await done;
  return { ran };
}

describe("interrupts keep the state", () => {
  const loops = {
    "an endless loop": "while (true) {}",
    "an endless loop in a finally": "try { throw 1 } finally { while (true) {} }",
    "a pending await": "await new Promise(() => {})",
    "a loop of microtasks": "while (true) await null",
    "a loop of timers": "while (true) await new Promise((r) => setTimeout(r, 1))",
    "a wait for a lock": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
    "a runaway regular expression": "/^(a+)+$/.test('a'.repeat(40) + 'b')",
    "a loop in a timer": "await new Promise(() => setTimeout(() => { while (true) {} }, 1))",
    "a loop that prints": "while (true) console.log('x')",
    "a blocking child process": "require('child_process').execSync('sleep 60')",
    "a blocking child process of a shell":
      "require('child_process').spawnSync('sleep 60; true', { shell: true })",
    "a loop while its result is drawn":
      "({ [Symbol.for('nodejs.util.inspect.custom')]() { while (true) {} } })",
    "a loop while its result shows itself": "({ [Symbol.for('Jupyter.display')]() { while (true) {} } })",
    "a loop in a conversion": "String({ toString() { while (true) {} } })",
    "a loop in a getter": "JSON.stringify({ get x() { while (true) {} } })",
    "a loop that catches all": "while (true) try { while (true) {} } catch {}",
    "a loop of rejections": "while (true) await Promise.reject(1).catch(() => {})",
  };
  for (const [name, code] of Object.entries(loops)) {
    test(name, () =>
      withKernel(undefined, async (k) => {
        await k.run("let state = { n: 1 }");
        const { ran } = await interrupted(k, `state.n++; console.log("go"); ${code}`);
        expect(ran.error?.ename).toBe("Interrupted");
        expect((await k.run("state.n")).result).toEqual({ "text/plain": "2" });
        expect((await k.run("await new Promise((r) => setTimeout(r, 20)); 3")).result).toEqual({
          "text/plain": "3",
        });
      }),
    );
  }

  // By the native addon, which a machine without Rust has not built.
  const built = readdirSync(join(import.meta.dirname, "../../dist")).some((name) =>
    /^tandem\.linux-.*\.node$/.test(name),
  );
  test.runIf(built)("a read of a pipe to which nobody writes", () =>
    withKernel(undefined, async (k, folder) => {
      execFileSync("mkfifo", [join(folder, "fifo")]);
      await k.run("let state = 1; const fd = require('fs').openSync('fifo', 'r+')");
      const { ran } = await interrupted(
        k,
        "console.log('go'); state++; require('fs').readSync(fd, Buffer.alloc(1)); state = 0",
      );
      expect(ran.error?.ename).toBe("Interrupted");
      expect((await k.run("state")).result).toEqual({ "text/plain": "2" });
      const { ran: again } = await interrupted(
        k,
        "console.log('go'); for (;;) try { require('fs').readSync(fd, Buffer.alloc(1)) } catch {}",
      );
      expect(again.error?.ename).toBe("Interrupted");
      expect((await k.run("state")).result).toEqual({ "text/plain": "2" });
    }),
  );

  test("what does not heed one is ended after a time, which is told", () =>
    withKernel(undefined, async (k, folder) => {
      execFileSync("mkfifo", [join(folder, "fifo")]);
      const { ran } = await interrupted(k, "console.log('go'); require('fs').openSync('fifo')");
      expect(ran.stderr).toMatch(/In 5 seconds the engine is ended/);
      expect(ran.error).toMatchObject({ ename: "EngineDied", evalue: expect.stringContaining("heed") });
      expect((await k.run("1")).result).toEqual({ "text/plain": "1" });
    }));

  test("what does not heed one is ended by the second", () =>
    withKernel(undefined, async (k, folder) => {
      execFileSync("mkfifo", [join(folder, "fifo")]);
      const { ran } = await interrupted(
        k,
        "console.log('go'); require('fs').openSync('fifo')",
        async (ran) => {
          while (!ran.stderr.includes("in spite of the interrupt")) await sleep(20);
          k.interrupt();
        },
      );
      expect(ran.error).toMatchObject({
        ename: "EngineDied",
        evalue: expect.stringContaining("a second one came"),
      });
      expect((await k.run("1")).result).toEqual({ "text/plain": "1" });
    }));

  test("a child process from an earlier cell lives on", () =>
    withKernel(undefined, async (k, folder) => {
      const fifo = join(folder, "fifo");
      execFileSync("mkfifo", [fifo]);
      await k.run("const child = require('child_process').spawn('sleep', ['60'])");
      await sleep(300);
      // Opening waits for a writer, in a system call that no termination reaches.
      const { ran, done } = k.start("console.log('go'); require('fs').openSync('fifo')");
      while (!ran.stdout.includes("go")) await sleep(5);
      k.interrupt();
      await sleep(1000);
      closeSync(openSync(fifo, "w"));
      expect((await done).error?.ename).toBe("Interrupted");
      expect((await k.run("child.kill(0)")).result).toEqual({ "text/plain": "true" });
    }));

  test("a loop that the inspector of variables comes upon", () =>
    withKernel(undefined, async (k) => {
      await k.run(
        "let n = 1; let x = { [Symbol.for('nodejs.util.inspect.custom')]() { while (true) {} } }; 0",
      );
      const asked = k.kernel.debug("inspectVariables", {}).catch((error: Error) => error.name);
      await sleep(100);
      k.interrupt();
      expect(await asked).toBe("Interrupted");
      expect((await k.run("n")).result).toEqual({ "text/plain": "1" });
    }));

  test("the next cell is not hit by an interrupt that came late", () =>
    withKernel(undefined, async (k) => {
      for (let i = 0; i < 20; i++) {
        const { done } = k.start("await new Promise((r) => setTimeout(r, 5))");
        await sleep(i / 2);
        k.interrupt();
        await done;
        expect((await k.run(`for (let i = 0; i < 1e5; i++); ${i}`)).result).toEqual({ "text/plain": `${i}` });
      }
    }));
});

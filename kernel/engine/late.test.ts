import { expect, test } from "vitest";
import { type Ran, type TestKernel, withKernel } from "../../test/kernel.ts";

/** Waits until output that comes after a cell's end is there. */
async function until(ran: Ran, what: (ran: Ran) => boolean): Promise<void> {
  while (!what(ran)) await new Promise((resolve) => setTimeout(resolve, 5));
}

const wait = (k: TestKernel, ms: number) =>
  k.run(`await new Promise((resolve) => setTimeout(resolve, ${ms}))`);

test("late output belongs to the cell that started it, while another runs and between cells", () =>
  withKernel(undefined, async (k) => {
    const first = await k.run(
      "setTimeout(() => { console.log('timer'); console.error('loud'); display('shown'); process.stdout.write('raw\\n') }, 40);\n" +
        "(async () => { await new Promise((go) => setTimeout(go, 60)); await null; console.log('after awaits') })();\n" +
        "setTimeout(() => console.log('idle'), 250); 'now'",
    );
    expect(first.stdout).toBe("");
    const second = await k.run(
      "console.log('two'); await new Promise((go) => setTimeout(go, 150)); console.log('two again')",
    );
    expect(second.stdout).toBe("two\ntwo again\n");
    expect(second.stderr).toBe("");
    expect(second.displays).toEqual([]);
    await until(first, ({ stdout }) => stdout.includes("idle"));
    expect(first.stdout).toBe("timer\nraw\nafter awaits\nidle\n");
    expect(first.stderr).toBe("loud\n");
    expect(first.displays).toHaveLength(1);
  }));

test("errors that nobody caught are told in the cell that started them, and the kernel lives", () =>
  withKernel(undefined, async (k) => {
    const first = await k.run(
      "const x = 1\nsetTimeout(() => { throw new Error('in a timer') }, 30)\n" +
        "setTimeout(() => Promise.reject(new TypeError('nobody awaits')), 40)\n" +
        "queueMicrotask(() => setImmediate(() => { throw 'no error' }))\n" +
        "new (require('node:events'))().on('e', () => {}).emit('e')",
    );
    const second = await wait(k, 120);
    expect(second.stderr).toBe("");
    expect(second.status).toBe("ok");
    await until(first, ({ stderr }) => stderr.includes("nobody awaits"));
    expect(first.stderr).toMatch(/^Uncaught Uncaught 'no error'|^Uncaught 'no error'/);
    expect(first.stderr).toMatch(/Uncaught Error: in a timer\n {4}at Timeout.* \(?cell-1\.ts:2:26/);
    expect(first.stderr).toMatch(/Unhandled rejection: TypeError: nobody awaits\n {4}at .*cell-1\.ts:3:33/);
    expect(first.stderr).not.toContain("node:internal");
    expect((await k.run("x")).result?.["text/plain"]).toBe("1");
  }));

test("a function of an earlier cell speaks in the cell that calls it", () =>
  withKernel(undefined, async (k) => {
    const first = await k.run("function say(what) { setTimeout(() => console.log(what), 20) }");
    const second = await k.run("say('hello')");
    await until(second, ({ stdout }) => stdout === "hello\n");
    expect(first.stdout).toBe("");
  }));

test("an emitter's listener speaks in the cell whose code emits", () =>
  withKernel(undefined, async (k) => {
    const first = await k.run(
      "import { EventEmitter } from 'node:events'\nconst e = new EventEmitter(); e.on('x', (v) => console.log('got', v)); 0",
    );
    const second = await k.run("e.emit('x', 1); await null; e.emit('x', 2); 0");
    expect(second.stdout).toBe("got 1\ngot 2\n");
    expect(first.stdout).toBe("");
  }));

test("a timer of an interrupted cell that loops for ever can be interrupted in its turn", () =>
  withKernel(undefined, async (k) => {
    const { ran, done } = k.start(
      "setTimeout(() => { console.log('loops'); for (;;); }, 300); console.log('go'); await new Promise(() => {})",
    );
    await until(ran, ({ stdout }) => stdout.includes("go"));
    k.interrupt();
    expect((await done).error?.ename).toBe("Interrupted");
    await until(ran, ({ stdout }) => stdout.includes("loops"));
    // The next cell waits behind the timer; an interrupt while it does frees it.
    const next = k.start("1 + 1");
    await new Promise((resolve) => setTimeout(resolve, 50));
    k.interrupt();
    await next.done;
    expect((await k.run("2 + 2")).result).toEqual({ "text/plain": "4" });
  }));

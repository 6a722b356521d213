import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";

const kill = "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})";

describe("%recover", () => {
  test("runs the lost cells again in their order, without the one that ended the engine and those that failed", () =>
    withKernel(undefined, async (k) => {
      await k.run("let n = 1; const twice = (x: number) => 2 * x; console.log('not said again')");
      await k.run("n = twice(n)");
      await k.run("n = 100; throw new Error('failed')");
      await k.run("n = twice(n) + 1 - 198");
      await k.run("interface P { x: number }; class Point implements P { x = n }");
      expect((await k.run("n")).result).toEqual({ "text/plain": "3" });
      const died = await k.run(`n = 50; ${kill}`);
      expect(died.error?.evalue).toContain("%recover");
      const recovered = await k.run("%recover");
      expect(recovered.error).toBe(undefined);
      expect(recovered.displays.at(-1)?.data["text/plain"]).toBe("Replayed 5 cells: 1-2, 4-6.");
      expect(recovered.stdout).toBe(
        "Left out: 7 (ended the engine), 3 (failed). %recover 3 runs it all the same.\n",
      );
      // 1 → 2 → 2 * 2 - 197: what the failed cell had changed is not there.
      expect((await k.run("[n, new Point().x]")).result?.["text/plain"]).toBe("[ -193, -193 ]");
    }));

  test("makes types known again", () =>
    withKernel(
      undefined,
      async (k) => {
        await k.run("const twice = (x: number) => 2 * x");
        await k.run(kill);
        await k.run("%recover");
        expect((await k.run("const s: string = twice(2)")).stderr).toMatch(/not assignable to type 'string'/);
      },
      { types: true },
    ));

  test("is there after a second death, and after one between cells", () =>
    withKernel(undefined, async (k) => {
      await k.run("let n = 1");
      await k.run(kill);
      await k.run("%recover");
      const { ran, done } = k.start("n++; setTimeout(() => process.exit(3), 20)");
      await done;
      while (!ran.stderr.includes("process.exit(3)")) await sleep(5);
      expect(ran.stderr).toContain("%recover");
      // Without the timer, which would end it again.
      expect((await k.run("%recover")).stdout).toMatch(/Left out: .*4 \(ended the engine\)/);
      expect((await k.run("n")).result).toEqual({ "text/plain": "1" });
      expect((await k.run("%recover 4\nn")).result).toEqual({ "text/plain": "2" });
    }));

  test("stops at a cell that fails, with its number, and goes on there", () =>
    withKernel(undefined, async (k) => {
      await k.run("let a = 1");
      await k.run("if (require('fs').existsSync('absent')) throw new Error('not now'); let b = 2");
      await k.run("let c = 3");
      await k.run("require('fs').writeFileSync('absent', '')");
      await k.run(kill);
      const stopped = await k.run("%recover");
      expect(stopped.error?.evalue).toBe("not now");
      expect(stopped.stderr).toBe("Cell 2 failed; 2-4 not replayed. not now\n");
      expect((await k.run("typeof a + typeof c")).result?.["text/plain"]).toBe("'numberundefined'");
      await k.run("require('fs').rmSync('absent')");
      expect((await k.run("%recover")).displays.at(-1)?.data["text/plain"]).toBe("Replayed 3 cells: 2-4.");
      expect((await k.run("a + b + c")).result).toEqual({ "text/plain": "6" });
    }));

  test("replays the cells that are named, and lists all", () =>
    withKernel(undefined, async (k) => {
      expect((await k.run("%recover")).stdout).toBe("Nothing is lost: what the cells declared is there.\n");
      await k.run("var a = 'a'");
      await k.run("var b = 'b'");
      await k.run("var c = 'c'");
      await k.run("throw 1");
      await k.run(kill);
      expect((await k.run("%recover --list")).stdout).toBe(
        [
          "  2  ran, lost         var a = 'a'",
          "  3  ran, lost         var b = 'b'",
          "  4  ran, lost         var c = 'c'",
          "  5  failed, lost      throw 1",
          `  6  ended the engine  ${kill.slice(0, 59)}…`,
          "",
        ].join("\n"),
      );
      await k.run("%recover 2 4");
      expect((await k.run("[typeof a, typeof b, typeof c].join()")).result?.["text/plain"]).toBe(
        "'string,undefined,string'",
      );
      expect((await k.run("%recover 99")).error?.evalue).toMatch(/No cell 99 has run/);
      expect((await k.run("%recover all")).error?.evalue).toMatch(/does not name cells/);
    }));

  test("forgets with a restart", () =>
    withKernel(undefined, async (k) => {
      await k.run("let a = 1");
      await k.restart();
      expect((await k.run("%recover --list")).stdout).toMatch(/No cell has run/);
    }));

  test("ends with an interrupt, and keeps what is left for later", () =>
    withKernel(undefined, async (k) => {
      await k.run("let a = 1");
      await k.run("await new Promise((r) => setTimeout(r, 400))");
      await k.run("let b = 2");
      await k.run(kill);
      const { ran, done } = k.start("%recover");
      while (!ran.displays.at(-1)?.data["text/plain"]?.toString().includes("cell 2")) await sleep(5);
      await sleep(50);
      k.interrupt();
      expect((await done).error?.ename).toBe("Interrupted");
      await k.run("%recover");
      expect((await k.run("a + b")).result).toEqual({ "text/plain": "3" });
    }));
});

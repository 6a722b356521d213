import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";

describe("the queue", () => {
  test("runs cells in order and aborts those behind a failed one", () =>
    withKernel(undefined, async (k) => {
      const sources = [
        "await 1; console.log('a')",
        "throw new Error('b')",
        "console.log('c')",
        "console.log('d')",
      ];
      const ran = await Promise.all(sources.map((source) => k.run(source)));
      expect(ran.map(({ status, number }) => [status, number])).toEqual([
        ["ok", 1],
        ["error", 2],
        ["aborted", 2],
        ["aborted", 2],
      ]);
      const on = k.start("throw 1", false);
      const after = k.run("5");
      await on.done;
      expect((await after).result).toEqual({ "text/plain": "5" });
    }));

  test("evaluates an expression before the next cell", () =>
    withKernel(undefined, async (k) => {
      const first = k.run("let x = 1");
      const second = k.run("x = 2");
      await first;
      expect(await k.kernel.expression("x")).toEqual({ data: { "text/plain": "1" } });
      await second;
      expect(await k.kernel.expression("{a: x}")).toEqual({ data: { "text/plain": "{ a: 2 }" } });
      expect(await k.kernel.expression("nope")).toMatchObject({ error: { ename: "ReferenceError" } });
      expect(await k.kernel.history({ hist_access_type: "tail", n: 10 })).toEqual([
        [1, 1, "let x = 1"],
        [1, 2, "x = 2"],
      ]);
      await k.run("41");
      await k.kernel.expression("x");
      expect((await k.run("_")).result).toEqual({ "text/plain": "41" });
    }));
});

describe("magics", () => {
  test("unknown ones and unknown options are errors of the cell", () =>
    withKernel(undefined, async (k) => {
      expect((await k.run("%%pyton\n1")).error).toMatchObject({
        ename: "UnknownMagic",
        evalue: expect.stringContaining("The nearest name is %%python."),
      });
      expect((await k.run("%%parallel --forec x of [1]\nx")).error?.evalue).toContain(
        "The nearest one is --force.",
      );
      expect((await k.run("%%parallel --help")).stdout).toContain("--force");
    }));

  test("line magics run among the statements", () =>
    withKernel(undefined, async (k) => {
      const ran = await k.run("console.log('before')\n%config\nconsole.log('after')\nthrow new Error('x')");
      expect(ran.stdout).toMatch(/^before\ncheck = warn .*\n(.*\n)*after\n$/);
      expect(ran.error?.traceback.at(-1)).toBe("    at cell-1.ts:4:7");
      expect((await k.run("%lsmagic")).stdout).toMatch(/%config \[check = off\|warn\|strict\].*%%rust/s);
      expect((await k.run("%config chek = off")).error?.evalue).toContain("The nearest name is check.");
      expect((await k.run("%config check = loud")).error?.evalue).toContain("one of off, warn, strict");
    }));
});

test("a cell with line magics is complete when its TypeScript is", () =>
  withKernel(undefined, async ({ kernel }) => {
    const status = async (text: string) => (await kernel.isComplete(text)).status;
    expect(await status("%sh echo '(")).toBe("complete");
    expect(await status("!git status")).toBe("complete");
    expect(await status("%who\nconst a = 1")).toBe("complete");
    expect(await status("%who\nif (a) {")).toBe("incomplete");
    expect(await status("%nope")).toBe("invalid");
    expect(await status("%%sh\nls")).toBe("unknown");
  }));

test("a command that is TypeScript too is hinted at", () =>
  withKernel(undefined, async (k) => {
    expect((await k.run("1\n!pwd")).error?.traceback.at(-1)).toBe("To run a command write: %sh pwd");
    expect((await k.run("!nope.x && other")).error?.traceback.at(-1)).toBe(
      "To run a command write: %sh nope.x && other",
    );
    expect((await k.run("nope")).error?.traceback.join()).not.toContain("%sh");
  }));

describe("completion of magics", () => {
  test("names and options", () =>
    withKernel(undefined, async ({ kernel }) => {
      const texts = async (text: string) =>
        (await kernel.complete(text, text.length)).matches.map((one) => one.text);
      expect(await texts("%%par")).toEqual(["%%parallel"]);
      expect(await texts("x\n%ls")).toEqual(["%lsmagic"]);
      expect(await texts("%%parallel --fo")).toEqual(["--force"]);
      expect(await kernel.complete("%%parallel --fo", 15)).toMatchObject({ start: 11, end: 15 });
      expect(await texts("%%nope --fo")).toEqual([]);
      expect(await texts("f()\n%lsmagic --h")).toEqual(["--help"]);
      expect(await texts("%%rust\n%ls")).toEqual([]);
    }));

  test("help at the cursor", () =>
    withKernel(undefined, async ({ kernel }) => {
      expect(await kernel.inspect("%%parallel --force x of y", 4)).toMatchObject({
        signature: expect.stringContaining("%%parallel [options] pattern of expression"),
        documentation: expect.stringContaining("--retries"),
      });
      expect(await kernel.inspect("%%parallel --force x of y", 14)).toMatchObject({ signature: "--force" });
      expect((await kernel.inspect("1\n%lsmagic", 4))?.signature).toBe("%lsmagic");
      expect(await kernel.inspect("%nope", 2)).toBeUndefined();
    }));

  test("a question mark asks for the same as --help", () =>
    withKernel(undefined, async (k) => {
      const { stdout } = await k.run("%%bench --help");
      expect(stdout).toContain("--budget");
      expect((await k.run("%%bench?")).stdout).toBe(stdout);
      const line = await k.run("%lsmagic?");
      expect(line.stdout).toMatch(/^%lsmagic\nList all magics\./);
      expect((await k.run("%lsmagic --help")).stdout).toBe(line.stdout);
      expect((await k.run("%lsmagic --hlep")).error?.evalue).toContain("The nearest one is --help.");
    }));
});

describe("an interrupt", () => {
  test("aborts what waits", () =>
    withKernel(undefined, async (k) => {
      const { ran, done } = k.start("console.log('go'); await new Promise(() => {})");
      const waiting = k.run("1");
      while (!ran.stdout) await sleep(5);
      k.interrupt();
      expect((await done).error?.ename).toBe("Interrupted");
      expect((await waiting).status).toBe("aborted");
    }));
});

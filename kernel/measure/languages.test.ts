import { describe, expect, it } from "vitest";
import { type Ran, withKernel } from "../../test/kernel.ts";
import { hasPython } from "../../test/python.ts";
import { hasRust } from "../../test/rust-kernel.ts";
import { type BenchResult, readTiming, timingMime } from "./result.ts";

/** The measured result that a cell shows. */
function shown(ran: Ran): BenchResult {
  expect(ran.error).toBeUndefined();
  const read = readTiming(JSON.parse(JSON.stringify(ran.displays.at(-1)?.data[timingMime])));
  if (!read.ok) throw new Error(read.why);
  return read.result;
}

/** Options for runs that are short: what they find is not claimed by these tests. */
const short = "--rounds 6 --budget 4s --precision 100%";

describe.skipIf(!hasPython)("%%bench over Python", () => {
  it("repeats one call of a Python function inside Python, anything else from here", async () => {
    await withKernel(undefined, async (k) => {
      await k.run("%%python\ndef total(n: int) -> int:\n    return sum(range(n))");
      const ran = await k.run(
        [
          `%%bench ${short}`,
          "const n = 20_000",
          "typescript: { let sum = 0; for (let i = 0; i < n; i++) sum += i; sum }",
          "python: py.total(n)",
          "awaited: await py.total(n)",
          "twice: { await py.total(1); await py.total(n) }",
        ].join("\n"),
      );
      const result = shown(ran);
      expect(result.difference).toBeNull();
      expect(result.sides.map(({ name, loop }) => [name, loop])).toEqual([
        ["typescript", "typescript"],
        ["python", "python"],
        ["awaited", "python"],
        ["twice", "typescript"],
      ]);
      const [typescript, python] = result.sides;
      expect(typescript?.overhead).toBeUndefined();
      // A call crosses to another process and back: that takes time, on any machine.
      expect(python?.overhead?.value).toBeGreaterThan(0);
      expect(python?.cpu).toBeGreaterThan(0);
      expect(result.versions).toMatchObject({ CPython: expect.stringMatching(/^3\.\d+/) });
    });
  });

  it("tells Python's collections, memory and start", async () => {
    await withKernel(undefined, async (k) => {
      // Each object is a cycle, which only the collector frees.
      await k.run(
        "%%python\ndef cycles() -> float:\n    for _ in range(5000):\n        a = []\n        a.append(a)\n    return 1.0",
      );
      const ran = await k.run(`%%bench ${short} --cold\npython: py.cycles()\nts: 1`);
      const [python, ts] = shown(ran).sides;
      expect(python?.collections?.count).toBeGreaterThan(0);
      expect(python?.collections?.seconds).toBeGreaterThan(0);
      expect(ts?.resident).toBeGreaterThan(1e6);
      if (process.platform === "linux") {
        expect(python?.resident).toBeGreaterThan(1e6);
        expect(python?.start).toBeGreaterThan(0);
        expect(ran.displays.at(-1)?.data["text/plain"]).toMatch(
          /Cold, .*python .*, in an interpreter that starts in/,
        );
      }
    });
  });

  it("names the first difference between the languages", async () => {
    await withKernel(undefined, async (k) => {
      await k.run("%%python\ndef means():\n    return {'rows': [1, 2.5]}");
      const result = shown(await k.run(`%%bench ${short}\nts: ({ rows: [1, 2.25] })\npython: py.means()`));
      expect(result.difference).toMatchObject({ path: ".rows[1]", leftValue: "2.25", rightValue: "2.5" });
    });
  });

  it("fails with Python's own error where a side raises", async () => {
    await withKernel(undefined, async (k) => {
      await k.run("%%python\ndef bad():\n    return 1 / 0");
      const ran = await k.run(`%%bench ${short}\nts: 1\npython: py.bad()`);
      expect(ran.error?.evalue).toContain("division by zero");
    });
  });

  it("stops Python when interrupted, and keeps what was measured", async () => {
    await withKernel(undefined, async (k) => {
      await k.run("%%python\nimport time\ndef slow():\n    time.sleep(0.05)");
      const { ran, done } = k.start("%%bench --budget 60s --rounds 300\nts: undefined\npython: py.slow()");
      while (!/^Round [4-9]/.test(String(ran.displays[0]?.data["text/plain"]))) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      k.interrupt();
      await done;
      expect(ran.error?.ename).toBe("Interrupted");
      expect(ran.displays.at(-1)?.data[timingMime]).toMatchObject({ conditions: { ended: "interrupt" } });
      await k.run("%%python --out still\nstill = 5");
      expect((await k.run("still")).result?.["text/plain"]).toMatch(/^5/);
    });
  });
});

describe("%%bench over parallel code", () => {
  it("waits for each run, and counts the processor time of all workers", async () => {
    await withKernel(undefined, async (k) => {
      const ran = await k.run(
        [
          `%%bench ${short}`,
          "const items = [1, 2, 3, 4]",
          "const work = (n: number) => { let x = n; for (let i = 0; i < 2e6; i++) x = (x * 31 + i) % 1009; return x }",
          "sequential: items.map(work)",
          "parallel: pmap(items, work, { force: true })",
        ].join("\n"),
      );
      const result = shown(ran);
      expect(result.difference).toBeNull();
      expect(result.sides.map(({ name, loop }) => [name, loop])).toEqual([
        ["sequential", "typescript"],
        ["parallel", "typescript"],
      ]);
      const [sequential, parallel] = result.sides;
      // The same work on other threads: their time is in the figure.
      expect(parallel?.cpu).toBeGreaterThan((sequential?.cpu ?? 0) / 2);
      expect(ran.stdout + ran.stderr).toBe("");
    });
  });
});

const fibInRust = "pub fn fib(n: u32) -> u64 { if n < 2 { n as u64 } else { fib(n - 1) + fib(n - 2) } }";

describe.skipIf(!hasRust)("%%bench over Rust", () => {
  it("repeats one call of a Rust function inside Rust, anything else from here", async () => {
    await withKernel(undefined, async (k) => {
      await k.run(`%%rust\n${fibInRust}`);
      const ran = await k.run(
        [
          `%%bench ${short}`,
          "const n = 15",
          "typescript: { const f = (n: number): number => (n < 2 ? n : f(n - 1) + f(n - 2)); f(n) }",
          "rust: fib(n)",
          "threaded: fib.async(n)",
          "twice: fib(n) + 0n",
        ].join("\n"),
      );
      const result = shown(ran);
      expect(result.difference).toBeNull();
      expect(result.sides.map(({ name, loop }) => [name, loop])).toEqual([
        ["typescript", "typescript"],
        ["rust", "rust"],
        ["threaded", "typescript"],
        ["twice", "typescript"],
      ]);
      expect(result.sides[1]?.overhead).toBeDefined();
      expect(result.versions).toMatchObject({ rustc: expect.stringMatching(/^1\.\d+\.\d+.*, O3$/) });
    });
  });

  it("takes a function and its arguments from bench({…}), too", async () => {
    await withKernel(undefined, async (k) => {
      await k.run(`%%rust --as native\n${fibInRust}`);
      const ran = await k.run(
        'await bench({ list: [native.fib, 10], arrow: () => native.fib(10) }, { rounds: 6, budget: "2s", precision: "100%" }); 0',
      );
      expect(shown(ran).sides.map(({ loop }) => loop)).toEqual(["rust", "typescript"]);
    });
  });

  it("fails with the panic's message where a side panics", async () => {
    await withKernel(undefined, async (k) => {
      await k.run('%%rust\npub fn boom() -> u32 { panic!("no luck") }');
      const ran = await k.run(`%%bench ${short}\nts: 1\nrust: boom()`);
      expect(ran.error?.evalue).toContain("no luck");
    });
  });
});

describe("%%bench without Python and Rust", () => {
  it("says what is missing and how to get it, and measures the rest", async () => {
    const { PATH, CARGO_HOME } = process.env;
    // Processes started from here on find no interpreter and no compiler.
    Object.assign(process.env, { PATH: "/nonexistent", CARGO_HOME: "/nonexistent" });
    try {
      await withKernel(undefined, async (k) => {
        const cell = await k.run(`%%rust\n${fibInRust}`);
        expect(cell.error?.evalue).toContain("no Rust compiler was found");
        const result = shown(await k.run(`%%bench ${short}\npython: py.f(3)\nrust: fib(3)\ntypescript: 3`));
        expect(result.notRun).toEqual([
          { name: "python", why: expect.stringMatching(/No Python was found.*Install it/s) },
          { name: "rust", why: expect.stringMatching(/no Rust compiler was found.*Install Rust with/s) },
        ]);
        expect(result.sides.map(({ name }) => name)).toEqual(["typescript"]);
      });
    } finally {
      process.env.PATH = PATH;
      if (CARGO_HOME === undefined) delete process.env.CARGO_HOME;
      else process.env.CARGO_HOME = CARGO_HOME;
    }
  });
});

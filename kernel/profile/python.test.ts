import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ran, TestKernel } from "../../test/kernel.ts";
import { chartMime, readChart } from "../display/chart/spec.ts";
import { findPythons } from "../python/find.ts";
import { type Calls, hottest, mergeCalls } from "./calls.ts";
import { readStacks } from "./python-stacks.ts";

const around = { folder: "/home/me/work", bundles: "/opt/tandem/dist" };
const read = (text: string): Calls => mergeCalls(readStacks(text, 100, around));

describe("what a sampler saw of Python", () => {
  it("is named by cells, own files and packages, without the runner's frames", () => {
    const below =
      "<module> (/opt/tandem/dist/runner/__main__.py:3);serve (/opt/tandem/dist/runner/tandem_runner/runner.py:70);";
    const { root } = read(
      [
        `${below}<module> (cell-4.py:1);fib (cell-4.py:2);fib (cell-4.py:2) 150`,
        `${below}<module> (cell-4.py:1);fib (cell-4.py:2) 50`,
        `${below}<module> (cell-4.py:1);load (/home/me/work/lib/data.py:9);loads (/usr/lib/python3.12/json/__init__.py:299) 25`,
        `${below}<module> (cell-4.py:1);dot (/home/me/.venv/lib/python3.12/site-packages/numpy/core.py:1) 25`,
        "not a stack",
      ].join("\n"),
    );
    expect(
      hottest(root).map(({ label, place, self, total }) => `${label} ${place} ${self} ${total}`),
    ).toEqual([
      "fib cell-4.py:2 2 2",
      "loads json.__init__ 0.25 0.25",
      "dot numpy 0.25 0.25",
      "cell 4 cell-4.py:1 0 2.5",
      "load lib/data.py:9 0 0.25",
    ]);
  });
});

/** The tests' own environment has py-spy; without it the interpreter that cells use is taken. */
const ours = join(import.meta.dirname, "..", "..", ".cache", "python", "bin", "python");
const [python] = await findPythons(existsSync(ours) ? ours : undefined, {
  folder: "/",
  env: process.env,
  platform: process.platform,
});
const hasPySpy = python !== undefined && existsSync(join(dirname(python.file), "py-spy"));

const notes = (ran: Ran): string => {
  expect(ran.error).toBeUndefined();
  const chart = readChart(ran.displays[0]?.data[chartMime]);
  return (chart.ok && chart.spec.type === "bars" ? chart.spec.notes : undefined)?.join(" ") ?? "";
};

const CELL = `%%python
import time
def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)
def work(seconds: float) -> float:
    end = time.monotonic() + seconds
    while time.monotonic() < end: fib(15)
    return seconds`;

describe.skipIf(!python)("a profile of a cell that waits for Python", () => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-profile-python-"));
  let k: TestKernel;
  const before = { TANDEM_PYTHON: process.env.TANDEM_PYTHON, PATH: process.env.PATH };
  /** All that is on PATH in one test. */
  const beside = join(folder, "bin");
  beforeAll(async () => {
    mkdirSync(beside);
    if (python) process.env.TANDEM_PYTHON = python.file;
    k = new TestKernel(folder);
    expect((await k.run(CELL)).error).toBeUndefined();
  });
  afterAll(async () => {
    await k.close();
    Object.assign(process.env, before);
    if (before.TANDEM_PYTHON === undefined) delete process.env.TANDEM_PYTHON;
    rmSync(folder, { recursive: true, force: true });
  });

  it.skipIf(!hasPySpy)("shows Python's hot functions, by py-spy", async () => {
    const ran = await k.run("%%profile --out found\nawait py.work(0.6)");
    expect(notes(ran)).toMatch(/% of the time it waited, [\d.]+ ms of it on Python\.$/);
    const charts = ran.displays.map(({ data }) => readChart(data[chartMime]));
    expect(charts.map((chart) => chart.ok && chart.spec.type)).toEqual(["bars", "flame", "bars", "flame"]);
    const [, , hot, flame] = charts;
    if (!hot?.ok || hot.spec.type !== "bars" || !flame?.ok || flame.spec.type !== "flame")
      throw new Error("charts");
    expect(hot.spec.title).toMatch(
      /^Python: fib \(cell-1\.py:3\) took \d+ % of the [\d.]+ m?s in which Python worked\.$/,
    );
    expect(flame.spec.frames.map(({ label, kind, depth }) => `${depth} ${label} ${kind}`)).toEqual(
      expect.arrayContaining(["0 work Python", "1 fib Python"]),
    );
    const found = await k.run(
      "[found.pythonFunctions[0].label, found.pythonFunctions[0].self > 0.1, found.python > 0.5].join()",
    );
    expect(found.result?.["text/plain"]).toBe("'fib,true,true'");
  });

  it.skipIf(!hasPySpy)("of an interrupted cell leaves no sampler behind", async () => {
    const { done } = k.start("%%profile\nawait py.work(30)");
    setTimeout(() => k.interrupt(), 1500);
    expect((await done).status).toBe("error");
    expect(notes(await k.run("%%profile\nawait py.work(0.2)"))).toContain("on Python");
  });

  it("says how to get py-spy, and what to do where it may not look or fails", async () => {
    if (!python) return;
    const own = join(folder, "own");
    execFileSync(python.file, ["-m", "venv", "--without-pip", own]);
    const plain = new TestKernel(folder);
    try {
      process.env.PATH = beside;
      symlinkSync("/bin/sh", join(beside, "sh"));
      const fake = (said: string) =>
        writeFileSync(join(beside, "py-spy"), `#!/bin/sh\necho "${said}" >&2\nexit 1\n`, { mode: 0o755 });
      process.env.TANDEM_PYTHON = own;
      expect((await plain.run(CELL)).error).toBeUndefined();
      const cell = "%%profile\nawait py.work(0.2)";
      expect(notes(await plain.run(cell))).toContain(
        "Install it with %pip install py-spy and profile again.",
      );
      fake("Permission Denied: Try running again with elevated permissions");
      expect(notes(await plain.run(cell))).toMatch(/does not let py-spy look[\s\S]*(SYS_PTRACE|sudo)/);
      fake("Failed to find python version");
      expect(notes(await plain.run(cell))).toContain("py-spy says: Failed to find python version");
      // A cell that does not wait for Python needs none of it.
      expect(
        notes(await plain.run("%%profile\nlet x = 0; for (let i = 0; i < 3e7; i++) x += i;")),
      ).not.toContain("py-spy");
    } finally {
      process.env.PATH = before.PATH;
      await plain.close();
    }
  });
});

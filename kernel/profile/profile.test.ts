import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ran, TestKernel } from "../../test/kernel.ts";
import { chartMime, readChart, type SpecOf } from "../display/chart/spec.ts";

const folder = mkdtempSync(join(tmpdir(), "tandem-profile-"));
let k: TestKernel;
beforeAll(async () => {
  k = new TestKernel(folder);
  await k.run(`function spin(ms: number): number {
  const end = performance.now() + ms;
  let n = 0;
  while (performance.now() < end) n += Math.sqrt(n);
  return n;
}
const hot = () => spin(150);
const cool = () => spin(20);`);
});
afterAll(async () => {
  await k.close();
  rmSync(folder, { recursive: true });
});

/** The two charts of a profile: its hot functions, and its flames. */
function charts(ran: Ran): { hot: SpecOf<"bars">; flame: SpecOf<"flame"> } {
  expect(ran.error).toBeUndefined();
  const [hot, flame] = ran.displays.map(({ data }) => readChart(data[chartMime]));
  if (!hot?.ok || hot.spec.type !== "bars") throw new Error("There are no bars.");
  if (!flame?.ok || flame.spec.type !== "flame") throw new Error("There are no flames.");
  return { hot: hot.spec, flame: flame.spec };
}

describe("a profile of a cell", () => {
  it("names the hottest function with its cell and line, and what there is to win", async () => {
    const ran = await k.run(
      "%%profile\nhot();\ncool();\nawait new Promise((done) => setTimeout(done, 60));\nspin(30);\n'done'",
    );
    const { hot, flame } = charts(ran);
    expect(hot.title).toMatch(
      /^spin \(cell-1\.ts:1\) took \d+ % of \d+ ms\. If it took no time, the cell would be [\d.]+ times as fast/,
    );
    expect(hot.notes?.join()).toMatch(/^\d+ % of the time it waited\.$/);
    expect(ran.result?.["text/plain"]).toBe("'done'");

    const labels = flame.frames
      .filter(({ kind }) => kind === "cells")
      .map(({ label, depth }) => `${depth} ${label}`);
    expect(labels).toEqual(expect.arrayContaining(["0 cell 2", "1 hot", "2 spin", "1 spin"]));
    expect(flame.frames.filter(({ place }) => place?.includes("engine.cjs"))).toEqual([]);
    for (const { start, end, depth } of flame.frames) {
      const callers = flame.frames.filter(
        (one) => one.depth === depth - 1 && one.start <= start && one.end >= end - 1e-9,
      );
      expect(callers.length, `${start}–${end} at ${depth}`).toBe(depth === 0 ? 0 : 1);
    }
  });

  it("keeps V8's profile beside the notebook, and declares what it found", async () => {
    const ran = await k.run("%%profile --out found --interval 500\nhot()");
    expect(ran.error).toBeUndefined();
    const found = await k.run(
      "[found.of, found.file, ['spin', 'hot'].includes(found.functions[0].label), found.functions[0].self > 0.05, found.total > 0.1, _ === found].join()",
    );
    const file = `.tandem/profiles/cell-${ran.number}.cpuprofile`;
    expect(found.result?.["text/plain"]).toBe(`"time,${file},true,true,true,true"`.replaceAll('"', "'"));
    // What the viewers of VS Code and Chromium read of it.
    const { nodes, samples, timeDeltas, startTime, endTime } = JSON.parse(
      readFileSync(join(folder, file), "utf8"),
    );
    expect([nodes.length > 3, samples.length > 5, timeDeltas.length]).toEqual([true, true, samples.length]);
    expect(endTime).toBeGreaterThan(startTime);
    const ids = new Set(nodes.map(({ id }: { id: number }) => id));
    expect(ids.size).toBe(nodes.length);
    for (const { callFrame, hitCount, children = [] } of nodes) {
      expect(callFrame).toEqual({
        functionName: expect.any(String),
        scriptId: expect.any(String),
        url: expect.any(String),
        lineNumber: expect.any(Number),
        columnNumber: expect.any(Number),
      });
      expect(hitCount).toBeGreaterThanOrEqual(0);
      for (const child of children) expect(ids).toContain(child);
    }
    for (const sample of samples) expect(ids).toContain(sample);
  });

  it("tells modules, packages and Node from cells", async () => {
    writeFileSync(
      join(folder, "work.ts"),
      "export const work = (n: number): string => JSON.stringify(Array.from({ length: n }, (_, i) => ({ i })));\n",
    );
    const ran = await k.run(`%%profile
import { work } from "./work.ts";
import { createHash } from "node:crypto";
const until = performance.now() + 200;
let last = "";
while (performance.now() < until) last = createHash("sha256").update(work(20_000)).digest("hex");`);
    const { flame } = charts(ran);
    const of = (kind: string) =>
      flame.frames.filter((one) => one.kind === kind).map(({ label, place }) => `${label} ${place ?? ""}`);
    expect(of("your modules")).toContain("work work.ts:1");
    expect(of("Node").join()).toMatch(/crypto/);
  });

  it("of the heap names who allocated", async () => {
    const ran = await k.run(
      "%%profile --heap\nfunction fill() { return Array.from({ length: 300_000 }, (_, i) => ({ i, text: 'row ' + i })) }\nconst rows = fill();\nrows.length",
    );
    const { hot, flame } = charts(ran);
    expect(hot.title).toMatch(
      /^(fill|anonymous) \(cell-\d+\.ts:2\) allocated [\d.]+ MB of [\d.]+ MB, \d+ %\.$/,
    );
    expect(flame.value.unit).toBe("B");
    expect(readFileSync(join(folder, `.tandem/profiles/cell-${ran.number}.heapprofile`), "utf8")).toContain(
      "selfSize",
    );
  });

  it("of a cell that fails shows the error alone, and the next one works", async () => {
    const ran = await k.run("%%profile\nspin(20);\nthrow new Error('on line 3')");
    expect(ran.error?.traceback.join("\n")).toMatch(/on line 3[\s\S]*cell-\d+\.ts:3:7/);
    expect(ran.displays).toEqual([]);
    expect((await k.run("%%profile\n1 + 1")).result?.["text/plain"]).toBe("2");
  });

  it("of a cell that is over at once says so", async () => {
    const ran = await k.run("%%profile --interval 100000\n0");
    expect(charts(ran).hot.title).toBe("Nothing was sampled: the cell was over too soon.");
  });

  it("is ended by an interrupt, and another can be taken", async () => {
    const { done } = k.start("%%profile\nwhile (true) spin(1)");
    setTimeout(() => k.interrupt(), 300);
    expect((await done).error?.ename).toBe("Interrupted");
    expect((await k.run("%%profile\nspin(30)")).error).toBeUndefined();
  });

  it("tells how long Python was waited for", async () => {
    await k.run("%%python\nimport time\ndef nap(seconds): time.sleep(seconds)");
    const ran = await k.run("%%profile\nawait py.nap(0.3)");
    expect(charts(ran).hot.notes?.join()).toMatch(
      /^\d+ % of the time it waited, [\d.]+ ms of it on Python\./,
    );
  });
});

import { describe, expect, test } from "vitest";
import { withKernel } from "../../../test/kernel.ts";
import { drawProgress, type Reached } from "./draw.ts";
import { Places } from "./places.ts";
import { Rate } from "./rate.ts";

const reached: Reached = { label: "", done: 450, total: 1000, ms: 3750, rate: 120, state: "running" };
const text = (change: Partial<Reached>) => drawProgress({ ...reached, ...change })["text/plain"];

describe("what it says", () => {
  test.each<[Partial<Reached>, string]>([
    [{}, "45 % █████████░░░░░░░░░░░ 450 of 1,000 · 120/s · 4.6 s left"],
    [{ label: "rows" }, "rows 45 % █████████░░░░░░░░░░░ 450 of 1,000 · 120/s · 4.6 s left"],
    [{ total: undefined }, "450 · 120/s · 3.8 s"],
    [{ done: 0, rate: 0, ms: 0 }, "0 % ░░░░░░░░░░░░░░░░░░░░ 0 of 1,000"],
    [{ done: 999 }, "99 % ███████████████████░ 999 of 1,000 · 120/s · 8.3 ms left"],
    [{ rate: 0.25 }, "45 % █████████░░░░░░░░░░░ 450 of 1,000 · 4.0 s each · 36 min 40 s left"],
    [{ state: "done", done: 1000, ms: 8000 }, "100 % ████████████████████ 1,000 in 8.0 s · 125/s"],
    [{ state: "stopped" }, "45 % █████████░░░░░░░░░░░ stopped at 450 of 1,000 after 3.8 s · 120/s"],
    [{ state: "interrupted", total: undefined }, "interrupted at 450 after 3.8 s · 120/s"],
    [{ done: 1200 }, "100 % ████████████████████ 1,200 of 1,000 · 120/s · 3.8 s"],
    [{ done: 0, total: 0, state: "done", ms: 0 }, "0 in 0.0 ms"],
  ])("%j", (change, says) => expect(text(change)).toBe(says));

  test("in HTML it is a bar with a name, its text escaped, moving only while the loop runs", () => {
    const html = (change: Partial<Reached>) => String(drawProgress({ ...reached, ...change })["text/html"]);
    expect(html({ label: "<a>" })).toBe(
      '<div>&lt;a&gt; <progress aria-label="&lt;a&gt;" style="vertical-align:middle" value="450" max="1000"></progress> 45 % <span>450 of 1,000 · 120/s · 4.6 s left</span></div>',
    );
    expect(html({ total: undefined })).toContain("<progress aria-label");
    expect(html({ total: undefined, state: "done" })).not.toContain("<progress");
  });
});

test("the rate is that of late", () => {
  const rate = new Rate();
  expect(rate.add(100, 1000)).toBeCloseTo(100);
  let now = 0;
  for (let i = 0; i < 30; i++) now = rate.add(10, 1000);
  expect(now).toBeGreaterThan(9.9);
  expect(now).toBeLessThan(12);
});

test("loops in a loop take one place, one after the other; another cell has its own", () => {
  const places = new Places();
  const outer = places.take(1);
  const inner = places.take(1);
  places.free(inner.id);
  expect(places.take(1)).toEqual({ id: inner.id, known: true });
  const beside = places.take(1);
  expect([outer.known, inner.known, beside.known, places.busy]).toEqual([false, false, false, 3]);
  expect(places.take(2).known).toBe(false);
  expect(places.busy).toBe(1);
});

describe("in a cell", () => {
  test("arrays, sets, generators, async ones; by break and by errors", () =>
    withKernel(undefined, async (k) => {
      const last = async (cell: string) => {
        const ran = await k.run(cell);
        return ran.displays.map(({ data }) => String(data["text/plain"]).replace(/ (in|after) .*/, ""));
      };
      const full = "100 % ████████████████████";
      expect(await last("let sum = 0; for (const x of progress([1, 2, 3])) sum += x")).toEqual([`${full} 3`]);
      expect((await k.run("sum")).result).toEqual({ "text/plain": "6" });
      expect(await last("for (const x of progress(new Set(['a', 'b']), { label: 'set' }));")).toEqual([
        `set ${full} 2`,
      ]);
      expect(await last("function* gen() { yield 1; yield 2 }\nfor (const x of progress(gen()));")).toEqual([
        "2",
      ]);
      expect(await last("for (const x of progress(gen(), { total: 4 })) break")).toEqual([
        "0 % ░░░░░░░░░░░░░░░░░░░░ stopped at 0 of 4",
      ]);
      expect(
        await last(
          "async function* later() { yield 1; await null; yield 2 }\nfor await (const x of progress(later()));",
        ),
      ).toEqual(["2"]);
      expect(await last("for (const x of progress([1, 2])) if (x === 2) throw new Error('no')")).toEqual([
        "50 % ██████████░░░░░░░░░░ stopped at 1 of 2",
      ]);
      expect(await last("for (const x of progress(Float64Array.of(1, 2), { clear: true }));")).toEqual([""]);
      expect(await last("[...progress([])]")).toEqual(["0"]);
      expect((await k.run("progress(3 as never)")).error?.evalue).toContain(
        "It was given a number, which cannot be iterated.",
      );
    }));

  test("a hundred thousand fast items are few updates, and a loop in a loop one more output", () =>
    withKernel(undefined, async (k) => {
      const fast = await k.run(
        "let n = 0; for (const x of progress(Array.from({ length: 100_000 }, (_, i) => i))) n += x",
      );
      expect(fast.order.length).toBeLessThan(100);
      const nested = await k.run(
        "for (const a of progress([1, 2, 3])) for (const b of progress([4, 5], { label: 'inner' }));",
      );
      expect(nested.displays.map(({ data }) => String(data["text/plain"]).replace(/ in .*/, ""))).toEqual([
        "100 % ████████████████████ 3",
        "inner 100 % ████████████████████ 2",
      ]);
    }));

  test.each([
    ["a loop that never waits", "for (const x of progress(forever())) Math.sqrt(x)"],
    ["a loop that waits", "for await (const x of progress(slowly())) Math.sqrt(x)"],
  ])("an interrupt of %s leaves its last state", (_what, cell) =>
    withKernel(undefined, async (k) => {
      await k.run(
        "function* forever() { for (let i = 0; ; i++) yield i }\nasync function* slowly() { for (let i = 0; ; i++) { yield i; await new Promise((done) => setTimeout(done, 5)) } }",
      );
      const { ran, done } = k.start(cell);
      while (!ran.order.includes("update")) await new Promise((next) => setTimeout(next, 5));
      k.interrupt();
      expect((await done).error?.ename).toBe("Interrupted");
      expect(ran.displays).toHaveLength(1);
      expect(ran.displays[0]?.data["text/plain"]).toMatch(/^interrupted at [\d,]+ after /);
      const next = await k.run("for (const x of progress([1]));");
      expect(next.displays).toHaveLength(1);
    }),
  );

  test("it is typed", () =>
    withKernel(
      undefined,
      async (k) => {
        await k.run("%config check = strict");
        const good = await k.run(
          "for (const x of progress([1, 2])) x.toFixed()\nfor await (const y of progress((async function* () { yield 'a' })())) y.length",
        );
        expect(good.error).toBeUndefined();
        const bad = await k.run("for (const x of progress([1, 2])) x.length");
        expect(bad.error?.traceback.join("\n")).toContain("length");
      },
      { types: true },
    ));
});

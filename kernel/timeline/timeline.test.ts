import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { Ran } from "../../test/kernel.ts";
import { hasPython } from "../../test/python.ts";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";
import { chartMime, readChart, type SpecOf } from "../display/chart/spec.ts";
import { traceFormat } from "./trace-format.ts";

const { k, folder } = kernelOf();

function kernelOf() {
  const rust = useRustKernel("tandem-timeline-", { types: true, sharedCache: true });
  return { k: () => rust.k, folder: () => rust.folder };
}

const spin =
  "function spin(ms: number) { const end = performance.now() + ms; while (performance.now() < end); return ms }";

async function ok(cell: string): Promise<Ran> {
  const ran = await k().run(cell);
  expect(ran.error?.traceback.join("\n") ?? "", cell).toBe("");
  expect(ran.stderr).toBe("");
  return ran;
}

interface Found {
  wall: number;
  blocked: number;
  dropped: number;
  file: string;
  lanes: { name: string; spans: { name: string; kind: string; start: number; end: number }[] }[];
}

/** Runs a cell under `%%timeline`; what it declares by `--out`. */
async function timeline(body: string, line = "%%timeline --out t"): Promise<{ ran: Ran; found: Found }> {
  const ran = await ok(`${line}\n${body}`);
  const told = await ok("display.text(JSON.stringify(t))");
  return { ran, found: JSON.parse(String(told.displays[0]?.data["text/plain"])) as Found };
}

function gantt(ran: Ran): SpecOf<"gantt"> {
  const read = readChart(ran.displays.at(-1)?.data[chartMime]);
  if (!read?.ok || read.spec.type !== "gantt") throw new Error("There is no Gantt chart.");
  return read.spec;
}

const laneOf = ({ lanes }: Found, name: string) => {
  const lane = lanes.find((one) => one.name === name);
  if (!lane) throw new Error(`There is no lane ${name} among ${lanes.map((one) => one.name).join(", ")}.`);
  return lane.spans;
};
const spanOf = (found: Found, name: string) => {
  const span = found.lanes.flatMap(({ spans }) => spans).find((one) => one.name === name);
  if (!span) throw new Error(`There is no span ${name}.`);
  return span;
};
/** A clock's reading is exact to some tens of ns; what is added and divided since, to less. */
const SLACK = 1e-6;
const encloses = (outer: { start: number; end: number }, inner: { start: number; end: number }) =>
  outer.start <= inner.start + SLACK && outer.end >= inner.end - SLACK;

describe("%%timeline of TypeScript", () => {
  it("has what is marked, with its nesting, and when the host was blocked", async () => {
    await ok(spin);
    const { ran, found } =
      await timeline(`const seven = span("outer", () => { span("inner", () => spin(2)); spin(40); return 7 });
await span("sleeping", () => new Promise((done) => setTimeout(done, 30)));
{ using block = span("block"); spin(1); }
try { span("failing", () => { throw new Error("no") }) } catch {}
await span("rejecting", () => Promise.reject(new Error("no"))).catch(() => {});
span("left open", () => new Promise(() => {}));
seven`);
    expect(ran.result?.["text/plain"]).toBe("7");
    const names = laneOf(found, "TypeScript").map(({ name }) => name);
    expect(names).toEqual(["outer", "inner", "sleeping", "block", "failing", "rejecting", "left open"]);
    expect(encloses(spanOf(found, "outer"), spanOf(found, "inner"))).toBe(true);
    expect(encloses(spanOf(found, `cell ${ran.number}`), spanOf(found, "outer"))).toBe(true);
    const sleeping = spanOf(found, "sleeping");
    expect(sleeping.end - sleeping.start).toBeGreaterThan(0.025);
    // The loop was looked at last up to 2 ms before.
    const outer = spanOf(found, "outer");
    const blocked = laneOf(found, "host blocked");
    expect(blocked.some(({ start, end }) => start <= outer.start + 0.003 && end >= outer.end)).toBe(true);
    expect(found.blocked).toBeGreaterThan(0.03);
    expect(gantt(ran).title).toMatch(/^TypeScript's event loop was blocked for .+ of .+$/);
  });

  it("keeps a file that readers of Chrome's traces take", async () => {
    const { found } = await timeline('span("x", () => spin(1))', "%%timeline --out t My trace");
    expect(found.file).toBe("My trace.trace.json");
    const trace = v.parse(traceFormat, JSON.parse(readFileSync(join(folder(), found.file), "utf8")));
    const x = trace.traceEvents.find((one) => one.ph === "X" && one.name === "x");
    expect(x?.ph === "X" && x.dur).toBeCloseTo((spanOf(found, "x").end - spanOf(found, "x").start) * 1e6, 2);
  });

  it("says what it had no room for, and what name it cannot take", async () => {
    const { ran, found } = await timeline('for (let i = 0; i < 131_172; i++) span("x", () => i);');
    expect(found.dropped).toBe(100);
    expect(gantt(ran).notes).toEqual([
      "100 spans were not kept: a timeline has room for 131,072 of each language.",
    ]);
    for (const name of ["../x", "x --out t"]) {
      const bad = await k().run(`%%timeline ${name}\n1`);
      expect(bad.error?.traceback.join("\n")).toContain("cannot name a file");
    }
  });

  it("is shown of a cell that fails, and the next one starts anew", async () => {
    const failed = await k().run('%%timeline\nspan("before", () => 1);\nthrow new Error("on purpose")');
    expect(failed.error?.traceback.join("\n")).toContain("on purpose");
    expect(gantt(failed).lanes.map(({ name }) => name)).toContain("TypeScript");
    const { found } = await timeline("1");
    expect(found.lanes.map(({ name }) => name)).not.toContain("TypeScript");
  });

  it("is shown of a cell that is interrupted, and ends with an engine that dies", async () => {
    const looping = k().start(
      '%%timeline\nspan("before", () => 1);\nconsole.log("loops");\nspan("loop", () => { for (;;); })',
    );
    while (!looping.ran.stdout.includes("loops")) await new Promise((done) => setTimeout(done, 10));
    k().interrupt();
    const interrupted = await looping.done;
    expect(interrupted.status).not.toBe("ok");
    const shown = gantt(interrupted).lanes.find(({ name }) => name === "TypeScript");
    expect(shown?.spans.map(({ label }) => label)).toEqual(["before", "loop"]);

    const died = await k().run("%%timeline\nprocess.kill(process.pid, 'SIGKILL')");
    expect(died.status).toBe("error");
    expect(died.displays).toEqual([]);
    const { found } = await timeline('span("again", () => 1)');
    expect(laneOf(found, "TypeScript").map(({ name }) => name)).toEqual(["again"]);
    await ok(spin);
  });

  it("costs nothing where nothing is recorded: spans run what they mark", async () => {
    const { result } = await ok('using s = span("x"); [span("a", () => 1), await span("b", async () => 2)]');
    expect(result?.["text/plain"]).toBe("[ 1, 2 ]");
  });
});

describe("%%timeline of workers", () => {
  it("has a lane for each, with its phases and what the items mark", async () => {
    const { found } = await timeline(
      `await span("pmap", () => pmap([10, 20, 30, 40], (ms) => span("item of " + ms, () => spin(ms)), { n: 2, force: true }))`,
    );
    const workers = found.lanes.filter(({ name }) => name.startsWith("worker "));
    expect(workers.length).toBe(2);
    const all = workers.flatMap(({ spans }) => spans);
    for (const ms of [10, 20, 30, 40]) {
      const item = spanOf(found, `item of ${ms}`);
      expect(all.some((one) => /^items? \d/.test(one.name) && encloses(one, item))).toBe(true);
      expect(encloses(spanOf(found, "pmap"), item)).toBe(true);
    }
  });

  it("%%parallel --trace has the items' spans too", async () => {
    const ran = await ok('%%parallel -n 2 --force --trace x of [1, 2, 3]\nspan("deep", () => spin(x))');
    const trace = v.parse(
      traceFormat,
      JSON.parse(readFileSync(join(folder(), `parallel-${ran.number}.trace.json`), "utf8")),
    );
    expect(trace.traceEvents.filter((one) => one.ph === "X" && one.name === "deep").length).toBe(3);
  });
});

describe.skipIf(!hasRust)("%%timeline of Rust", () => {
  it("has threads, rayon's workers and tokio's tasks, within the call that TypeScript marks", async () => {
    await ok(`%%rust --dep rayon=1 --dep tokio=1
use rayon::prelude::*;
use std::{thread, time::Duration};
pub fn threads() {
    let _all = tandem::span!("all");
    thread::scope(|s| for name in ["left", "right"] {
        thread::Builder::new().name(name.into()).spawn_scoped(s, move || {
            let _part = tandem::span!(if name == "left" { "part left" } else { "part right" });
            thread::sleep(Duration::from_millis(20));
        }).unwrap();
    });
}
pub fn quiet() { thread::sleep(Duration::from_millis(5)); }
pub fn pool(n: u32) -> u32 {
    (0..n).into_par_iter().map(|i| { let _item = tandem::span!("rayon item"); thread::sleep(Duration::from_millis(2)); i }).sum()
}
async fn task(ms: u64) { let _inside = tandem::span!("inside a task"); tokio::time::sleep(Duration::from_millis(ms)).await; }
pub async fn tasks() {
    let one = tokio::spawn(tandem::spanned("one", task(20)));
    let two = tokio::spawn(tandem::spanned("two", task(30)));
    let _ = (one.await, two.await);
}`);
    const { found } = await timeline(`span("threads()", () => threads());
span("pool()", () => pool(16));
await span("tasks()", () => tasks());
await span("quiet.async()", () => quiet.async());`);
    // What is called in place runs on the thread that asks for the spans.
    expect(laneOf(found, "Rust main thread").map(({ name }) => name)).toContain("all");
    const [left] = laneOf(found, "Rust left");
    const [right] = laneOf(found, "Rust right");
    expect(left && right && Math.max(left.start, right.start) < Math.min(left.end, right.end)).toBe(true);
    for (const name of ["all", "part left", "part right"])
      expect(encloses(spanOf(found, "threads()"), spanOf(found, name)), name).toBe(true);
    expect(encloses(spanOf(found, "all"), spanOf(found, "part right"))).toBe(true);

    const items = found.lanes.flatMap(({ spans }) => spans).filter(({ name }) => name === "rayon item");
    expect(items.length).toBe(16);
    for (const item of items) expect(encloses(spanOf(found, "pool()"), item)).toBe(true);

    for (const name of ["one", "two"]) {
      const lane = laneOf(found, `Rust ${name}`);
      const inside = lane.find((one) => one.name === "inside a task");
      const waited = lane.find((one) => one.kind === "wait" && one.end - one.start > 0.015);
      expect(inside && waited && encloses(inside, waited), name).toBe(true);
      for (const one of lane) expect(encloses(spanOf(found, "tasks()"), one)).toBe(true);
    }
    // Calls are there without being marked, on whichever thread.
    const called = laneOf(found, "Rust main thread").find(({ name }) => name === "threads");
    expect(called && encloses(spanOf(found, "threads()"), called)).toBe(true);
    expect(called && encloses(called, spanOf(found, "all"))).toBe(true);
    const [elsewhere] = laneOf(found, "Rust .async");
    expect(elsewhere?.name).toBe("quiet");
    expect(elsewhere && encloses(spanOf(found, "quiet.async()"), elsewhere)).toBe(true);
    // By the calls in place.
    const blocked = laneOf(found, "host blocked");
    expect(blocked.some((one) => one.end - one.start > 0.015)).toBe(true);
    // Two crates with all that they need are compiled, or waited for.
  }, 180_000);
});

describe.skipIf(!hasRust || !hasPython)("%%timeline of Rust in Python", () => {
  it("has what Rust marks in the interpreter's process, within what Python marks", async () => {
    await ok(`%%rust
pub fn from_python() {
    let _here = tandem::span!("here");
    let mark = || { let _there = tandem::span!("there"); std::thread::sleep(std::time::Duration::from_millis(5)); };
    std::thread::spawn(mark).join().unwrap();
}`);
    await ok(`%%python
import tandem, tandem_rust
def through():
    with tandem.span("around"):
        tandem_rust.from_python()`);
    const { found } = await timeline('await span("py.through()", () => py.through())');
    expect(laneOf(found, "Python (Rust) main thread").map(({ name }) => name)).toEqual(["here"]);
    expect(laneOf(found, "Python (Rust) thread 1").map(({ name }) => name)).toEqual(["there"]);
    for (const [outer, inner] of [
      ["py.through()", "around"],
      ["around", "here"],
      ["here", "there"],
    ] as const)
      expect(encloses(spanOf(found, outer), spanOf(found, inner)), `${outer} and ${inner}`).toBe(true);
  });
});

describe.skipIf(!hasPython)("%%timeline of Python", () => {
  it("has threads and asyncio's tasks, within the call that TypeScript marks", async () => {
    await ok(`%%python
import asyncio, threading, time, tandem
def step(name):
    with tandem.span(f"step {name}"):
        time.sleep(0.02)
def threads():
    both = [threading.Thread(target=step, args=(n,), name=n) for n in ("left", "right")]
    for t in both: t.start()
    for t in both: t.join()
async def nap(name):
    with tandem.span(f"nap {name}"):
        await asyncio.sleep(0.02)
async def tasks():
    await asyncio.gather(*(asyncio.create_task(nap(n), name=n) for n in ("a", "b")))`);
    const { found } = await timeline(
      'await span("py.threads()", () => py.threads()); await span("py.tasks()", () => py.tasks())',
    );
    const [left] = laneOf(found, "Python left");
    const [right] = laneOf(found, "Python right");
    expect(left && right && left.start < right.end && right.start < left.end).toBe(true);
    const main = laneOf(found, "Python MainThread").map(({ name }) => name);
    expect(main).toContain("threads");
    for (const name of ["threads", "step left", "step right"])
      expect(encloses(spanOf(found, "py.threads()"), spanOf(found, name)), name).toBe(true);
    expect(encloses(spanOf(found, "threads"), spanOf(found, "step left"))).toBe(true);
    expect(laneOf(found, "Python task a").map(({ name }) => name)).toEqual(["nap a"]);
    expect(encloses(spanOf(found, "py.tasks()"), spanOf(found, "nap b"))).toBe(true);
    // What marks works in other processes too, whose spans nobody sees.
    const child = await ok(`%%python
from multiprocessing import get_context
def child(out):
    step("there")
    out.put("done")
out = get_context("spawn").Queue()
one = get_context("spawn").Process(target=child, args=(out,))
one.start()
[out.get(timeout=30), one.join()][0]`);
    expect(child.result?.["text/plain"]).toBe("'done'");
  });
});

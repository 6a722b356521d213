import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { hasPython } from "../../test/python.ts";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";
import { pythonOf } from "../../test/rust-python.ts";

describe.skipIf(!hasRust || !hasPython)("tandem_rust", () => {
  const rust = useRustKernel("tandem-rust-python-");
  const { define } = rust;
  const { value, raised } = pythonOf(rust);

  describe("calls", () => {
    beforeAll(async () => {
      await define(`
pub fn wait(ms: u64) { std::thread::sleep(std::time::Duration::from_millis(ms)) }
pub fn each(n: u32, visit: impl Fn(u32) -> i64) -> i64 { (0..n).map(|n| visit(n)).sum() }
pub fn both(f: Box<dyn Fn(u32) -> i64 + Send + Sync>) -> i64 {
    std::thread::scope(|s| { let a = s.spawn(|| f(1)); let b = s.spawn(|| f(2)); a.join().unwrap() + b.join().unwrap() })
}
pub fn watch(xs: &mut [f64], seen: impl Fn(Vec<f64>)) { xs[0] = 1.0; seen(xs.to_vec()); xs[1] = 2.0; }
pub async fn later(n: u32) -> Result<u32, String> { if n == 0 { Err("never".into()) } else { Ok(n + 1) } }
pub fn joined(f: impl Fn(String) -> String, text: &str) -> String { f(text.to_string()) }
pub fn added(xs: &[f64]) -> f64 { xs.iter().sum() }
pub fn says(what: &str) { println!("rust says {what}"); }
pub fn shows() { tandem::display_html("<b>hi</b>"); }`);
      await value("import array, asyncio, threading, time\nimport tandem_rust as r\n1");
    });

    it("let other Python threads run meanwhile", async () => {
      expect(
        await value(`count = 0
going = True
def work():
    global count
    while going: count += 1
worker = threading.Thread(target=work)
worker.start()
before = count
r.wait(300)
after = count
going = False
worker.join()
after - before > 1000`),
      ).toBe("True");
    });

    it("call Python's functions, from any thread, and raise what those raise", async () => {
      expect(await value("r.each(4, lambda n: n * 10), r.both(lambda n: n + 1)")).toBe("(60, 5)");
      expect(await raised("def bad(n):\n    raise KeyError(n)\nr.each(3, bad)")).toMatch(
        /line 3, in bad(?:.|\n)*KeyError: 0$/,
      );
      expect(await raised("r.each(3, lambda n: 'x')")).toContain(
        "each: visit answered: an int (i64) is expected",
      );
      expect(await raised("r.each(3, 5)")).toContain("a function is expected");
      expect(
        await value(
          "a = array.array('d', [0, 0])\nseen = []\nr.watch(a, lambda xs: seen.append((list(xs), a[0])))\nseen, a",
        ),
      ).toBe("([([1.0, 0.0], 0.0)], array('d', [1.0, 2.0]))");
    });

    it("come from many threads at once", async () => {
      expect(
        await value(`numbers = array.array('d', range(100))
done = []
def work():
    for n in range(1000):
        words = r.joined(lambda word: word * 2, "ab")
        if words == "abab" and r.added(numbers) == 4950 and refused() == "no": done.append(n)
def refused():
    try: r.joined(lambda word: 1 / 0, "ab")
    except ZeroDivisionError: return "no"
threads = [threading.Thread(target=work) for _ in range(6)]
for one in threads: one.start()
for one in threads: one.join()
len(done)`),
      ).toBe("6000");
    });

    it("of async fn are awaited", async () => {
      expect(await value("await r.later(1), await asyncio.gather(r.later(2), r.later(3))")).toBe(
        "(2, [3, 4])",
      );
      expect(await raised("await r.later(0)")).toContain("RustError: never");
      expect(await raised("await r.later(-1)")).toContain("OverflowError");
      expect(await value("asyncio.run(r.later(5))")).toBe("6");
    });

    it("print in order", async () => {
      const ran = await rust.k.run("%%python\nprint('one')\nr.says('two')\nprint('three')");
      expect(ran.stdout).toBe("one\nrust says two\nthree\n");
      const shown = await rust.k.run("%%python\nprint('E', end='')\nr.shows()\nprint('after')");
      // Text that stands together may come in pieces.
      expect(joined(shown.order)).toEqual(["out:E", "display", "out:after\n"]);
      expect(shown.displays[0]?.data).toMatchObject({ "text/html": "<b>hi</b>" });
    });

    it("an interrupt raises KeyboardInterrupt where the call returns", async () => {
      const { ran, done } = rust.k.start("%%python\nprint('waits')\nr.wait(1500)\nprint('not reached')");
      while (!ran.stdout.includes("waits")) await new Promise((resolve) => setTimeout(resolve, 20));
      rust.k.interrupt();
      await done;
      expect(ran.error?.traceback.join("\n")).toContain("KeyboardInterrupt");
      expect(ran.stdout).toBe("waits\n");
      expect(await value("r.each(2, lambda n: n)")).toBe("1");
    });
  });

  describe("cells", () => {
    it("a later cell is there without another import, and a later declaration wins", async () => {
      await define(
        "pub fn version() -> u32 { 1 }\npub struct Tag { pub id: u32 }\npub fn tag() -> Tag { Tag { id: 1 } }",
      );
      expect(await value("import tandem_rust\ndef current(): return tandem_rust.version()\ncurrent()")).toBe(
        "1",
      );
      await define("pub fn version() -> u32 { 2 }\npub fn tagged(t: Tag) -> Tag { Tag { id: t.id + 1 } }");
      expect(await rust.text("await py.current()")).toBe("2n");
      expect(await value("t = tandem_rust.tagged(tandem_rust.tag())\nt, type(t) is tandem_rust.Tag")).toBe(
        "(Tag(id=2), True)",
      );
    });

    it("--as makes a namespace, --isolate is refused by name", async () => {
      await rust.text("%%rust --as tools\npub fn three() -> u32 { 3 }");
      expect(await value("tandem_rust.tools.three()")).toBe("3");
      await rust.text("%%rust --isolate\npub fn apart() -> u32 { 4 }");
      expect(await raised("tandem_rust.apart()")).toContain("Python loads Rust cells into its own process");
    });

    it("where the compiled module is missing, the import says so", () => {
      const runner = join(import.meta.dirname, "runner");
      const source = `import sys
sys.path.insert(0, ${JSON.stringify(runner)})
from tandem_runner.rust import RustCells
cells = RustCells()
sys.meta_path.insert(0, cells)
cells.add({"folders": [], "cells": []})
try:
    import tandem_rust
except ImportError as error:
    print(error.code)`;
      const { stdout } = spawnSync("python3", ["-B", "-c", source], { encoding: "utf8" });
      expect(stdout.trim()).toMatch(/^pythonRust(Missing|FreeThreaded)$/);
    });

    it("TypeScript reaches them through Python", async () => {
      expect(await rust.text("await py.tandem_rust.version()")).toBe("2n");
    });
  });
});

describe.skipIf(!hasRust || !hasPython || process.platform !== "linux")(
  "tandem_rust where a person waits",
  () => {
    const rust = useRustKernel("tandem-rust-python-tiers-", { attended: true });

    it("runs the unoptimised code until the optimised is there", async () => {
      const python = (source: string) => rust.text(`%%python\n${source}`);
      await python("import tandem_rust as r");
      await rust.define(
        "pub struct Point { pub x: u32 }\npub fn twice(p: Point) -> Point { Point { x: p.x * 2 } }",
      );
      const libraries = "len({line.split()[-1] for line in open('/proc/self/maps') if 'libcell_' in line})";
      expect(await python("kind = r.Point\nr.twice(r.Point(2))")).toBe("Point(x=4)");
      while ((await python(libraries)) !== "2") await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await python("r.twice(r.Point(3)), type(r.twice(r.Point(3))) is kind is r.Point")).toBe(
        "(Point(x=6), True)",
      );
      await rust.define("pub fn thrice(p: Point) -> Point { Point { x: p.x * 3 } }");
      expect(await python("type(r.thrice(r.Point(1))) is kind, r.thrice(kind(1))")).toBe(
        "(True, Point(x=3))",
      );
    });
  },
);

/** What was shown, in its order, with adjacent pieces of text as one. */
function joined(order: readonly string[]): string[] {
  const whole: string[] = [];
  for (const piece of order) {
    const before = whole.at(-1);
    if (piece.startsWith("out:") && before?.startsWith("out:")) whole.splice(-1, 1, before + piece.slice(4));
    else whole.push(piece);
  }
  return whole;
}

import { beforeAll, describe, expect, it } from "vitest";
import { hasPython } from "../../test/python.ts";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";
import { pythonOf } from "../../test/rust-python.ts";

describe.skipIf(!hasRust || !hasPython)("tandem_rust", () => {
  const rust = useRustKernel("tandem-rust-python-");
  const { define } = rust;
  const { value, raised } = pythonOf(rust);

  describe("buffers", () => {
    beforeAll(async () => {
      await define(`
pub fn total(xs: &[f64]) -> f64 { xs.iter().sum() }
pub fn double_all(xs: &mut [f64]) { for x in xs { *x *= 2.0; } }
pub fn add_to(xs: &mut [f64], ys: &[f64]) { for (x, y) in xs.iter_mut().zip(ys) { *x += y; } }
pub fn both(xs: &mut [f64], ys: &mut [f64]) { xs[0] = ys[0]; }
pub fn place(xs: &[f64]) -> usize { xs.as_ptr() as usize }
pub fn flip(xs: &mut [u8]) { for x in xs { *x = !*x; } }
pub fn count(n: u32) -> Vec<f64> { (0..n).map(f64::from).collect() }
pub fn ints(n: i32) -> Vec<i32> { (0..n).collect() }
pub fn split(n: u32) -> (Vec<f64>, u32) { (count(n), n) }
pub fn hold(xs: &mut [f64], ms: u64) { std::thread::sleep(std::time::Duration::from_millis(ms)); xs[0] += 1.0; }`);
      await value("import array, threading, time, ctypes\nimport tandem_rust as r\n1");
    });

    it("are lent where they lie, and what Rust writes is seen", async () => {
      expect(await value("a = array.array('d', [1, 2, 3])\nr.double_all(a)\na")).toBe(
        "array('d', [2.0, 4.0, 6.0])",
      );
      expect(await value("r.total(a), r.total(memoryview(a)[1:]), r.total([1, 2]), r.total(())")).toBe(
        "(12.0, 10.0, 3.0, -0.0)",
      );
      expect(await value("r.place(a) == a.buffer_info()[0]")).toBe("True");
      expect(await value("b = bytearray(b'\\x00\\xff')\nr.flip(b)\nr.flip(memoryview(b)[1:])\nb")).toBe(
        "bytearray(b'\\xff\\xff')",
      );
      expect(await value("r.total(bytearray(8) + b'' and memoryview(bytes(16)).cast('d'))")).toBe("0.0");
    });

    it("read-only ones, others' numbers and gaps are refused", async () => {
      expect(await raised("r.flip(b'x')")).toContain(
        "TypeError: flip: xs: a bytes is read-only, and Rust writes to it",
      );
      expect(await raised("r.double_all([1.0])")).toContain("a writable buffer of f64, such as array('d')");
      expect(await raised("r.double_all(array.array('f', [1]))")).toContain('holds items of the format "f"');
      expect(await raised("r.total(memoryview(a)[::2])")).toContain(
        "ValueError: total: xs: the buffer has gaps",
      );
      expect(await raised("r.total(memoryview(bytearray(17))[1:].cast('d'))")).toContain(
        "multiple of 8 bytes",
      );
    });

    it("that overlap one that is written to are refused, in one call and in two", async () => {
      expect(await raised("r.add_to(a, memoryview(a)[1:])")).toContain(
        "ValueError: add_to: xs and add_to: ys share memory, and Rust writes to one of them",
      );
      expect(await raised("r.both(a, a)")).toContain("ValueError");
      expect(
        await value(
          "m = memoryview(a)\nr.add_to(m[:1], m[1:])\nr.add_to(a, array.array('d', [1, 1, 1]))\ndel m\na",
        ),
      ).toBe("array('d', [7.0, 5.0, 7.0])");
      expect(
        await raised(`worker = threading.Thread(target=r.hold, args=(a, 300))
worker.start()
time.sleep(0.1)
try:
    r.double_all(a)
finally:
    worker.join()`),
      ).toContain("RuntimeError: double_all: xs is in use by another call");
      expect(await value("r.double_all(a)\na[0]")).toBe("16.0");
    });

    it("stay where they are while a call uses them", async () => {
      expect(
        await value(`worker = threading.Thread(target=r.hold, args=(a, 300))
worker.start()
time.sleep(0.1)
try:
    a.append(1.0)
    answer = "grew"
except BufferError as error:
    answer = str(error)
worker.join()
a.append(1.0)
answer`),
      ).toContain("cannot resize an array that is exporting buffers");
    });

    it("numbers come out in Rust's memory", async () => {
      expect(
        await value("v = r.count(3)\nv, len(v), v[-1], v[1:], list(v), v == [0, 1, 2], v == r.count(3)"),
      ).toBe("(Array('d', [0.0, 1.0, 2.0]), 3, 2.0, [1.0, 2.0], [0.0, 1.0, 2.0], True, True)");
      expect(await value("r.double_all(v)\nv[0] = 9.5\nmemoryview(v).format, v.tolist(), r.total(v)")).toBe(
        "('d', [9.5, 2.0, 4.0], 15.5)",
      );
      expect(await value("r.place(v) == ctypes.addressof(ctypes.c_double.from_buffer(v))")).toBe("True");
      expect(
        await value("v2 = memoryview(r.ints(1000))\nv2[999], v2.format, r.split(2), r.count(0), r.ints(30)"),
      ).toContain("(999, 'i', (Array('d', [0.0, 1.0]), 2), Array('d', []), Array('i', [0, 1, 2");
      expect(await raised("type(v)()")).toContain("come from Rust");
    });

    it("numpy's arrays are lent, and Rust's numbers are numpy's without a copy", async (context) => {
      if ((await value("import importlib.util as u\nu.find_spec('numpy') is not None")) !== "True")
        context.skip();
      expect(
        await value(`import numpy as np
n = np.arange(4.0)
r.double_all(n)
v = r.count(4)
w = np.asarray(v)
w[0] = 7
n.tolist(), v[0], r.place(w) == r.place(v), r.fib(np.uint32(10)) if hasattr(r, "fib") else None`),
      ).toBe("([0.0, 2.0, 4.0, 6.0], 7.0, True, 55)");
      expect(await raised("r.total(np.zeros((2, 2)))")).toContain("more dimensions than one");
      expect(await raised("r.total(np.zeros(2, dtype='int64'))")).toContain("numpy's float64");
      expect(await raised("n.flags.writeable = False\nr.double_all(n)")).toContain("is read-only");
    });
  });

  describe("classes", () => {
    beforeAll(async () => {
      await define(`
use std::sync::atomic::{AtomicU32, Ordering};
static DROPPED: AtomicU32 = AtomicU32::new(0);
pub fn dropped() -> u32 { DROPPED.load(Ordering::SeqCst) }
/// Counts.
pub struct Counter { pub step: u32, count: u32 }
impl Counter {
    pub const FIRST: u32 = 0;
    pub fn new(step: u32) -> Result<Counter, String> {
        if step == 0 { Err("no step".into()) } else { Ok(Counter { step, count: 0 }) }
    }
    /// Goes on.
    pub fn next_one(&mut self) -> u32 { self.count += self.step; self.count }
    pub fn count(&self) -> u32 { self.count }
    pub fn finish(self) -> u32 { self.count }
    pub fn absorb(&mut self, other: &Counter) { self.count += other.count; }
    pub fn slowly(&mut self, ms: u64) { std::thread::sleep(std::time::Duration::from_millis(ms)); self.count += 1; }
}
impl Drop for Counter { fn drop(&mut self) { DROPPED.fetch_add(1, Ordering::SeqCst); } }
impl std::fmt::Display for Counter {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { write!(f, "at {}", self.count) }
}
pub trait Speaks { fn speak(&self) -> String; }
pub struct Dog { name: String }
impl Dog { pub fn new(name: String) -> Dog { Dog { name } } }
impl Speaks for Dog { fn speak(&self) -> String { format!("{} barks", self.name) } }
pub struct Rock { weight: u32 }
impl Rock { pub fn new(weight: u32) -> Rock { Rock { weight } } pub fn weight(&self) -> u32 { self.weight } }
pub fn listen(animal: &dyn Speaks) -> String { animal.speak() }
pub fn listen_to(animal: &impl Speaks) -> String { animal.speak() }
pub struct Down { left: u32 }
impl Down { pub fn new(left: u32) -> Down { Down { left } } }
impl Iterator for Down { type Item = u32; fn next(&mut self) -> Option<u32> { self.left.checked_sub(1).inspect(|n| self.left = *n) } }
pub fn sent(n: u32) -> std::sync::mpsc::Receiver<Option<u32>> {
    let (to, from) = std::sync::mpsc::channel();
    std::thread::spawn(move || for i in 0..n { to.send((i > 0).then_some(i)).unwrap() });
    from
}
pub fn squares(n: u32) -> impl Iterator<Item = u32> { (0..n).map(|n| n * n) }
pub struct Local { rc: std::rc::Rc<u32> }
impl Local { pub fn new(n: u32) -> Local { Local { rc: std::rc::Rc::new(n) } } pub fn get(&self) -> u32 { *self.rc } }`);
      await value("import gc, threading, time\nimport tandem_rust as r\n1");
    });

    it("have methods, fields, statics and constants", async () => {
      expect(
        await value("c = r.Counter(2)\nc.next_one(), c.next_one(), c.count(), str(c), c, r.Counter.FIRST"),
      ).toBe("(2, 4, 4, 'at 4', Counter(step=2), 0)");
      expect(
        await value(
          "c.step = 10\nstep = c.next_one\nstep(), c.step, r.Counter.new(1).count(), r.Counter.count(c)",
        ),
      ).toBe("(14, 10, 0, 14)");
      expect(await value("r.Counter.__doc__, r.Counter.next_one.__doc__, isinstance(c, r.Counter)")).toBe(
        "('Counts.', 'Goes on.', True)",
      );
      expect(
        await value(
          "class Loud(r.Counter):\n    def shout(self): return self.count() * 100\nl = Loud(3)\nl.next_one(), l.shout(), type(l).__name__",
        ),
      ).toBe("(3, 300, 'Loud')");
      expect(await raised("r.Counter(0)")).toContain("RustError: no step");
      expect(await raised("c.step = -1")).toContain("OverflowError: Counter.step");
      expect(await raised("r.Counter('x')")).toContain("TypeError");
      expect(await raised("c.absorb(r.Rock(1))")).toContain(
        "an instance of Counter is expected, and it is one of Rock",
      );
    });

    it("are dropped with their last reference, at the end of `with`, and when they are given away", async () => {
      expect(await value("before = r.dropped()\nfor _ in range(5): r.Counter(1)\nr.dropped() - before")).toBe(
        "5",
      );
      expect(
        await value(
          "before = r.dropped()\nwith r.Counter(1) as w:\n    w.next_one()\nr.dropped() - before, w",
        ),
      ).toBe("(1, <Counter moved or dropped>)");
      expect(await raised("w.count()")).toContain("RuntimeError: Counter.count: self: this Counter is gone");
      expect(
        await value("before = r.dropped()\nd = r.Counter(5)\nd.next_one()\nd.finish(), r.dropped() - before"),
      ).toBe("(5, 1)");
      expect(await raised("d.count()")).toContain("is gone");
      expect(await value("del d, w\ngc.collect()\nr.dropped() - before")).toBe("1");
    });

    it("are borrowed by Rust's rules, across threads too", async () => {
      expect(await raised("c.absorb(c)")).toContain(
        "RuntimeError: Counter.absorb: other: this Counter is in use",
      );
      expect(
        await value(`worker = threading.Thread(target=c.slowly, args=(300,))
worker.start()
time.sleep(0.1)
try:
    answer = c.count()
except RuntimeError as error:
    answer = str(error)
worker.join()
answer`),
      ).toContain("this Counter is in use by another call");
      expect(await value("c.count()")).toBe("15");
      expect(
        await value(`local = r.Local(4)
seen = []
def look():
    try: seen.append(local.get())
    except RuntimeError as error: seen.append(str(error))
worker = threading.Thread(target=look)
worker.start(); worker.join()
local.get(), seen`),
      ).toContain("(4, ['Local.get: self: Local cannot leave its thread: it is not Send");
    });

    it("implement traits and iterate", async () => {
      expect(await value("dog = r.Dog('Rex')\nr.listen(dog), r.listen_to(dog), dog.speak()")).toBe(
        "('Rex barks', 'Rex barks', 'Rex barks')",
      );
      expect(await raised("r.listen(r.Rock(1))")).toContain(
        "TypeError: listen: animal: Rock does not implement Speaks",
      );
      expect(await raised("r.Rock(1).speak()")).toContain("AttributeError");
      expect(
        await value("list(r.Down(3)), [n for n in r.squares(4)], sum(r.squares(10)), list(r.sent(3))"),
      ).toBe("([2, 1, 0], [0, 1, 4, 9], 285, [None, 1, 2])");
    });
  });
});

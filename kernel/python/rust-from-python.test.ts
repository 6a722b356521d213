import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";

const hasPython = spawnSync("python3", ["-c", ""]).status === 0;

describe.skipIf(!hasRust || !hasPython)("tandem_rust", () => {
  const rust = useRustKernel("tandem-rust-python-");
  const { define } = rust;

  /** What an expression, the last line of the source, is in Python. */
  async function value(source: string): Promise<string> {
    const ran = await rust.k.run(`%%python\n${source}`);
    if (ran.status === "error") throw new Error(ran.error?.traceback.join("\n"));
    return String(ran.result?.["text/plain"]);
  }

  /** What a source raises: the last line of the traceback. */
  async function raised(source: string): Promise<string> {
    const ran = await rust.k.run(`%%python\n${source}`);
    if (ran.status !== "error") throw new Error(`no error, but ${ran.result?.["text/plain"]}`);
    return ran.error?.traceback.join("\n") ?? "";
  }

  describe("plain values", () => {
    beforeAll(async () => {
      await define(`
/// Fibonacci's number.
pub fn fib(n: u32) -> u64 { if n < 2 { n as u64 } else { fib(n - 1) + fib(n - 2) } }
pub const LIMIT: u8 = 250;
pub mod maths { pub fn half(x: f64) -> f64 { x / 2.0 } }
pub fn small(x: i8) -> i8 { x }
pub fn byte(x: u8) -> u8 { x }
pub fn long(x: i64) -> i64 { x }
pub fn unsigned(x: u64) -> u64 { x }
pub fn huge(x: i128) -> i128 { x }
pub fn hugest(x: u128) -> u128 { x }
pub fn size(x: usize) -> usize { x }
pub fn single(x: f32) -> f32 { x }
pub fn double(x: f64) -> f64 { x }
pub fn not(x: bool) -> bool { !x }
pub fn upper(x: char) -> char { x.to_ascii_uppercase() }
pub fn shout(x: &str) -> String { x.to_uppercase() }
pub fn greet(name: String, from: Option<String>) -> String { format!("{name} {from:?}") }
pub fn nothing() {}
pub fn words(x: Vec<String>) -> Vec<String> { x.into_iter().rev().collect() }
pub fn pair(x: (i32, String)) -> (String, i32) { (x.1, x.0) }
pub fn counts(x: std::collections::HashMap<String, u32>) -> std::collections::BTreeMap<String, u32> {
    x.into_iter().map(|(k, v)| (k, v + 1)).collect()
}
pub fn unique(x: std::collections::HashSet<i64>) -> std::collections::BTreeSet<i64> { x.into_iter().collect() }
pub fn maybe(x: Option<i32>) -> Option<i32> { x.map(|x| x + 1) }
pub fn grid(x: [[i32; 2]; 2]) -> i32 { x.iter().flatten().sum() }
pub fn bytes(x: Vec<u8>) -> Vec<u8> { x.into_iter().rev().collect() }
pub fn class(from: i32, lambda: i32) -> i32 { from * 10 + lambda }`);
      await value("import sys, threading, time, array\nimport tandem_rust as r\n1");
    });

    it("cross both ways, by the same names", async () => {
      expect(await value("r.fib(30)")).toBe("832040");
      expect(await value("from tandem_rust import fib, LIMIT, maths\nfib(n=20), LIMIT, maths.half(3)")).toBe(
        "(6765, 250, 1.5)",
      );
      expect(await value("[r.small(-128), r.byte(255), r.long(-2**63), r.unsigned(2**64 - 1)]")).toBe(
        `[-128, 255, ${-(2n ** 63n)}, ${2n ** 64n - 1n}]`,
      );
      expect(await value("r.huge(-2**127) == -2**127 and r.hugest(2**128 - 1) == 2**128 - 1")).toBe("True");
      expect(await value("r.size(2**63), r.single(0.5), r.double(1), r.double(float('inf'))")).toBe(
        `(${2n ** 63n}, 0.5, 1.0, inf)`,
      );
      expect(
        await value("r.not_(True), r.upper('ß'), r.upper('é'), r.shout('straße 🦀'), r.nothing() is None"),
      ).toBe("(False, 'ß', 'é', 'STRASSE 🦀', True)");
      expect(await value("r.greet('a'), r.greet('a', from_='b'), r.greet('a', None)")).toBe(
        `('a None', 'a Some("b")', 'a None')`,
      );
      expect(await value("r.words(['a', 'b']), r.words(x for x in 'ab'), r.pair((1, 'x'))")).toBe(
        "(['b', 'a'], ['b', 'a'], ('x', 1))",
      );
      expect(await value("r.counts({'b': 1, 'a': 0}), r.unique({3, 1}), r.maybe(None), r.maybe(1)")).toBe(
        "({'a': 1, 'b': 2}, {1, 3}, None, 2)",
      );
      expect(await value("r.grid([[1, 2], (3, 4)]), r.bytes(b'abc'), r.bytes([1, 2]), r.class_(1, 2)")).toBe(
        "(10, b'cba', b'\\x02\\x01', 12)",
      );
    });

    it("what is out of range or of another type is refused, never wrapped", async () => {
      expect(await raised("r.byte(256)")).toContain(
        "OverflowError: byte: x: 256 is out of the range of u8 (0 to 255)",
      );
      expect(await raised("r.small(-129)")).toContain("OverflowError");
      expect(await raised("r.unsigned(-1)")).toContain("OverflowError");
      expect(await raised("r.unsigned(2**64)")).toContain("OverflowError");
      expect(await raised("r.long(2**63)")).toContain("OverflowError");
      expect(await raised("r.hugest(-1)")).toContain("OverflowError");
      expect(await raised("r.huge(2**127)")).toContain("OverflowError");
      expect(await raised("r.double(10**400)")).toContain("OverflowError");
      expect(await raised("r.long(10**5000)")).toContain("OverflowError: long: x: it is out of the range");
      expect(await raised("r.long(1.0)")).toContain(
        "TypeError: long: x: an int (i64) is expected, and it is a float",
      );
      expect(await raised("r.double('1')")).toContain(
        "TypeError: double: x: a float is expected, and it is a str",
      );
      expect(await raised("r.not_(1)")).toContain("TypeError");
      expect(await raised("r.upper('ab')")).toContain("a str of one character");
      expect(await raised("r.shout(b'x')")).toContain("a str is expected, and it is a bytes");
      expect(await raised("r.words('ab')")).toContain("a list is expected, and it is a str");
      expect(await raised("r.words(['a', 1])")).toContain("words: x[1]: a str is expected");
      expect(await raised("r.counts({'a': -1})")).toContain("counts: x['a']: -1 is out of the range");
      expect(await raised("r.pair((1,))")).toContain("2 items are expected, and there are 1");
      expect(await raised("r.fib()")).toContain("TypeError: fib takes 1 argument, and n is missing");
      expect(await raised("r.fib(1, 2)")).toContain("TypeError: fib takes 1 argument and was given 2");
      expect(await raised("r.fib(m=1)")).toContain("TypeError: fib has no parameter m");
      expect(await raised("r.fib(1, n=1)")).toContain("two values for n");
      expect(await raised("r.shout('\\ud800')")).toContain("UnicodeEncodeError");
    });

    it("functions tell what they are", async () => {
      expect(await value("r.fib")).toBe("<rust function fib>");
      expect(
        await value("import inspect\nstr(inspect.signature(r.fib)), r.fib.__doc__, r.fib.__module__"),
      ).toBe(`('(n: int) -> int', "Fibonacci's number.", 'tandem_rust')`);
      expect(await value("'fib' in dir(r), hasattr(r, 'other'), r.maths")).toContain("(True, False, ");
      expect(await raised("r.other")).toContain(
        "AttributeError: module 'tandem_rust' has no attribute 'other'",
      );
      expect(await raised("from tandem_rust import other")).toContain("ImportError");
    });

    it("errors show the cell alone", async () => {
      const text = await raised("def call():\n    r.byte(-1)\ncall()");
      expect(text).toMatch(/cell-\d+\.py", line 4/);
      expect(text).not.toContain("tandem_runner");
    });
  });

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

  describe("structs, enums and errors", () => {
    beforeAll(async () => {
      await define(`
#[derive(Clone, Debug, PartialEq)]
pub struct Point { pub x: f64, pub y: f64 }
pub fn mirrored(p: Point) -> Point { Point { x: p.y, y: p.x } }
pub enum Shape { Circle { radius: f64 }, Square(f64), Line(Point, Point), Empty }
pub fn area(s: &Shape) -> f64 {
    match s { Shape::Circle { radius } => 3.0 * radius * radius, Shape::Square(a) => a * a, _ => 0.0 }
}
pub fn shapes() -> Vec<Shape> {
    let p = Point { x: 0.0, y: 1.0 };
    vec![Shape::Circle { radius: 1.0 }, Shape::Square(2.0), Shape::Line(p.clone(), p), Shape::Empty]
}
pub fn grow(s: Shape) -> Shape { match s { Shape::Square(a) => Shape::Square(a * 2.0), other => other } }
#[derive(PartialEq)]
pub enum Color { Red, Green }
impl Color {
    pub const COUNT: u32 = 2;
    pub fn letter(&self) -> char { if *self == Color::Red { 'r' } else { 'g' } }
    pub fn first() -> Color { Color::Red }
}
pub fn other(c: Color) -> Color { if c == Color::Red { Color::Green } else { Color::Red } }
pub struct Meters(pub f64);
pub fn twice(m: Meters) -> Meters { Meters(m.0 * 2.0) }
#[derive(Debug)]
pub struct Short { pub wanted: u32, pub got: u32 }
impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { write!(f, "{} of {}", self.got, self.wanted) }
}
pub fn take(wanted: u32) -> Result<u32, Short> { if wanted > 3 { Err(Short { wanted, got: 3 }) } else { Ok(wanted) } }
#[derive(Debug)]
pub enum ParseError { Empty, Bad { at: u32 } }
pub fn parse(text: &str) -> Result<u32, ParseError> {
    if text.is_empty() { return Err(ParseError::Empty); }
    text.parse().map_err(|_| ParseError::Bad { at: 0 })
}
pub fn plain(fails: bool) -> Result<i32, String> { if fails { Err("no luck".into()) } else { Ok(1) } }
pub fn at(i: usize) -> i32 { [1, 2, 3][i] }`);
      await value("import dataclasses\nimport tandem_rust as r\n1");
    });

    it("structs are dataclasses; dicts and other objects with the fields are taken too", async () => {
      expect(await value("r.mirrored(r.Point(1, 2)), r.mirrored({'x': 1, 'y': 2}).x")).toBe(
        "(Point(x=2.0, y=1.0), 2.0)",
      );
      expect(await value("p = r.Point(x=3, y=4)\np == r.Point(3, 4), p")).toBe("(True, Point(x=3, y=4))");
      expect(await value("dataclasses.asdict(r.mirrored(p)), r.twice(1.5)")).toBe(
        "({'x': 4.0, 'y': 3.0}, 3.0)",
      );
      expect(await raised("r.mirrored({'x': 1})")).toContain("TypeError: mirrored: p.y is missing");
      expect(await raised("r.mirrored({'x': 1, 'y': 'a'})")).toContain("mirrored: p.y: a float is expected");
    });

    it("enums with data are classes of variants, plain ones are enums", async () => {
      expect(await value("r.shapes()")).toBe(
        "[Shape.Circle(radius=1.0), Shape.Square(value=2.0), Shape.Line(values=(Point(x=0.0, y=1.0), Point(x=0.0, y=1.0))), Shape.Empty()]",
      );
      expect(
        await value(
          "[r.area(s) for s in r.shapes()], r.area({'kind': 'Square', 'value': 3}), r.area('Empty')",
        ),
      ).toBe("([3.0, 4.0, 0.0, 0.0], 9.0, 0.0)");
      expect(
        await value("isinstance(r.Shape.Square(1), r.Shape), r.grow(r.Shape.Square(1)) == r.Shape.Square(2)"),
      ).toBe("(True, True)");
      expect(await value("r.other(r.Color.Red) is r.Color.Green, r.other('Green') == 'Red'")).toBe(
        "(True, True)",
      );
      expect(await value("r.Color.Red.letter(), r.Color.first() is r.Color.Red, r.Color.COUNT")).toBe(
        "('r', True, 2)",
      );
      expect(await raised("r.other('Blue')")).toContain('Color has no variant "Blue"; it has Red, Green');
      expect(await raised("r.area(3)")).toContain("a Shape (Circle, Square, Line, Empty) is expected");
    });

    it("the same data goes through all three unchanged", async () => {
      await value("def through(shape):\n    return r.grow(shape)");
      expect(
        await rust.text(
          `[await py.through({ kind: "Circle", radius: 2 }), grow({ kind: "Circle", radius: 2 })]`,
        ),
      ).toBe("[ { kind: 'Circle', radius: 2 }, { kind: 'Circle', radius: 2 } ]");
    });

    it("Err is an exception with Rust's text and fields", async () => {
      expect(await value("r.take(2), r.plain(False), r.parse('7')")).toBe("(2, 1, 7)");
      expect(await raised("r.take(5)")).toMatch(/tandem_rust\.Short: 3 of 5$/);
      expect(
        await value(`try:
    r.take(5)
except r.Short as error:
    caught = (error.wanted, error.got, str(error), isinstance(error, r.RustError))
caught`),
      ).toBe("(5, 3, '3 of 5', True)");
      expect(
        await value(`try:
    r.parse("x")
except r.ParseError as error:
    caught = (type(error) is r.ParseError.Bad, error.at, error.kind)
caught`),
      ).toBe("(True, 0, 'Bad')");
      expect(await raised("r.parse('')")).toContain("ParseError.Empty");
      expect(await raised("r.plain(True)")).toMatch(/tandem_rust\.RustError: no luck$/);
    });

    it("a panic is an exception with its place, and nothing dies", async () => {
      expect(await raised("r.at(3)")).toMatch(
        /tandem_rust\.RustPanic: panicked: index out of bounds: .* \(cell-\d+\.rs:\d+:\d+\)$/,
      );
      expect(await value("r.at(2)")).toBe("3");
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
      expect(shown.order).toEqual(["out:E", "display", "out:after\n"]);
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

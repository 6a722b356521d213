import { beforeAll, describe, expect, it } from "vitest";
import { hasPython } from "../../test/python.ts";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";
import { pythonOf } from "../../test/rust-python.ts";

describe.skipIf(!hasRust || !hasPython)("tandem_rust", () => {
  const rust = useRustKernel("tandem-rust-python-");
  const { define } = rust;
  const { value, raised } = pythonOf(rust);

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
});

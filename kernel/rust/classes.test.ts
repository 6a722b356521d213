import { describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";

describe.skipIf(!hasRust)("types of %%rust cells", () => {
  const rust = useRustKernel("tandem-rust-types-", { types: true });
  const { text, define, failure } = rust;

  it("structs of pub fields are objects, both ways and nested", async () => {
    await define(`
/// A place.
#[derive(Clone)]
pub struct Point { pub x: f64, pub y: f64 }
pub struct Line { pub from: Point, pub to: Point, pub name: Option<String> }
pub struct Meters(pub f64);
pub struct Pair(pub u8, pub String);
pub fn length(line: &Line) -> f64 { (line.to.x - line.from.x).hypot(line.to.y - line.from.y) }
pub fn middle(line: Line) -> Point { Point { x: (line.from.x + line.to.x) / 2.0, y: (line.from.y + line.to.y) / 2.0 } }
pub fn lines(points: Vec<Point>) -> Vec<Line> {
    points.windows(2).map(|w| Line { from: w[0].clone(), to: w[1].clone(), name: Some("l".into()) }).collect()
}
pub fn twice(m: Meters) -> Meters { Meters(m.0 * 2.0) }
pub fn swap(p: Pair) -> Pair { Pair(p.0 + 1, p.1.to_uppercase()) }`);
    expect(await text("length({ from: { x: 0, y: 0 }, to: { x: 3, y: 4 } })")).toBe("5");
    expect(await text("middle({ from: { x: 0, y: 0 }, to: { x: 3, y: 4 }, name: null })")).toBe(
      "{ x: 1.5, y: 2 }",
    );
    expect(await text("lines([{ x: 0, y: 0 }, { x: 1, y: 2 }])")).toContain("name: 'l'");
    expect(await text("[twice(2), swap([1, 'a'])]")).toBe("[ 4, [ 2, 'A' ] ]");
    expect(await failure("length({ from: { x: 0 }, to: { x: 3, y: 4 } })")).toMatch(
      /line\.from\.y is missing; it is a f64/,
    );
    expect(await failure("length({ from: 1, to: 2 })")).toMatch(
      /line\.from: an object is expected for Point/,
    );
    expect(await failure("twice('2')")).toContain("TypeError");
  });

  it("a value that holds itself is refused", async () => {
    await define(
      "pub struct Tree { pub value: i32, pub children: Vec<Tree> }\npub fn sum(t: &Tree) -> i32 { t.value + t.children.iter().map(sum).sum::<i32>() }",
    );
    expect(await text("sum({ value: 1, children: [{ value: 2, children: [] }] })")).toBe("3");
    expect(await failure("const t: any = { value: 1, children: [] }; t.children.push(t); sum(t)")).toMatch(
      /RangeError.*holds itself/,
    );
  });

  it("enums are discriminated unions, both ways", async () => {
    await define(`
pub enum Color { Red, Green }
pub enum Shape { Empty, Circle(f64), Rect { w: f64, h: f64 }, Rgb(u8, u8, u8) }
impl Shape { pub const SIDES: u32 = 4; pub fn unit() -> Shape { Shape::Circle(1.0) } pub fn double(self) -> Shape { match self { Shape::Circle(r) => Shape::Circle(2.0 * r), other => other } } }
pub fn area(s: &Shape) -> f64 { match s { Shape::Circle(r) => r * r * 3.0, Shape::Rect { w, h } => w * h, _ => 0.0 } }
pub fn other(c: Color) -> Color { match c { Color::Red => Color::Green, Color::Green => Color::Red } }
pub fn all() -> Vec<Shape> { vec![Shape::Empty, Shape::Circle(1.0), Shape::Rect { w: 1.0, h: 2.0 }, Shape::Rgb(1, 2, 3)] }`);
    expect(await text("other('Red')")).toBe("'Green'");
    expect(await text("all()")).toBe(
      "[\n  { kind: 'Empty' },\n  { kind: 'Circle', value: 1 },\n  { kind: 'Rect', w: 1, h: 2 },\n  { kind: 'Rgb', values: Uint8Array(3) [ 1, 2, 3 ] }\n]".replace(
        "Uint8Array(3) [ 1, 2, 3 ]",
        "[ 1, 2, 3 ]",
      ),
    );
    expect(await text("all().map((s) => area(s))")).toBe("[ 0, 3, 2, 0 ]");
    expect(await text("[Shape.double(Shape.unit()), Shape.SIDES, area('Empty')]")).toBe(
      "[ { kind: 'Circle', value: 2 }, 4, 0 ]",
    );
    expect(await failure("area({ kind: 'Oval' })")).toMatch(
      /no variant "Oval"; it has Empty, Circle, Rect, Rgb/,
    );
    expect(await failure("area('Circle')")).toContain("holds values");
    expect(await failure("area({ kind: 'Rect', w: 1 })")).toContain("s.h is missing");
  });

  it("maps, sets, arrays and boxes cross", async () => {
    await define(`
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
pub fn count(words: &[String]) -> BTreeMap<String, u32> { let mut m = BTreeMap::new(); for w in words { *m.entry(w.clone()).or_insert(0) += 1 } m }
pub fn total(m: &HashMap<String, f64>) -> f64 { m.values().sum() }
pub fn unique(s: HashSet<i32>) -> BTreeSet<i32> { s.into_iter().collect() }
pub fn turn(m: [[f64; 2]; 2]) -> [[f64; 2]; 2] { [[m[0][0], m[1][0]], [m[0][1], m[1][1]]] }
pub fn boxed(b: Box<Vec<u8>>) -> Box<Vec<u8>> { b }`);
    expect(await text("count(['b', 'a', 'b'])")).toBe("Map(2) { 'a' => 1, 'b' => 2 }");
    expect(await text("[total(new Map([['x', 1.5]])), total({ x: 1, y: 2 })]")).toBe("[ 1.5, 3 ]");
    expect(await text("[unique(new Set([3, 1, 3])), unique([2, 2])]")).toBe(
      "[ Set(2) { 1, 3 }, Set(1) { 2 } ]",
    );
    expect(await text("turn([[1, 2], Float64Array.of(3, 4)]).map((row) => [...row])")).toBe(
      "[ [ 1, 3 ], [ 2, 4 ] ]",
    );
    expect(await text("boxed(Uint8Array.of(1))")).toBe("Uint8Array(1) [ 1 ]");
    expect(await failure("turn([[1, 2], [3]])")).toContain("2 elements are expected, and there are 1");
    expect(await failure("total(1)")).toContain("a Map is expected");
  });

  it("structs with methods are classes", async () => {
    await define(`
/// Counts.
pub struct Counter { pub step: u32, count: u32 }
impl Counter {
    pub const MAX: u32 = 10;
    /// From nothing.
    pub fn new(step: u32) -> Self { Counter { step, count: 0 } }
    pub fn starting_at(count: u32) -> Result<Counter, String> { if count > Self::MAX { Err(format!("{count} is too many")) } else { Ok(Counter { step: 1, count }) } }
    pub fn add(&mut self) -> u32 { self.count += self.step; self.count }
    pub fn count(&self) -> u32 { self.count }
    pub fn merge(self, other: Counter) -> Counter { Counter { step: self.step, count: self.count + other.count } }
    pub fn boom(&self) -> u32 { panic!("no {}", self.count) }
}
impl std::fmt::Display for Counter { fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { write!(f, "#{}", self.count) } }
pub fn peek(c: &Counter) -> u32 { c.count }
pub fn all(n: u32) -> Vec<Counter> { (0..n).map(Counter::new).collect() }
pub fn both(a: &mut Counter, b: &Counter) { a.count += b.count }`);
    expect(
      await text(
        "const c = new Counter(2); c.add(); [c.add(), c.count(), peek(c), c.step, Counter.MAX, String(c)]",
      ),
    ).toBe("[ 4, 4, 4, 2, 10, '#4' ]");
    expect(await text("c.step = 5; c.add(); c")).toBe("Counter { step: 5 }");
    expect(await text("c instanceof Counter && all(3)[2] instanceof Counter")).toBe("true");
    expect(await text("const add = c.add; [add(), Counter.starting_at(3).count()]")).toBe("[ 14, 3 ]");
    expect(await failure("Counter.starting_at(11)")).toContain("11 is too many");
    expect(await failure("c.boom()")).toMatch(/panicked: no 14 \(cell-\d+\.rs:13:/);
    expect(await failure("c.step = -1")).toContain("RangeError");
    expect(await failure("peek({})")).toContain("an instance of Counter is expected, and it is an object");
    expect(await failure("both(c, c)")).toMatch(/in use by another call/);
    expect(await text("both(c, all(1)[0]); const d = c.merge(Counter.starting_at(1)); d.count()")).toBe("15");
    expect(await failure("c.add()")).toMatch(/gone: it was given to a function that takes it by value/);
    expect(await text("c")).toBe("Counter {} (moved or disposed of)");
  });

  it("drops by `using`, and when JavaScript forgets an instance", async () => {
    await define(`
use std::sync::atomic::{AtomicU32, Ordering};
static ALIVE: AtomicU32 = AtomicU32::new(0);
pub struct Guard { big: Vec<u8> }
impl Guard { pub fn new() -> Guard { ALIVE.fetch_add(1, Ordering::SeqCst); Guard { big: vec![0; 1000] } } pub fn size(&self) -> usize { self.big.len() } }
impl Drop for Guard { fn drop(&mut self) { ALIVE.fetch_sub(1, Ordering::SeqCst); } }
pub fn alive() -> u32 { ALIVE.load(Ordering::SeqCst) }`);
    expect(
      await text(
        "const inside = (() => { using g = new Guard(); return alive() + g.size() })(); [inside, alive()]",
      ),
    ).toBe("[ 1001, 0 ]");
    expect(
      await failure("const g = new Guard(); g[Symbol.dispose](); g[Symbol.dispose](); g.size()"),
    ).toContain("disposed of");
    // The collector tells of what it collected in a later turn; how many it takes is its own affair.
    const waits = `
      import { setFlagsFromString } from "node:v8"; import { runInNewContext } from "node:vm";
      setFlagsFromString("--expose-gc"); const gc = runInNewContext("gc") as () => void;
      (() => { for (let i = 0; i < 100; i++) new Guard().size(); })();
      for (let i = 0; i < 100 && alive() > 0; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 10)); }
      alive()`;
    expect(await text(waits)).toBe("0");
  });

  it("borrow rules hold while a method runs on another thread", async () => {
    await define(`
pub struct Slow { value: u64 }
impl Slow {
    pub fn new() -> Slow { Slow { value: 1 } }
    pub fn read(&self, ms: u64) -> u64 { std::thread::sleep(std::time::Duration::from_millis(ms)); self.value }
    pub fn write(&mut self, ms: u64) -> u64 { std::thread::sleep(std::time::Duration::from_millis(ms)); self.value += 1; self.value }
}
pub struct Local { inner: std::rc::Rc<u32> }
impl Local { pub fn new() -> Local { Local { inner: std::rc::Rc::new(1) } } pub fn get(&self) -> u32 { *self.inner } }
pub fn local() -> Local { Local::new() }`);
    expect(
      await text(
        "const s = new Slow(); const p = s.write.async(50n); let told = ''; try { s.read(0) } catch (e: any) { told = e.code }; [told, await p, s.read(0)]",
      ),
    ).toBe("[ 'RUST_BORROW', 2n, 2n ]");
    expect(await text("(await Promise.all([s.read.async(20n), s.read.async(20n)])).concat(s.read(0))")).toBe(
      "[ 2n, 2n, 2n ]",
    );
    expect(await text("const q = s.read.async(30n); s[Symbol.dispose](); await q")).toBe("2n");
    expect(await text("new Local().get()")).toBe("1");
    expect(await failure("new Local().get.async()")).toContain("it is not Send");
    expect(await failure("local.async()")).toContain("it is not Send");
  });

  it("traits: methods on each class, and any class that has it as an argument", async () => {
    await define(`
pub trait Speak { fn name(&self) -> String; fn speak(&self) -> String { format!("I am {}", self.name()) } fn rename(&mut self, to: String); }
pub struct Dog { name: String }
impl Dog { pub fn new(name: String) -> Dog { Dog { name } } }
impl Speak for Dog { fn name(&self) -> String { self.name.clone() } fn rename(&mut self, to: String) { self.name = to } }
pub struct Robot(u32);
impl Robot { pub fn new(id: u32) -> Robot { Robot(id) } }
impl Speak for Robot { fn name(&self) -> String { format!("R{}", self.0) } fn speak(&self) -> String { "beep".into() } fn rename(&mut self, to: String) { self.0 = to.len() as u32 } }
pub struct Stone;
impl Stone { pub fn new() -> Stone { Stone } }
pub fn dynamic(x: &dyn Speak) -> String { x.speak() }
pub fn fixed(x: &impl Speak, y: &impl Speak) -> String { x.name() + &y.name() }
pub fn change<T: Speak>(x: &mut T) { x.rename("new".into()) }
pub fn eat(x: impl Speak) -> String { x.name() }`);
    expect(
      await text(
        "const rex = new Dog('Rex'), r2 = new Robot(2); [rex.speak(), r2.speak(), dynamic(rex), dynamic(r2), fixed(rex, r2)]",
      ),
    ).toBe("[ 'I am Rex', 'beep', 'I am Rex', 'beep', 'RexR2' ]");
    expect(await text("change(rex); change(r2); [rex.name(), r2.name(), eat(r2)]")).toBe(
      "[ 'new', 'R3', 'R3' ]",
    );
    expect(await failure("r2.name()")).toContain("gone");
    expect(await failure("dynamic(new Stone())")).toContain("Stone does not implement Speak");
    expect(await failure("fixed(rex, new Stone())")).toContain("Stone does not implement Speak");
  });

  it("an error of the cell's own type keeps its fields", async () => {
    await define(`
#[derive(Debug)] pub struct Bad { pub at: u32, pub what: String }
impl std::fmt::Display for Bad { fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { write!(f, "{} at {}", self.what, self.at) } }
pub enum Why { Empty, TooLong { by: u32 } }
pub fn parse(s: &str) -> Result<u32, Bad> { s.parse().map_err(|_| Bad { at: 7, what: "no number".into() }) }
pub fn check(s: &str) -> Result<(), Why> { if s.is_empty() { Err(Why::Empty) } else { Err(Why::TooLong { by: s.len() as u32 }) } }
pub fn io() -> std::io::Result<u8> { std::fs::read("/nowhere/at/all").map(|b| b[0]) }`);
    expect(await text("parse('12')")).toBe("12");
    expect(
      await text(
        "const thrown = (f: () => unknown): any => { try { f() } catch (e) { return e } }; const e = thrown(() => parse('x')); [e.name, e.message, e.at, e.what, e instanceof Error]",
      ),
    ).toBe("[ 'Bad', 'no number at 7', 7, 'no number', true ]");
    expect(await text("const w = thrown(() => check('abc')); [w.name, w.kind, w.by]")).toBe(
      "[ 'Why', 'TooLong', 3 ]",
    );
    expect(await failure("io()")).toContain("No such file");
  });

  it("iterators, constants, modules, aliases", async () => {
    await define(`
type Grid = Vec<Vec<u8>>;
pub const NAME: &str = "tandem";
pub static PRIMES: [u32; 3] = [2, 3, 5];
pub struct Countdown { n: u32 }
impl Countdown { pub fn new(n: u32) -> Self { Countdown { n } } }
impl Iterator for Countdown { type Item = u32; fn next(&mut self) -> Option<u32> { if self.n == 0 { None } else { self.n -= 1; Some(self.n) } } }
pub fn flip(g: Grid) -> Grid { g.into_iter().rev().collect() }
pub mod orders {
    pub struct Order { id: u32, secret: u32 }
    impl Order { pub fn id(&self) -> u32 { self.id } fn hidden(&self) -> u32 { self.secret } }
    pub fn place(id: u32, note: Option<String>) -> Order { Order { id, secret: note.map_or(0, |n| n.len() as u32) } }
    mod inside { pub fn never() {} }
}
pub fn id_of(order: &orders::Order) -> u32 { order.id() }`);
    expect(await text("[...new Countdown(3)]")).toBe("[ 2, 1, 0 ]");
    expect(await text("[NAME, [...PRIMES], flip([[1], [2]]).length]")).toBe("[ 'tandem', [ 2, 3, 5 ], 2 ]");
    expect(
      await text(
        "const order = orders.place(4); [order.id(), id_of(order), Object.keys(orders).sort().join()]",
      ),
    ).toBe("[ 4, 4, 'Order,place' ]");
    expect(await text("typeof (order as any).hidden + typeof (orders as any).inside")).toBe(
      "'undefinedundefined'",
    );
    expect(await failure("new orders.Order()")).toContain("has no `pub fn new`");
  });

  it("later cells use the items of earlier ones", async () => {
    await define(`
use std::sync::atomic::{AtomicU32, Ordering};
static MADE: AtomicU32 = AtomicU32::new(0);
pub trait Shout { fn shout(&self) -> String; }
pub struct Item { pub name: String, price: f64 }
impl Item { pub fn new(name: String, price: f64) -> Item { MADE.fetch_add(1, Ordering::SeqCst); Item { name, price } } pub fn price(&self) -> f64 { self.price } }
impl Shout for Item { fn shout(&self) -> String { self.name.to_uppercase() } }
pub struct Size { pub w: u32 }
pub fn made() -> u32 { MADE.load(Ordering::SeqCst) }
pub fn loud(x: &dyn Shout) -> String { x.shout() }`);
    await define(`
pub struct Basket { items: Vec<Item> }
impl Basket { pub fn new() -> Basket { Basket { items: vec![Item::new("first".into(), 1.0)] } } pub fn add(&mut self, item: Item) { self.items.push(item) } pub fn total(&self) -> f64 { self.items.iter().map(|i| i.price()).sum() } }
impl Shout for Basket { fn shout(&self) -> String { self.items.iter().map(|i| i.shout()).collect::<Vec<_>>().join(" ") } }
pub fn wide(s: Size) -> Size { Size { w: s.w * 2 } }`);
    // One copy of the code and its statics, one type in both cells.
    expect(
      await text("const basket = new Basket(); basket.add(new Item('second', 2)); [basket.total(), made()]"),
    ).toBe("[ 3, 2 ]");
    expect(await text("[loud(basket), basket.shout(), wide({ w: 2 }).w]")).toBe(
      "[ 'FIRST SECOND', 'FIRST SECOND', 4 ]",
    );
    const told = await define("pub struct Item { pub only: u8 }\npub fn item() -> Item { Item { only: 1 } }");
    expect(told).toMatch(/cell-\d+\.rs goes on using the earlier `Item`; run it again to use this one/);
    expect(await text("[item().only, basket.total()]")).toBe("[ 1, 3 ]");
  });

  it("an instance of an earlier declaration stays valid and is told from the later one's", async () => {
    await define(
      "pub struct V { n: u32 }\nimpl V { pub fn new() -> V { V { n: 1 } } pub fn n(&self) -> u32 { self.n } }",
    );
    await text("const old = new V()");
    await define(
      "pub struct V { n: u64 }\nimpl V { pub fn new() -> V { V { n: 2 } } pub fn n(&self) -> u64 { self.n } }\npub fn of(v: &V) -> u64 { v.n }",
    );
    expect(await text("[old.n(), new V().n()]")).toBe("[ 1, 2n ]");
    expect(await failure("of(old)")).toContain("one of V of an earlier declaration");
  });

  it("types are checked across languages", async () => {
    await define(`
/// A knob.
pub struct Knob { pub label: String, at: f64 }
impl Knob { pub fn new(label: String) -> Knob { Knob { label, at: 0.0 } } /// Turns it.
 pub fn turn(&mut self, by: f64) -> f64 { self.at += by; self.at } }
pub enum Unit { Cm, Inch { exact: bool } }
pub fn convert(x: f64, to: Unit) -> f64 { x }`);
    await rust.k.run("%config check = strict");
    expect(
      await text(
        "const k = new Knob('a'); k.turn(1); k.label = 'b'; convert(1, { kind: 'Inch', exact: true })",
      ),
    ).toBe("1");
    expect(await failure("k.turn('1')")).toMatch(/string.*number/);
    expect(await failure("convert(1, { kind: 'Foot' })")).toContain("Foot");
    expect(await failure("k.at")).toContain("at");
    await rust.k.run("%config check = warn");
  });

  it("classes work in the pool's workers", async () => {
    await define(
      "pub struct Sum { n: f64 }\nimpl Sum { pub fn new() -> Sum { Sum { n: 0.0 } } pub fn add(&mut self, x: f64) -> f64 { self.n += x; self.n } }",
    );
    expect(
      await text(
        "await pmap([1, 2, 3], (x) => { const s = new Sum(); s.add(x); return s.add(x) }, { force: true })",
      ),
    ).toBe("[ 2, 4, 6 ]");
  });
});

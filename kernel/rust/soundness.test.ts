import { describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";

/** What Rust's compiler takes for granted, where JavaScript could break it: each test would show the corruption. */
describe.skipIf(!hasRust)("soundness of %%rust cells", () => {
  const rust = useRustKernel("tandem-rust-sound-", { types: true });
  const { text, define, failure } = rust;

  it("a shared slice does not change while an .async call reads it", async () => {
    await define(`
use std::{sync::atomic::{AtomicBool, Ordering}, thread, time::Duration};
static GO: AtomicBool = AtomicBool::new(false);
pub fn go() { GO.store(true, Ordering::SeqCst) }
pub fn reads_twice(data: &[f64]) -> bool {
    let before: f64 = data.iter().sum();
    while !GO.load(Ordering::SeqCst) { thread::sleep(Duration::from_millis(1)) }
    before == data.iter().sum::<f64>()
}`);
    expect(
      await text(`
const data = new Float64Array(1000).fill(1);
const call = reads_twice.async(data);
data.fill(2); // the notebook writes meanwhile
structuredClone(data.buffer, { transfer: [data.buffer] }); // and gives the memory away
go();
await call`),
    ).toBe("true");
  });

  it("memory that other threads may write is refused", async () => {
    await define(
      "pub fn sum(data: &[f64]) -> f64 { data.iter().sum() }\npub fn fill(data: &mut [u8]) { data.fill(1) }",
    );
    for (const call of [
      "sum(new Float64Array(new SharedArrayBuffer(8)))",
      "fill(new Uint8Array(new SharedArrayBuffer(8)))",
      "sum.async(new Float64Array(new SharedArrayBuffer(8)))",
    ]) {
      expect(await failure(call)).toMatch(/lies in a SharedArrayBuffer.*Pass a copy/s);
    }
    expect(
      await text(
        "const shared = new Float64Array(new SharedArrayBuffer(16)).fill(2); sum(new Float64Array(shared))",
      ),
    ).toBe("4");
  });

  it("two ways to the same memory, one of them written, are refused", async () => {
    await define(`
/// With the two apart, Rust may read \`step\` once: were they the same memory, the sum would be another.
pub fn add_first(all: &mut [f64], step: &[f64]) { for x in all.iter_mut() { *x += step[0] } }
pub fn both(a: &mut [f64], b: &mut [f64]) { a.copy_from_slice(b) }
pub fn with(all: &mut [f64], f: impl Fn(f64) -> f64, step: &[f64]) { for x in all.iter_mut() { *x += f(step[0]) } }`);
    await text("const a = new Float64Array([1, 1, 1, 1])");
    for (const call of [
      "add_first(a, a)",
      "add_first(a, a.subarray(1, 2))",
      "both(a.subarray(0, 3), a.subarray(1))",
      "add_first(a, new Float64Array(a.buffer, 16, 1))",
      "with_(a, (x) => x, a)",
    ]) {
      expect(await failure(call)).toMatch(/share memory/);
    }
    expect(await text("a.join()")).toBe("'1,1,1,1'");
    expect(
      await text(
        "add_first(a.subarray(0, 2), a.subarray(2)); both(a.subarray(0, 2), a.subarray(2)); a.join()",
      ),
    ).toBe("'1,1,1,1'");
  });

  it("an instance in use by a call cannot be used against it", async () => {
    await define(`
use std::{thread, time::Duration};
pub struct List { items: Vec<u64> }
impl List {
    pub fn new() -> Self { List { items: vec![1, 2, 3] } }
    /// Reads its items while it waits: a push meanwhile could move them.
    pub fn slow_sum(&self) -> u64 { self.items.iter().map(|x| { thread::sleep(Duration::from_millis(30)); x }).sum() }
    pub fn push(&mut self, x: u64) { for _ in 0..10_000 { self.items.push(x) } }
    pub fn slow_push(&mut self) { thread::sleep(Duration::from_millis(60)); self.items.push(9) }
    pub fn visit(&self, f: impl Fn(u64)) { for x in &self.items { f(*x) } }
    pub fn change(&mut self, f: impl Fn(u64) -> u64) { for x in self.items.iter_mut() { *x = f(*x) } }
    pub fn eat(self) -> usize { self.items.len() }
    pub fn len(&self) -> usize { self.items.len() }
}
pub fn two(a: &mut List, b: &List) -> usize { a.push(b.items[0]); b.items.len() }`);
    const busy = /this List is in use by another call/;
    expect(
      await failure(
        "const l = new List(); const s = l.slow_sum.async(); try { l.push(1n) } finally { await s }",
      ),
    ).toMatch(busy);
    expect(await text("const s2 = l.slow_sum.async(); [l.len(), await s2]")).toBe("[ 3, 6n ]");
    expect(await failure("const p = l.slow_push.async(); try { l.len() } finally { await p }")).toMatch(busy);
    expect(await failure("const p2 = l.slow_push.async(); try { l.eat() } finally { await p2 }")).toMatch(
      busy,
    );
    expect(await failure("two(l, l)")).toMatch(busy);
    // A callback that comes back to the instance whose items Rust goes through.
    expect(await failure("l.visit(() => l.push(1n))")).toMatch(busy);
    expect(await failure("l.visit(() => l.eat())")).toMatch(busy);
    expect(await failure("l.change(() => BigInt(l.len()))")).toMatch(busy);
    expect(await text("let n = 0; l.visit((x) => { n += l.len() }); n")).toBe("25");
    expect(await text("const e = new List(); e.visit(() => e[Symbol.dispose]()); 'alive'")).toBe("'alive'");
    expect(await failure("e.len()")).toMatch(/this instance is gone/);
  });

  it("panics and errors of callbacks leave instances usable and nothing lent", async () => {
    expect(await failure("l.change(() => { throw new Error('midway') })")).toContain("midway");
    expect(await text("l.len() > 0")).toBe("true");
    await text("const d = new Float64Array([1, 2, 3])");
    expect(await failure("with_(d, () => { throw new Error('midway') }, new Float64Array([1]))")).toContain(
      "midway",
    );
    expect(await text("with_(d, (x) => x, new Float64Array([1])); d.join()")).toBe("'2,3,4'");
  });

  it("what inspecting shows of Rust's items has their doc comments", async () => {
    await define(`
/// The area of a circle.
///
/// In the unit of the radius, squared.
pub fn area(radius: f64) -> f64 { radius * radius * std::f64::consts::PI }
/// A counter.
pub struct Counter { n: u32 }
impl Counter {
    pub fn new() -> Self { Counter { n: 0 } }
    /// One more.
    pub fn add(&mut self, f: impl Fn(u32) -> bool) -> u32 { if f(self.n) { self.n += 1 } self.n }
}`);
    const area = await rust.k.kernel.inspect("area(1)", 2);
    expect(JSON.stringify(area)).toMatch(/The area of a circle[\s\S]*radius, squared/);
    expect(area?.signature).toMatch(/radius: number/);
    expect(JSON.stringify(await rust.k.kernel.inspect("Counter", 3))).toContain("A counter.");
    const add = await rust.k.kernel.inspect("new Counter().add", 16);
    expect(JSON.stringify(add)).toContain("One more.");
    expect(add?.signature).toMatch(/f: \(?\(a: number\) => boolean/);
  });
});

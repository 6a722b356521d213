import { describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";

describe.skipIf(!hasRust)("functions of the notebook in %%rust cells", () => {
  const rust = useRustKernel("tandem-rust-callbacks-", { types: true });
  const { text, define, failure } = rust;

  it("are called in place, whichever way Rust takes them", async () => {
    await define(`
pub struct Point { pub x: f64, pub y: f64 }
pub enum Step { Go(u32), Stop }
pub fn twice(f: impl Fn(f64) -> f64, x: f64) -> f64 { f(f(x)) }
pub fn each(values: Vec<String>, mut f: impl FnMut(&str, usize)) { for (i, v) in values.iter().enumerate() { f(v, i) } }
pub fn once<F>(f: F) -> String where F: FnOnce() -> String { f() }
pub fn by_ref(f: &dyn Fn(&[f64]) -> Vec<f64>) -> Vec<f64> { f(&[1.0, 2.0]) }
pub fn by_mut(f: &mut dyn FnMut(Point) -> Option<Point>) -> f64 { f(Point { x: 1.0, y: 2.0 }).map_or(0.0, |p| p.x + p.y) }
pub fn boxed(f: Box<dyn Fn(u64) -> u64>) -> u64 { f(u64::MAX) }
pub fn shared(f: std::sync::Arc<dyn Fn(Step) -> Step + Send + Sync>) -> bool { matches!(f(Step::Go(3)), Step::Stop) }
pub fn nested(f: impl Fn(i32) -> i32, g: impl Fn(i32) -> i32) -> i32 { f(1) * 10 + g(2) }`);
    expect(await text("twice((x) => x * 3, 2)")).toBe("18");
    expect(
      await text("const seen: string[] = []; each(['a', 'é'], (v, i) => seen.push(v + i)); seen.join()"),
    ).toBe("'a0,é1'");
    expect(await text("once(() => 'one')")).toBe("'one'");
    expect(await text("by_ref((a) => a.map((x) => x + 0.5))")).toBe("Float64Array(2) [ 1.5, 2.5 ]");
    expect(await text("[by_mut(({ x, y }) => ({ x: y, y: x * 10 })), by_mut(() => null)]")).toBe("[ 12, 0 ]");
    expect(await text("boxed((n) => n - 1n)")).toBe("18446744073709551614n");
    expect(await text("shared((s) => (s.kind === 'Go' ? 'Stop' : s))")).toBe("true");
    expect(await text("nested((a) => twice((x) => x + a, 1), (b) => b)")).toBe("32");
  });

  it("have types: what Rust passes and what it wants back", async () => {
    const { stderr } = await rust.k.run("twice((x: string) => 1, 2)");
    expect(stderr).toMatch(/TS2345/);
    expect(await failure("twice((x) => 'no' as never, 2)")).toMatch(
      /twice: f's result is an f64: a number is expected, and it is a string/,
    );
    expect(await failure("twice(3 as never, 2)")).toMatch(
      /twice: f: a function is expected, and it is a number/,
    );
  });

  it("throw the very error that they threw, through Rust's frames", async () => {
    expect(
      await text(`
class Mine extends Error { extra = 7 }
const thrown = new Mine("stop here");
let caught: unknown;
try { twice(() => { throw thrown }, 1) } catch (error) { caught = error }
[caught === thrown, (caught as Mine).extra]`),
    ).toBe("[ true, 7 ]");
    expect(
      await text("let bare: unknown; try { twice(() => { throw 42 }, 1) } catch (e) { bare = e }\nbare"),
    ).toBe("42");
    await define(`
pub fn read(f: impl Fn() -> Result<u8, String>) -> Result<u8, String> { f().map(|n| n + 1) }
pub fn wrapped(f: impl Fn() -> Result<u8, Box<dyn std::error::Error>>) -> String {
    match f() { Ok(n) => format!("{n}"), Err(error) => format!("handled: {error}") }
}
pub struct Guard; impl Drop for Guard { fn drop(&mut self) { println!("dropped") } }
pub fn guarded(f: impl Fn()) { let _guard = Guard; f() }`);
    expect(await text("[read(() => 1), wrapped(() => 2)]")).toBe("[ 2, '2' ]");
    expect(await text("wrapped(() => { throw new Error('no') })")).toBe("'handled: no'");
    expect(
      await text(
        "let e: unknown; try { read(() => { throw thrown }) } catch (error) { e = error } e === thrown",
      ),
    ).toBe("true");
    const { stdout } = await rust.k.run("try { guarded(() => { throw thrown }) } catch {}");
    expect(stdout).toBe("dropped\n");
  });

  it("come from Rust's threads while the notebook waits in the same call", async () => {
    await define(`
use std::thread;
pub fn threads(n: u32, f: impl Fn(u32) -> u32 + Send + Sync) -> u32 {
    thread::scope(|s| {
        let all: Vec<_> = (0..n).map(|i| { let f = &f; s.spawn(move || f(i)) }).collect();
        all.into_iter().map(|t| t.join().unwrap()).sum()
    })
}
pub fn moved<F: Fn(String) + Send + 'static>(f: F) { thread::spawn(move || f("from a thread".into())).join().unwrap(); }
pub fn sum_with(data: &mut [f64], f: impl Fn(f64) -> f64 + Sync) { thread::scope(|s| { s.spawn(|| for x in data.iter_mut() { *x = f(*x) }); }); }`);
    expect(await text("threads(8, (i) => i * i)")).toBe("140");
    expect(await text("let said = ''; moved((s) => { said = s }); said")).toBe("'from a thread'");
    expect(await text("threads(4, (i) => threads(2, (j) => i + j))")).toBe("16");
    expect(await text("const d = new Float64Array([1, 2]); sum_with(d, (x) => x * 10); d")).toBe(
      "Float64Array(2) [ 10, 20 ]",
    );
    expect(await failure("threads(2, () => { throw new Error('in a thread') })")).toMatch(
      /panicked[\s\S]*in a thread/,
    );
  });

  it("come from .async and from threads that outlive the call, while the notebook goes on", async () => {
    expect(await text("await threads.async(4, (i) => i)")).toBe("6");
    expect(await text("const plusOne = (x: number) => x + 1; await twice.async(plusOne, 2)")).toBe("4");
    await define(`
use std::{thread, time::Duration};
pub fn later(f: impl Fn(u32) + Send + 'static) {
    thread::spawn(move || for i in 0..3 { thread::sleep(Duration::from_millis(5)); f(i) });
}`);
    expect(
      await text(
        "await new Promise((done) => { const got: number[] = []; later((i) => { got.push(i); if (i === 2) done(got.join()) }) })",
      ),
    ).toBe("'0,1,2'");
  });

  it("what a callback prints belongs to the cell that handed it over", async () => {
    const first = await rust.k.run("later((i) => console.log('from the first', i))");
    const second = await rust.k.run("await new Promise((r) => setTimeout(r, 300)); console.log('second')");
    expect(second.stdout).toBe("second\n");
    expect(first.stdout).toBe("from the first 0\nfrom the first 1\nfrom the first 2\n");
  });

  it("a thread that can never be served is told so, instead of a deadlock", async () => {
    await define(`
use std::thread;
pub fn keep(f: impl Fn(u32) + Send + 'static) { KEPT.lock().unwrap().replace(Box::new(f)); }
static KEPT: std::sync::Mutex<Option<Box<dyn Fn(u32) + Send>>> = std::sync::Mutex::new(None);
pub fn wait_for_it() -> String {
    let f = KEPT.lock().unwrap().take().unwrap();
    match thread::spawn(move || f(1)).join() { Ok(()) => "called".into(), Err(e) => e.downcast::<String>().map(|s| *s).unwrap_or_default() }
}`);
    await text("keep(() => {})");
    expect(await text("wait_for_it()")).toMatch(/waits in a call of Rust[\s\S]*\.async/);
    await text("keep(() => {})");
    expect(await text("await wait_for_it.async()")).toBe("'called'");
  });

  it("are kept by instances, and let go of with them", async () => {
    await define(`
pub struct Bell { ring: Vec<Box<dyn Fn(&str) -> u32>> }
impl Bell {
    pub fn new() -> Self { Bell { ring: vec![] } }
    pub fn on(&mut self, f: impl Fn(&str) -> u32 + 'static) { self.ring.push(Box::new(f)) }
    pub fn ring(&self, name: &str) -> u32 { self.ring.iter().map(|f| f(name)).sum() }
    pub fn fill(&self, data: &mut [f64]) { for x in data.iter_mut() { *x = self.ring("x") as f64; } }
    pub fn change(&mut self) -> u32 { self.ring.iter().map(|f| f("change")).sum() }
}`);
    expect(
      await text("const bell = new Bell(); bell.on((n) => n.length); bell.on(() => 10); bell.ring('abc')"),
    ).toBe("13");
    // The callback uses the instance that is being read: allowed; one that is being written: refused.
    expect(await text("bell.on(() => { return bell === undefined ? 0 : 1 }); bell.ring('')")).toBe("11");
    expect(await failure("const b2 = new Bell(); b2.on(() => b2.ring('')); b2.change()")).toMatch(
      /this Bell is in use by another call/,
    );
    // Disposed of in mid-call: the memory stays until the call has ended.
    expect(
      await text(
        "const b3 = new Bell(); b3.on(() => { b3[Symbol.dispose](); return 1 }); b3.on(() => 2); b3.ring('')",
      ),
    ).toBe("3");
    expect(await failure("b3.ring('')")).toMatch(/this instance is gone/);
  });

  it("a callback that takes an array's memory away corrupts nothing", async () => {
    await define(`
pub fn sum_after(data: &[f64], f: impl Fn()) -> f64 { f(); data.iter().sum() }
pub fn write_after(data: &mut [f64], f: impl Fn()) { f(); for x in data.iter_mut() { *x = 7.0 } }
pub fn stable(data: &[f64], f: impl Fn()) -> bool { let before: f64 = data.iter().sum(); f(); before == data.iter().sum::<f64>() }`);
    await text("const detach = (a: Float64Array) => { structuredClone(a.buffer, { transfer: [a.buffer] }) }");
    expect(await text("const a = new Float64Array(100_000).fill(1); sum_after(a, () => detach(a))")).toBe(
      "100000",
    );
    expect(await failure("const b = new Float64Array(100_000); write_after(b, () => detach(b))")).toMatch(
      /write_after: data was detached or resized while the call ran/,
    );
    // Rust may read a shared slice twice and get the same: JavaScript cannot write into it meanwhile.
    expect(await text("const c = new Float64Array(10); [stable(c, () => c.fill(9)), c[0]]")).toBe(
      "[ true, 9 ]",
    );
    // An instance that keeps a callback: its methods take arrays, too.
    expect(await text("const b4 = new Bell(), m = new Float64Array(3); b4.on(() => 5); b4.fill(m); m")).toBe(
      "Float64Array(3) [ 5, 5, 5 ]",
    );
    expect(
      await failure(
        "const b5 = new Bell(), n = new Float64Array(3); b5.on(() => { detach(n); return 1 }); b5.fill(n)",
      ),
    ).toMatch(/data was detached or resized/);
    // A getter among the arguments hands Rust a function before the call begins, which then writes to the array.
    await define(`
use std::cell::RefCell;
thread_local! { static HELD: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) }; }
pub fn hold(f: impl Fn() + 'static) { HELD.set(Some(Box::new(f))) }
pub fn two_reads(_numbers: Vec<f64>, data: &[f64]) -> bool {
    let before: f64 = data.iter().sum();
    HELD.with_borrow(|f| f.as_ref().unwrap()());
    before == data.iter().sum::<f64>()
}`);
    expect(
      await text(`
const p = new Float64Array([1, 2]), sly = [0];
Object.defineProperty(sly, 0, { get() { hold(() => p.fill(9)); return 1 } });
[two_reads(sly, p), p[0]]`),
    ).toBe("[ true, 9 ]");
  });

  it("what cannot cross to or from a callback is said at its place", async () => {
    expect(await failure("%%rust\npub struct C { x: u8 }\npub fn f(g: impl Fn(&C)) { }")).toMatch(
      /reference to this would be gone[\s\S]*:3:21\n[\s\S]*Pass it by value/,
    );
    expect(await failure("%%rust\npub struct C { x: u8 }\npub fn f(g: impl Fn() -> C) { }")).toMatch(
      /cannot hand an instance of a class to Rust/,
    );
    expect(await failure("%%rust\npub fn f(g: Vec<Box<dyn Fn()>>) { }")).toMatch(/parameter of its own/);
  });
});

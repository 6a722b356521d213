import { describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";

describe.skipIf(!hasRust)("results of %%rust cells that come piece by piece", () => {
  const rust = useRustKernel("tandem-rust-lazy-", { types: true });
  const { text, define, failure } = rust;

  it("iterators are iterables that make each item when it is asked for", async () => {
    await define(`
pub struct Point { pub x: u32 }
pub fn squares(from: u64) -> impl Iterator<Item = u64> { (from..).map(|n| { println!("made {n}"); n * n }) }
pub fn gaps() -> Box<dyn Iterator<Item = Option<u8>>> { Box::new([Some(1), None, Some(3)].into_iter()) }
pub fn points(n: u32) -> Result<impl Iterator<Item = Point> + Send, String> {
    if n == 0 { return Err("none".into()) }
    Ok((0..n).map(|x| Point { x }))
}
pub fn mapped(values: Vec<f64>, f: impl Fn(f64) -> f64 + 'static) -> impl Iterator<Item = f64> { values.into_iter().map(f) }
pub struct Noisy; impl Drop for Noisy { fn drop(&mut self) { println!("dropped") } }
pub fn noisy() -> impl Iterator<Item = u8> { let held = Noisy; std::iter::repeat_with(move || { let _ = &held; 7 }) }
pub fn failing() -> impl Iterator<Item = u8> { (0..).map(|n: u8| if n == 2 { panic!("at two") } else { n }) }`);
    const { stdout, result } = await rust.k.run(
      "const firsts: bigint[] = []; for (const s of squares(3n)) { firsts.push(s); if (firsts.length === 2) break }\nfirsts",
    );
    expect(result?.["text/plain"]).toBe("[ 9n, 16n ]");
    expect(stdout).toBe("made 3\nmade 4\n");
    expect(await text("[...gaps()]")).toBe("[ 1, null, 3 ]");
    expect(await text("[...points(2)]")).toBe("[ { x: 0 }, { x: 1 } ]");
    expect(await failure("points(0)")).toContain("Error: none");
    expect(await text("[...(await points.async(3))].length")).toBe("3");
    expect(await failure("await squares.async(1n)")).toMatch(/cannot leave its thread/);
    expect(await text("[...mapped([1, 2], (x) => x * 10)]")).toBe("[ 10, 20 ]");
    expect(await text("const it = gaps(); it.next(); it")).toContain("iterator of gaps");
    expect((await rust.k.run("for (const n of noisy()) break")).stdout).toBe("dropped\n");
    expect((await rust.k.run("{ using n = noisy(); n.next() }")).stdout).toBe("dropped\n");
    expect(await failure("[...failing()]")).toMatch(/panicked: at two/);
    expect((await rust.k.run("const bad: string[] = [...points(1)]")).stderr).toMatch(/Point/);
  });

  it("a channel's receiver is an async iterable", async () => {
    await define(`
use std::{sync::mpsc::{channel, sync_channel, Receiver}, thread, time::Duration};
pub fn ticks(n: u32, ms: u64) -> Receiver<u32> {
    let (to, from) = channel();
    thread::spawn(move || for i in 0..n { thread::sleep(Duration::from_millis(ms)); if to.send(i).is_err() { println!("nobody listens"); return } });
    from
}
pub fn burst(n: u32) -> Receiver<Option<u32>> {
    let (to, from) = sync_channel(4);
    thread::spawn(move || for i in 0..n { to.send(if i % 2 == 0 { Some(i) } else { None }).unwrap() });
    from
}`);
    expect(await text("const got: number[] = []; for await (const t of ticks(3, 5)) got.push(t); got")).toBe(
      "[ 0, 1, 2 ]",
    );
    expect(
      await text(
        "let some = 0, none = 0; for await (const b of burst(1000)) b === null ? none++ : some++; [some, none]",
      ),
    ).toBe("[ 500, 500 ]");
    // More channels than the pool has threads, and the pool's own work goes on.
    await define("pub fn one() -> u8 { 1 }");
    expect(
      await text(`
const all = Array.from({ length: 12 }, () => ticks(2, 50));
const firsts2 = all.map((t) => t.next());
const during = await one.async();
[during, (await Promise.all(firsts2)).length, (await Promise.all(all.map((t) => t.next()))).at(-1)?.value]`),
    ).toBe("[ 1, 12, 1 ]");
    const { stdout } = await rust.k.run(
      "for await (const t of ticks(100, 1)) if (t === 2) break\nawait new Promise((r) => setTimeout(r, 100))",
    );
    expect(stdout).toBe("nobody listens\n");
  });

  it("what cannot be lazy is said at its place", async () => {
    expect(
      await failure(
        "%%rust\npub fn f<'a>(x: &'a [f64]) -> impl Iterator<Item = f64> + 'a { x.iter().copied() }",
      ),
    ).toMatch(/borrows from an argument[\s\S]*:2:59[\s\S]*by value/);
    expect(await failure("%%rust\npub fn f() -> impl Fn() -> u8 { || 1 }")).toMatch(
      /iterators alone have a counterpart/,
    );
  });
});

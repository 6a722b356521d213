import { beforeAll, describe, expect, it } from "vitest";
import { TestKernel } from "../../test/kernel.ts";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";
import { until } from "../../test/until.ts";
import { isAlive } from "../is-alive.ts";

const cell = `%%rust --isolate
use std::collections::HashMap;
#[derive(Clone)]
pub struct P { pub x: f64, pub tag: Option<String> }
pub const MOST: u32 = 7;
pub fn scale(values: &mut [f64], by: f64) -> f64 { for v in values.iter_mut() { *v *= by } values.iter().sum() }
pub fn twice(p: P) -> Vec<P> { vec![p.clone(), p] }
pub fn count(text: &str) -> HashMap<char, u64> { let mut m = HashMap::new(); for c in text.chars() { *m.entry(c).or_default() += 1 } m }
pub fn refuse(n: u32) -> Result<u32, String> { if n > 1 { Err(format!("{n} is too many")) } else { Ok(n) } }
pub fn panics() { panic!("no") }
pub fn say() { println!("said there") }
pub fn pid() -> u32 { std::process::id() }
pub fn segfault() { unsafe { std::ptr::null_mut::<u8>().write_volatile(1) } }
pub fn abort() { std::process::abort() }
pub fn exit() { std::process::exit(3) }
pub fn forever() { loop { std::hint::black_box(0); } }
pub mod inner { pub fn deep() -> u8 { 4 } }`;

describe.skipIf(!hasRust)("%%rust --isolate", () => {
  const rust = useRustKernel("tandem-isolate-");
  const { text, failure } = rust;
  beforeAll(async () => {
    await text(cell);
    await text("let kept = 41");
  });

  it("calls as other cells do: types, arrays that are written to, errors, output", async () => {
    expect(await text("const xs = Float64Array.of(1, 2); [scale(xs, 3), xs.join()]")).toBe("[ 9, '3,6' ]");
    expect(await text("twice({ x: 1, tag: 'a' })")).toBe("[ { x: 1, tag: 'a' }, { x: 1, tag: 'a' } ]");
    expect(await text("[count('abba').get('b'), MOST, inner.deep(), scale.name]")).toBe(
      "[ 2n, 7, 4, 'scale' ]",
    );
    expect(await text("await scale.async(Float64Array.of(2), 2)")).toBe("4");
    expect(await failure("refuse(2)")).toContain("2 is too many");
    expect(await failure("panics()")).toContain("no");
    expect(await failure("scale([1], 2)")).toContain("TypeError");
    expect((await rust.k.run("console.log('before'); say(); console.log('after')")).stdout).toBe(
      "before\nsaid there\nafter\n",
    );
    expect(await text("pid() === process.pid")).toBe("false");
  });

  it.each([
    ["segfault()", "SIGSEGV"],
    ["abort()", "SIGABRT"],
    ["exit()", "exit code 3"],
    ["await segfault.async()", "SIGSEGV"],
  ])("the notebook lives on after %s", async (source, how) => {
    expect(await failure(source)).toContain(how);
    expect(await text("kept + refuse(1)")).toBe("42");
  });

  it("an interrupt ends an endless loop, and nothing else", async () => {
    const there = Number(await text("pid()"));
    const { done } = rust.k.start("forever()");
    await new Promise((resolve) => setTimeout(resolve, 500));
    rust.k.interrupt();
    expect((await done).status).toBe("error");
    expect(await text("kept + refuse(1)")).toBe("42");
    expect(Number(await text("pid()"))).not.toBe(there);
    expect(isAlive(there)).toBe(false);
  });

  it.each([
    ["C", "pub struct C { n: u8 }\nimpl C { pub fn new() -> C { C { n: 1 } } }"],
    ["Logger", "pub struct Logger { pub n: u8 }\nimpl Drop for Logger { fn drop(&mut self) {} }"],
    ["Speak", "pub trait Speak { fn say(&self) -> u8; }"],
    ["each", "pub fn each(f: impl Fn(u8) -> u8) -> u8 { f(1) }"],
    ["keep", "pub fn keep(f: Box<dyn Fn(u8) + Send>) { f(1) }"],
    ["counted", "pub fn counted() -> impl Iterator<Item = u8> { 0..3u8 }"],
    ["told", "pub fn told() -> std::sync::mpsc::Receiver<u8> { std::sync::mpsc::channel().1 }"],
  ])("refuses what is more than data: %s", async (name, source) => {
    const said = await failure(`%%rust --isolate\n${source}`);
    expect(said).toContain(`--isolate takes functions of data, and ${name} is more than that`);
    expect(said).toContain("Put the functions that may crash into a cell of their own");
  });

  it("refuses an instance of another cell's class", async () => {
    await rust.define(
      "pub struct Held { n: u8 }\nimpl Held { pub fn new() -> Held { Held { n: 1 } } pub fn n(&self) -> u8 { self.n } }",
    );
    expect(await failure("%%rust --isolate\npub fn look(held: &Held) -> u8 { held.n() }")).toContain(
      "look is more than that",
    );
  });

  it.skipIf(process.platform === "win32")("its process ends with the engine, whatever it runs", async () => {
    const other = new TestKernel(rust.folder);
    await other.run(cell);
    const [there, engine] = [
      Number((await other.run("pid()")).result?.["text/plain"]),
      Number((await other.run("process.pid")).result?.["text/plain"]),
    ];
    const { done } = other.start("forever()");
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.kill(engine, "SIGKILL");
    await done;
    await until(() => !isAlive(there));
    await other.close();
  });
});

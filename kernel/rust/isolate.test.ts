import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestKernel } from "../../test/kernel.ts";
import { isAlive } from "../is-alive.ts";
import { findToolchain } from "./toolchain.ts";

const rust = await findToolchain().then(
  () => true,
  () => false,
);

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
};

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

describe.skipIf(!rust)("%%rust --isolate", () => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-isolate-"));
  let k: TestKernel;
  beforeAll(async () => {
    process.env.TANDEM_CACHE = join(folder, "cache");
    k = new TestKernel(folder);
    const { error } = await k.run(cell);
    expect(error?.traceback.join("\n")).toBeUndefined();
    await k.run("let kept = 41");
  });
  afterAll(async () => {
    await k.close();
    delete process.env.TANDEM_CACHE;
    rmSync(folder, { recursive: true, force: true });
  });

  const value = async (source: string) => {
    const { error, result } = await k.run(source);
    expect(error?.traceback.join("\n")).toBeUndefined();
    return result?.["text/plain"];
  };
  const failure = async (source: string) => (await k.run(source)).error?.traceback.join("\n") ?? "no error";

  it("calls as other cells do: types, arrays that are written to, errors, output", async () => {
    expect(await value("const xs = Float64Array.of(1, 2); [scale(xs, 3), xs.join()]")).toBe("[ 9, '3,6' ]");
    expect(await value("twice({ x: 1, tag: 'a' })")).toBe("[ { x: 1, tag: 'a' }, { x: 1, tag: 'a' } ]");
    expect(await value("[count('abba').get('b'), MOST, inner.deep(), scale.name]")).toBe(
      "[ 2n, 7, 4, 'scale' ]",
    );
    expect(await value("await scale.async(Float64Array.of(2), 2)")).toBe("4");
    expect(await failure("refuse(2)")).toContain("2 is too many");
    expect(await failure("panics()")).toContain("no");
    expect(await failure("scale([1], 2)")).toContain("TypeError");
    expect((await k.run("console.log('before'); say(); console.log('after')")).stdout).toBe(
      "before\nsaid there\nafter\n",
    );
    expect(await value("pid() === process.pid")).toBe("false");
  });

  it.each([
    ["segfault()", "SIGSEGV"],
    ["abort()", "SIGABRT"],
    ["exit()", "exit code 3"],
    ["await segfault.async()", "SIGSEGV"],
  ])("the notebook lives on after %s", async (source, how) => {
    expect(await failure(source)).toContain(how);
    expect(await value("kept + refuse(1)")).toBe("42");
  });

  it("an interrupt ends an endless loop, and nothing else", async () => {
    const there = Number(await value("pid()"));
    const { done } = k.start("forever()");
    await new Promise((resolve) => setTimeout(resolve, 500));
    k.interrupt();
    expect((await done).status).toBe("error");
    expect(await value("kept + refuse(1)")).toBe("42");
    expect(Number(await value("pid()"))).not.toBe(there);
    expect(isAlive(there)).toBe(false);
  });

  it("says what it does not take", async () => {
    const classes = "%%rust --isolate\npub struct C { n: u8 }\nimpl C { pub fn new() -> C { C { n: 1 } } }";
    expect(await failure(classes)).toContain("C is more than that");
    expect(await failure("%%rust --isolate\npub fn each(f: impl Fn(u8) -> u8) -> u8 { f(1) }")).toContain(
      "each is more",
    );
  });

  it.skipIf(process.platform === "win32")("its process ends with the engine, whatever it runs", async () => {
    const other = new TestKernel(folder);
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

import { describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";
import { findToolchain } from "./toolchain.ts";

/** Against the real compiler; without one there is nothing to test but its absence, which has its own test below. */
describe.skipIf(!hasRust)("%%rust", () => {
  const rust = useRustKernel("tandem-rust-");
  const { text, define, failure } = rust;

  it("makes every pub fn callable", async () => {
    await define(`
fn helper(n: u32) -> u64 { if n < 2 { n as u64 } else { helper(n - 1) + helper(n - 2) } }
pub fn fib(n: u32) -> u64 { helper(n) }
pub fn hello(name: &str) -> String { format!("hello, {name}") }
pub fn delete(x: bool) -> bool { !x }`);
    expect(await text("fib(20)")).toBe("6765n");
    expect(await text("hello('Zoë 🦀')")).toBe("'hello, Zoë 🦀'");
    expect(await text("delete_(true)")).toBe("false");
    expect(await text("typeof helper")).toBe("'undefined'");
  });

  it("takes and gives every number by its range, never wrapped", async () => {
    const names = [
      "i8",
      "i16",
      "i32",
      "u8",
      "u16",
      "u32",
      "i64",
      "u64",
      "i128",
      "u128",
      "isize",
      "usize",
      "f32",
      "f64",
    ];
    await define(names.map((name) => `pub fn ${name}_(x: ${name}) -> ${name} { x }`).join("\n"));
    expect(
      await text("[i8_(-128), u8_(255), i16_(-32768), u16_(65535), i32_(-(2**31)), u32_(2**32-1)].join()"),
    ).toBe("'-128,255,-32768,65535,-2147483648,4294967295'");
    expect(
      await text(
        "[i64_(-(2n**63n)), u64_(2n**64n-1n), i128_(-(2n**127n)), u128_(2n**128n-1n), i64_(-7)].join()",
      ),
    ).toBe(
      "'-9223372036854775808,18446744073709551615,-170141183460469231731687303715884105728,340282366920938463463374607431768211455,-7'",
    );
    expect(await text("[f64_(0.1), f64_(-0), f32_(0.5), isize_(-9), usize_(9)]")).toBe(
      "[ 0.1, -0, 0.5, -9, 9 ]",
    );
    for (const call of [
      "u8_(256)",
      "u8_(-1)",
      "i8_(1.5)",
      "u32_(NaN)",
      "i64_(2n**63n)",
      "u64_(-1n)",
      "u128_(2n**128n)",
      "i64_(2**53)",
      "usize_(Infinity)",
    ]) {
      expect(await failure(call), call).toMatch(/RangeError.*(u|i)\d*/);
    }
    expect(await failure("u8_('1')")).toMatch(
      /TypeError.*u8_: x is an u8|TypeError.*u8_: x is a u8|TypeError/,
    );
    expect(await failure("u8_()")).toContain("missing");
    expect(await failure("u8_(1, 2)")).toContain("takes 1 argument");
  });

  it("lends slices without a copy and writes through &mut", async () => {
    await define(`
pub fn sum(xs: &[f64]) -> f64 { xs.iter().sum() }
pub fn double(xs: &mut [f64]) { for x in xs { *x *= 2.0 } }
pub fn add(into: &mut [f64], from: &[f64]) { for (a, b) in into.iter_mut().zip(from) { *a += b } }`);
    expect(await text("const a = Float64Array.of(1, 2, 3); double(a); [sum(a), ...a]")).toBe(
      "[ 12, 2, 4, 6 ]",
    );
    expect(await text("const part = new Float64Array(a.buffer, 8, 1); double(part); [...a]")).toBe(
      "[ 2, 8, 6 ]",
    );
    expect(await text("sum(new Float64Array(0)) === 0")).toBe("true");
    expect(await failure("sum(new Float32Array(1))")).toContain("Float64Array is expected");
    expect(await failure("sum([1, 2])")).toContain("Float64Array is expected");
    expect(await failure("add(a, a)")).toMatch(/into and from share memory/);
    expect(await failure("add(a, a.subarray(1, 2))")).toMatch(/share memory/);
    expect(await text("add(a.subarray(0, 1), a.subarray(1, 2)); [...a]")).toBe("[ 10, 8, 6 ]");
    expect(await failure("sum(new Float64Array(new SharedArrayBuffer(8)))")).toContain("SharedArrayBuffer");
  });

  it("lends arrays after the getters of other arguments have run, which may detach them", async () => {
    await define("pub fn seen(xs: &[f64], names: Vec<String>) -> usize { xs.len() + names.len() }");
    const source = `
const lent = Float64Array.of(1, 2, 3);
const names = ["x"];
Object.defineProperty(names, 0, { get() { structuredClone(lent.buffer, { transfer: [lent.buffer] }); return "y"; } });
[seen(lent, names), lent.length]`;
    expect(await text(source)).toBe("[ 1, 0 ]");
  });

  it("gives vectors, options, tuples and nested values", async () => {
    await define(`
pub fn squares(n: u32) -> Vec<f64> { (0..n).map(|x| (x * x) as f64).collect() }
pub fn words(text: &str) -> Vec<String> { text.split(' ').map(String::from).collect() }
pub fn join(words: Vec<String>, with: Option<char>) -> String { words.join(&with.unwrap_or('-').to_string()) }
pub fn total(rows: Vec<Vec<i32>>) -> Vec<i64> { rows.iter().map(|r| r.iter().map(|x| *x as i64).sum()).collect() }
pub fn find(xs: &[i32], x: i32) -> Option<usize> { xs.iter().position(|y| *y == x) }
pub fn both(pair: (u8, String)) -> (String, Vec<bool>) { (pair.1, vec![pair.0 > 1, true]) }`);
    expect(await text("const s = squares(4); [s instanceof Float64Array, ...s]")).toBe(
      "[ true, 0, 1, 4, 9 ]",
    );
    expect(await text("squares(0).length")).toBe("0");
    expect(await text("words('a b')")).toBe("[ 'a', 'b' ]");
    expect(await text("[join(['x', 'y']), join(['x', 'y'], '+'), join([], null)]")).toBe(
      "[ 'x-y', 'x+y', '' ]",
    );
    expect(await text("[...total([[1, 2], [], [-5]])].join()")).toBe("'3,0,-5'");
    expect(await text("[find(Int32Array.of(5, 6), 6), find(new Int32Array(1), 6)]")).toBe("[ 1, null ]");
    expect(await text("both([2, 'é'])")).toBe("[ 'é', [ true, true ] ]");
    expect(await failure("total([[1], ['2']])")).toContain("rows[1][0]");
    expect(await failure("both([1])")).toContain("2 elements are expected");
  });

  it("turns errors and panics into Errors, and nothing dies", async () => {
    await define(`pub fn half(n: u32) -> Result<u32, String> { if n % 2 == 0 { Ok(n / 2) } else { Err(format!("{n} is odd")) } }
pub fn parse(s: &str) -> Result<i32, std::num::ParseIntError> { s.parse() }
#[derive(Debug)] pub enum Odd { Very }
pub fn only_debug() -> Result<(), Odd> { Err(Odd::Very) }
pub fn at(xs: &[u8], i: usize) -> u8 { xs[i] }`);
    expect(await text("[half(4), parse('12')]")).toBe("[ 2, 12 ]");
    expect(await failure("half(3)")).toContain("3 is odd");
    expect(await failure("parse('x')")).toContain("invalid digit");
    expect(await failure("only_debug()")).toContain("Very");
    const { number } = await rust.k.run("1");
    const panic = await failure("at(Uint8Array.of(1), 3)");
    expect(panic).toMatch(
      /panicked: index out of bounds: the len is 1 but the index is 3 \(cell-\d+\.rs:6:\d+\)/,
    );
    expect((await rust.k.run("1")).number).toBe(number + 2);
    expect(
      await text(
        "let code; try { at(new Uint8Array(0), 0) } catch (e) { code = (e as { code: string }).code } code",
      ),
    ).toBe("'RUST_PANIC'");
  });

  it("calls on another thread with the event loop free, on copies", async () => {
    await define(`pub fn slow(ms: u64, xs: &mut [f64]) -> f64 { std::thread::sleep(std::time::Duration::from_millis(ms)); xs[0] += 1.0; xs[0] }
pub fn boom() { panic!("no") }`);
    const source = `
const data = Float64Array.of(41);
let ticks = 0;
const timer = setInterval(() => ticks++, 1);
const promise = slow.async(100, data);
data[0] = 0; // The call has its copy.
const answer = await promise;
clearInterval(timer);
[answer, data[0], ticks > 5]`;
    expect(await text(source)).toBe("[ 42, 0, true ]");
    expect(await failure("await boom.async()")).toMatch(/panicked: no \(cell-\d+\.rs:3:\d+\)/);
    expect(await failure("slow.async('x', data)")).toContain("TypeError");
  });

  it("shows what it prints in the cell that calls, also without a line feed, in order", async () => {
    await define(`pub fn say(x: i32) { println!("line {x}"); print!("rest {x}"); }`);
    const { stdout } = await rust.k.run("console.log('before'); say(1); console.log(' after'); say(2)");
    expect(stdout).toBe("before\nline 1\nrest 1 after\nline 2\nrest 2");
  });

  it("shows the compiler's message at the cell's own lines", async () => {
    const { error, number } = await rust.k.run(
      '%%rust\npub fn f() -> u8 {\n    let x: u8 = 256;\n    "a"\n}',
    );
    const shown = error?.traceback.join("\n");
    expect(error?.ename).toBe("RustError");
    expect(error?.evalue).toBe("error[E0308]: mismatched types");
    expect(shown).toContain(`--> cell-${number}.rs:4:5`);
    expect(shown).toContain('4 |     "a"');
    expect(await failure("%%rust\npub fn f( {")).toMatch(/cell-\d+\.rs:2:/);
  });

  it("says what cannot be exported, and what to write instead", async () => {
    const shown = await failure(
      "%%rust\n\npub fn pick<T>(xs: Vec<T>) -> usize { xs.len() }\npub fn s(x: &str) -> &str { x }",
    );
    expect(shown).toMatch(/--> cell-\d+\.rs:3:13/);
    expect(shown).toMatch(/--> cell-\d+\.rs:4:22/);
    expect(shown).toContain("Return an owned value");
  });

  it("replaces a function when its cell has changed", async () => {
    await define("pub fn version() -> u8 { 1 }");
    expect(await text("version()")).toBe("1");
    await define("pub fn version() -> u8 { 2 }");
    expect(await text("version()")).toBe("2");
  });

  it("has options for checks, a namespace and numbers", async () => {
    const body = "pub fn next(x: i32) -> i32 { x + 1 }\npub fn big() -> u64 { 1 << 40 }";
    await rust.k.run(`%%rust --debug --as checked\n${body}`);
    expect(await failure("checked.next(2 ** 31 - 1)")).toContain("attempt to add with overflow");
    await rust.k.run(`%%rust --as plain --int64 number\n${body}`);
    expect(await text("[plain.next(2 ** 31 - 1), plain.big()]")).toBe("[ -2147483648, 1099511627776 ]");
    expect((await rust.k.run("%%rust --int64 bigint\n")).error?.evalue).toContain("--int64 bigint");
  });

  it("builds crates once and runs rayon in a cell", { timeout: 240_000 }, async () => {
    const cell = `%%rust --dep rayon
use rayon::prelude::*;
pub fn sum_of_squares(xs: &[f64]) -> f64 { xs.par_iter().map(|x| x * x).sum() }
pub fn threads() -> usize { rayon::current_num_threads() }`;
    const first = await rust.k.run(cell);
    expect(first.error?.traceback.join("\n")).toBeUndefined();
    expect(first.displays.at(-1)?.data["text/plain"]).toMatch(/^Crates built/);
    expect(await text("[sum_of_squares(Float64Array.of(1, 2, 3)), threads() >= 1]")).toBe("[ 14, true ]");
    expect((await rust.k.run(cell)).displays).toEqual([]);
    const panics = `%%rust --dep rayon
use rayon::prelude::*;
pub fn boom(n: u32) { (0..n).into_par_iter().for_each(|i| if i == 77 { panic!("at {i}") }) }`;
    expect((await rust.k.run(panics)).error).toBeUndefined();
    expect(await failure("boom(100)")).toMatch(/panicked: at 77 \(cell-\d+\.rs:3:\d+\)/);
    // One pool for all cells: what one of them sets up is there in the other.
    const other = "pub fn set_up() -> bool { rayon::ThreadPoolBuilder::new().build_global().is_ok() }";
    expect((await rust.k.run(`%%rust --dep rayon\n${other}`)).error?.traceback.join("\n")).toBeUndefined();
    expect(await text("set_up()")).toBe("false");
    expect(await failure("%%rust --dep no-such-crate-of-tandem\n")).toMatch(
      /not built.*no-such-crate-of-tandem/s,
    );
    expect(await failure("%%rust --dep ../x\n")).toContain("names no crate");
  });

  it("hands functions to workers of the engine", async () => {
    await define("pub fn triple(n: u32) -> u32 { n * 3 }");
    expect(await text("await pmap([1, 2, 3], (n) => triple(n), { force: true })")).toBe("[ 3, 6, 9 ]");
  });

  it("stops the compiler when interrupted", async () => {
    const long = Array.from(
      { length: 4000 },
      (_, i) => `pub fn f${i}(x: u64) -> Vec<u64> { (0..x).map(|y| y * ${i}).collect() }`,
    );
    const { done } = rust.k.start(`%%rust\n${long.join("\n")}`);
    setTimeout(() => rust.k.interrupt(), 400);
    expect((await done).error?.ename).toBe("Interrupted");
    expect(await text("1 + 1")).toBe("2");
  });
});

describe("without a Rust compiler", () => {
  it("says what is missing and how to install it", async () => {
    const { PATH, CARGO_HOME } = process.env;
    process.env.PATH = "/nowhere";
    process.env.CARGO_HOME = "/nowhere";
    try {
      await expect(findToolchain()).rejects.toThrow(/no Rust compiler was found.*rustup/s);
    } finally {
      process.env.PATH = PATH;
      if (CARGO_HOME === undefined) delete process.env.CARGO_HOME;
      else process.env.CARGO_HOME = CARGO_HOME;
    }
  });
});

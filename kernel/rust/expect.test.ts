import { describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";

describe.skipIf(!hasRust)("%%rust --expect and --test", () => {
  const rust = useRustKernel("tandem-rust-expect-", { types: true });

  it("a cell that is refused for the expected reason passes and shows the message", async () => {
    const { error, stdout } = await rust.k.run(`%%rust --expect E0382 --out moved
pub fn gone() -> usize {
    let text = String::from("x");
    drop(text);
    text.len()
}`);
    expect(error).toBeUndefined();
    expect(stdout).toMatch(
      /^Refused, as expected \(E0382\):\n\nerror\[E0382\]: borrow of moved value: `text`\n +--> cell-1\.rs:5:5/,
    );
    const { result, stderr } = await rust.k.run(
      "const code: string = moved.code; [code, moved.line, moved.ms > 0]",
    );
    expect(stderr).toBe("");
    expect(result?.["text/plain"]).toBe("[ 'E0382', 5, true ]");
    expect((await rust.k.run("typeof gone")).result?.["text/plain"]).toBe("'undefined'");
  });

  it("takes a lint's name, several codes, and what the notebook could not export", async () => {
    expect(
      (
        await rust.k.run(
          '%%rust --expect unconditional_panic\nfn f() { let three = [1, 2, 3]; println!("{}", three[3]); }',
        )
      ).error,
    ).toBeUndefined();
    expect(
      (await rust.k.run("%%rust --expect overflowing_literals\npub fn f() -> u8 { 256 }")).error,
    ).toBeUndefined();
    expect(
      (await rust.k.run("%%rust --expect E0384,E0308\nfn f() { let x = 1; x = 2; }\nfn g() -> u8 { 1.5 }"))
        .error,
    ).toBeUndefined();
    expect(
      (
        await rust.k.run(
          "%%rust --expect E0384 --expect E0499\nfn f() { let x = 1; x = 2; let mut v = vec![x]; let a = &mut v; let b = &mut v; a.push(1); b.push(2); }",
        )
      ).error,
    ).toBeUndefined();
    expect(
      (await rust.k.run("%%rust --expect E0106\npub fn f() -> &String { let s = String::new(); &s }")).error,
    ).toBeUndefined();
  });

  it("a cell that compiles, or is refused for another reason, is an error that says so", async () => {
    const compiles = await rust.k.run("%%rust --expect E0382\npub fn fine() {}");
    expect(compiles.error?.evalue).toBe("The cell compiles, and E0382 was expected.");
    const other = await rust.k.run("%%rust --expect E0382\npub fn f() -> u8 { 1.5 }");
    expect(other.error?.evalue).toBe("E0382 was expected, and the compiler says E0308.");
    expect(other.error?.traceback.join("\n")).toMatch(/mismatched types[\s\S]*cell-\d+\.rs:2:20/);
    const syntax = await rust.k.run("%%rust --expect E0382\npub fn f( {");
    expect(syntax.error?.evalue).toMatch(
      /^E0382 was expected, and the compiler says an error without a code/,
    );
  });

  it("runs unit tests and shows how each ended", async () => {
    const { error, displays, status } = await rust.k.run(`%%rust --test --out tests
pub fn double(x: i32) -> i32 { x * 2 }

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn doubles() { assert_eq!(double(2), 4) }
    #[test]
    fn fails() { println!("context"); assert_eq!(double(2), 5, "twice two") }
    #[test]
    #[should_panic(expected = "overflow")]
    fn overflows() { double(i32::MAX); }
    #[test]
    #[ignore]
    fn slow() {}
    #[test]
    fn parses() -> Result<(), std::num::ParseIntError> { "x".parse::<i32>()?; Ok(()) }
    #[test]
    fn aborts() { std::process::abort() }
}
#[test]
fn at_the_top() {}`);
    expect(status).toBe("error");
    expect(error?.ename).toBe("TestsFailed");
    expect(error?.evalue).toBe("3 of 7 tests failed: tests::aborts, tests::fails, tests::parses");
    const table = displays[0]?.data["text/plain"] as string;
    expect(table).toMatch(/✓ at_the_top +ok +[\d.]+ ms/);
    expect(table).toMatch(/– tests::slow +ignored\n/);
    expect(table).toMatch(/✓ tests::overflows +ok/);
    expect(table).toMatch(/✗ tests::fails[^\n]*\n +context\n +panicked at cell-\d+\.rs:10:39:\n.*twice two/);
    expect(table).toMatch(/✗ tests::parses[^\n]*\n +Error: ParseIntError/);
    expect(table).toMatch(/✗ tests::aborts[^\n]*\n +.*ended by a signal/);
    expect(table).toMatch(/3 ok, 3 failed, 1 ignored$/);
    expect(displays[0]?.data["text/html"]).toMatch(/<td>failed<\/td>/);
    expect((await rust.k.run("tests.length")).result?.["text/plain"]).toBe("7");
    expect((await rust.k.run("typeof double")).result?.["text/plain"]).toBe("'undefined'");
  });

  it("a cell whose tests pass is there for the next cells", async () => {
    const { error, displays } = await rust.k.run(`%%rust --test
pub fn triple(x: i32) -> i32 { x * 3 }
#[test]
fn triples() { assert_eq!(triple(2), 6) }`);
    expect(error).toBeUndefined();
    expect(displays[0]?.data["text/plain"]).toMatch(/1 ok$/);
    expect((await rust.k.run("triple(3)")).result?.["text/plain"]).toBe("9");
    const wrong = await rust.k.run("%%rust --test\n#[test]\nfn bad() { let x: u8 = 1.5; }");
    expect(wrong.error?.traceback.join("\n")).toMatch(/E0308[\s\S]*cell-\d+\.rs:3/);
  });
});

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";
import { readDependency, takeDependencyLines } from "./dependencies.ts";

describe("readDependency", () => {
  it.each([
    ["rayon", { name: "rayon", version: "*" }],
    ["rayon=1.10", { name: "rayon", version: "1.10" }],
    ['serde = "1"', { name: "serde", version: "1" }],
    [
      'serde = { version = "1", features = ["derive", "rc"], default-features = false }',
      { name: "serde", version: "1", features: ["derive", "rc"], defaultFeatures: false },
    ],
    ["mine = { path = './a b' }", { name: "mine", version: "*", path: join("/notebooks", "a b") }],
  ])("%s", (text, expected) => expect(readDependency(text, "/notebooks")).toEqual(expected));

  it.each([
    ["../x", "names no crate"],
    ['a = { verson = "1" }', "names no crate"],
    ["a = { version = 1 }", "names no crate"],
    ['a = { git = "https://example.org/a" }', "is not taken from git"],
  ])("refuses %s", (text, message) => expect(() => readDependency(text, "/")).toThrow(message));
});

it("takeDependencyLines keeps the lines of the rest", () => {
  const { text, lines } = takeDependencyLines(':dep a = "1"\nfn f() {}\n:dep  b\nlet s = " :dep c";');
  expect(lines).toEqual(['a = "1"', "b"]);
  expect(text).toBe('\nfn f() {}\n\nlet s = " :dep c";');
});

describe.skipIf(!hasRust)("crates of %%rust cells", () => {
  // As who builds all their own projects into one folder.
  beforeAll(() => {
    process.env.CARGO_TARGET_DIR = join(tmpdir(), "tandem-elsewhere");
  });
  afterAll(() => {
    delete process.env.CARGO_TARGET_DIR;
  });
  const rust = useRustKernel("tandem-crates-");
  const { folder, failure } = rust;
  const crates = join(folder, "cache", "crates");

  const ran = async (source: string) => {
    const one = await rust.k.run(source);
    expect(one.error?.traceback.join("\n")).toBeUndefined();
    return one;
  };
  const value = async (source: string) => (await ran(source)).result?.["text/plain"];
  const mine = (body: string) => {
    mkdirSync(join(folder, "mine", "src"), { recursive: true });
    writeFileSync(
      join(folder, "mine", "Cargo.toml"),
      '[package]\nname = "mine"\nversion = "0.1.0"\nedition = "2021"\n[features]\nloud = []\n',
    );
    writeFileSync(join(folder, "mine", "src", "lib.rs"), body);
    // Of those who develop it: nobody else has to have it.
    writeFileSync(join(folder, "mine", "rust-toolchain.toml"), '[toolchain]\nchannel = "1.31.0"\n');
  };

  it("there is one rayon pool, also for cells with different crates, and a bar while they are built", async () => {
    mine("");
    const first = await ran(
      "%%rust --dep rayon=1\npub fn pool(n: usize) { rayon::ThreadPoolBuilder::new().num_threads(n).build_global().unwrap() }",
    );
    const bar = first.displays.map(({ data }) => data["text/plain"]);
    expect(bar).toEqual([expect.stringMatching(/^Crates built in [\d.]+ s\.$/)]);
    expect(first.order.filter((one) => one === "update").length).toBeGreaterThan(1);
    await ran("pool(5)");
    await ran(
      '%%rust\n:dep rayon = "1"\n:dep mine = { path = "mine" }\nuse rayon::prelude::*;\nextern crate mine as _;\npub fn threads() -> usize { (0..8).into_par_iter().map(|_| rayon::current_num_threads()).max().unwrap() }',
    );
    expect(await value("threads()")).toBe("5");
    const again = await ran("%%rust --dep rayon=1\npub fn also() -> usize { rayon::current_num_threads() }");
    expect(again.displays).toEqual([]);
    expect(await value("also()")).toBe("5");
  });

  it("crates on this machine, their features, and what changed in them", async () => {
    mine('pub fn word() -> &\'static str { if cfg!(feature = "loud") { "WORD" } else { "word" } }');
    const cell = (options: string) =>
      `%%rust\n:dep mine = { path = "./mine"${options} }\npub fn word() -> String { mine::word().into() }`;
    await ran(cell(""));
    expect(await value("word()")).toBe("'word'");
    await ran(cell(', features = ["loud"]'));
    expect(await value("word()")).toBe("'WORD'");
    mine('pub fn word() -> &\'static str { "changed" }');
    await ran(cell(""));
    expect(await value("word()")).toBe("'changed'");
    expect(await failure('%%rust\n:dep mine = { path = "nowhere" }')).toContain("cannot be read");
  });

  it("%cargo add serves all later cells, and %cargo lock keeps the versions", async () => {
    const { stdout } = await ran("%cargo add anyhow@=1.0.90 itoa");
    expect(stdout).toContain("can use `anyhow`, `itoa`");
    await ran(
      '%%rust\npub fn fails() -> anyhow::Result<u8> { anyhow::bail!("no {}", itoa::Buffer::new().format(7)) }',
    );
    expect(await failure("fails()")).toContain("no 7");
    await ran("%cargo lock");
    const lock = readFileSync(join(folder, "Cargo.lock"), "utf8");
    expect(lock).toMatch(/name = "anyhow"\nversion = "1\.0\.90"/);
    const before = readdirSync(crates);
    await ran('%%rust\n:dep anyhow = "1"\npub fn fine() -> anyhow::Result<u8> { Ok(1) }');
    expect(await value("fine()")).toBe("1");
    const made = readdirSync(crates).filter((name) => !before.includes(name));
    expect(made).toHaveLength(1);
    expect(readFileSync(join(crates, made[0] ?? "", "Cargo.lock"), "utf8")).toMatch(
      /name = "anyhow"\nversion = "1\.0\.90"/,
    );
    rmSync(join(folder, "Cargo.lock"));
  });

  it("says what cannot be had", async () => {
    expect(await failure("%cargo add --git https://example.org/x x")).toContain("not taken from git");
    expect(await failure("%%rust --dep no-such-crate-of-tandem\n")).toMatch(/were not built/);
    process.env.CARGO_NET_OFFLINE = "true";
    try {
      expect(await failure("%%rust --dep hex-literal=0.1\n")).toContain("crates.io is not reached");
    } finally {
      delete process.env.CARGO_NET_OFFLINE;
    }
  });
});

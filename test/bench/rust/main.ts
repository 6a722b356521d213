// Rust cells: how soon a cell can be called, and what a call costs.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loopOf } from "../../../kernel/measure/loop.ts";
import type { Runner } from "../../../kernel/measure/rounds.ts";
import { parseCell } from "../../../kernel/rust/addon.ts";
import { compile, needsNothing } from "../../../kernel/rust/compile.ts";
import { noCrates } from "../../../kernel/rust/crates.ts";
import { linkersOf } from "../../../kernel/rust/linker.ts";
import { loadLibrary } from "../../../kernel/rust/load.ts";
import { findToolchain } from "../../../kernel/rust/toolchain.ts";
import { type Comparison, compare, type SideOrReason, type Target } from "../harness/compare.ts";
import { keep, print } from "../harness/report.ts";
import { cAddon, type Functions, koffi, type Peer } from "./peers.ts";

const cell = `
pub fn fib(n: u32) -> u64 { if n < 2 { n as u64 } else { fib(n - 1) + fib(n - 2) } }
pub fn double(xs: &[f64]) -> Vec<f64> { xs.iter().map(|x| x * 2.0).collect() }
`;
const calls = `
pub fn empty() {}
pub fn fib(n: u32) -> u64 { let (mut a, mut b) = (0u64, 1u64); for _ in 0..n { (a, b) = (b, a + b) } a }
pub fn sum(values: &[f64]) -> f64 { values.iter().sum() }
`;

void main();

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-bench-rust-"));
  process.env.TANDEM_CACHE = join(folder, "cache");
  const found: Comparison[] = [];
  const measure = async (...args: Parameters<typeof compare>) => {
    const comparison = await compare(...args);
    print(comparison);
    found.push(comparison);
  };
  try {
    const toolchain = await findToolchain();
    const { signal } = new AbortController();
    let edits = 0;
    const build = (text: string) =>
      compile(
        { text, exports: parseCell(text), needed: needsNothing, debug: false },
        toolchain,
        noCrates,
        signal,
      );
    await build(cell);

    /** A whole process or more a call: the clock is ours. */
    const timed = (run: () => unknown): Runner => ({
      async sample(count) {
        const start = performance.now();
        for (let call = 0; call < count; call++) await run();
        return { seconds: (performance.now() - start) / 1000, cpuSeconds: 0 };
      },
    });
    const edited = () => `${cell}// ${++edits}\n`;
    const cellToCall = async () => {
      const compiled = await build(edited());
      if (!compiled.ok) throw new Error(compiled.otherwise);
      const fib = loadLibrary(compiled.library, "cell.rs", false).declared.get("fib") as (
        n: number,
      ) => bigint;
      fib(1);
    };
    const bare = bareRustc(folder, toolchain.rustc, linkersOf(toolchain)[0] ?? []);
    const cargo = cargoBuild(folder, toolchain.cargo);
    await measure(
      "a small cell, from edit to first call",
      {
        tandem: timed(cellToCall),
        rustc: timed(() => bare(edited(), [])),
        "cargo build": timed(() => cargo(edited(), [])),
        "cargo build --release": timed(() => cargo(edited(), ["--release"])),
        metadata: timed(() => bare(edited(), ["--emit=metadata"])),
      },
      [
        { what: "against rustc alone", of: "tandem", to: "rustc", atMost: 1.25 },
        { what: "against cargo build", of: "tandem", to: "cargo build", atMost: 0.6 },
      ],
      { budget: 60 },
    );

    const compiled = await build(calls);
    if (!compiled.ok) throw new Error(compiled.otherwise);
    const ours = Object.fromEntries(
      loadLibrary(compiled.library, "cell.rs", false).declared,
    ) as unknown as Functions;
    const peers: Record<string, Peer> = { tandem: ours, c: cAddon(), koffi: koffi() };
    const values = new Float64Array(16);
    const kinds: [title: string, call: (functions: Functions) => () => unknown][] = [
      ["an empty call", (functions) => () => functions.empty()],
      ["fib(1)", (functions) => () => functions.fib(1)],
      ["a slice of 16 doubles", (functions) => () => functions.sum(values)],
    ];
    for (const [title, call] of kinds) {
      const sides = Object.entries(peers).map(([name, peer]): [string, SideOrReason] => [
        name,
        "notRun" in peer ? peer : { sample: loopOf(call(peer), false) },
      ]);
      const targets: Target[] = [{ what: "against koffi", of: "tandem", to: "koffi", atMost: 1 }];
      await measure(title, Object.fromEntries(sides), targets);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  keep("rust", found);
}

/** With its functions in the library, as a cell's are: else nothing is compiled at all. */
const exported = (text: string) => text.replaceAll("pub fn", "#[no_mangle] pub fn");

/** The same code by rustc and nothing else, with the flags of cells. */
function bareRustc(
  folder: string,
  rustc: string,
  linker: readonly string[],
): (text: string, more: string[]) => void {
  const at = join(folder, "bare");
  mkdirSync(at);
  return (text, more) => {
    writeFileSync(join(at, "lib.rs"), exported(text));
    const flags = [
      "--edition=2021",
      "--crate-type=cdylib",
      "-Copt-level=3",
      "-Ccodegen-units=1",
      "-Cstrip=debuginfo",
    ];
    ended(spawnSync(rustc, ["lib.rs", ...flags, ...linker, ...more], { cwd: at, encoding: "utf8" }));
  };
}

/** The same code as a package. */
function cargoBuild(folder: string, cargo: string): (text: string, more: string[]) => void {
  const at = join(folder, "package");
  mkdirSync(join(at, "src"), { recursive: true });
  writeFileSync(
    join(at, "Cargo.toml"),
    '[package]\nname = "cell"\nversion = "0.0.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n\n[workspace]\n',
  );
  return (text, more) => {
    writeFileSync(join(at, "src", "lib.rs"), exported(text));
    ended(spawnSync(cargo, ["build", "--quiet", "--offline", ...more], { cwd: at, encoding: "utf8" }));
  };
}

function ended({ status, stderr }: { status: number | null; stderr: string }): void {
  if (status !== 0) throw new Error(stderr);
}

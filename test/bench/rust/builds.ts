// How soon a cell can be called, beside rustc, cargo and evcxr on the same code.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Runner } from "../../../kernel/measure/rounds.ts";
import { parseCell } from "../../../kernel/rust/addon.ts";
import { compile, needsNothing } from "../../../kernel/rust/compile.ts";
import { noCrates } from "../../../kernel/rust/crates.ts";
import { checkCell } from "../../../kernel/rust/expect.ts";
import { linkersOf } from "../../../kernel/rust/linker.ts";
import { loadLibrary } from "../../../kernel/rust/load.ts";
import type { Toolchain } from "../../../kernel/rust/toolchain.ts";
import type { Comparison, compare } from "../harness/compare.ts";
import { type Fact, factOf } from "../harness/facts.ts";
import { Client } from "../kernel/client.ts";
import { tandemKernel } from "../kernel/kernels.ts";
import { fiveFunctions } from "./five.ts";
import { evcxr } from "./peers.ts";

type Measure = (...args: Parameters<typeof compare>) => Promise<Comparison>;

const small = `
pub fn fib(n: u32) -> u64 { if n < 2 { n as u64 } else { fib(n - 1) + fib(n - 2) } }
pub fn double(xs: &[f64]) -> Vec<f64> { xs.iter().map(|x| x * 2.0).collect() }
`;

/** A whole process or more a call: the clock is ours. `after` each call it stands. */
const timed = (run: () => unknown, after?: () => unknown): Runner => ({
  async sample(count) {
    let seconds = 0;
    for (let call = 0; call < count; call++) {
      const start = performance.now();
      await run();
      seconds += (performance.now() - start) / 1000;
      await after?.();
    }
    return { seconds, cpuSeconds: 0 };
  },
});

/** Builds a cell: `quick` as it is first called where a person waits, else as it is once the optimised build is there. */
export async function build(text: string, toolchain: Toolchain, quick = false) {
  const source = { text, exports: parseCell(text), needed: needsNothing, debug: false, quick };
  const compiled = await compile(source, toolchain, noCrates, new AbortController().signal);
  if (!compiled.ok)
    throw new Error(compiled.errors.map(({ rendered }) => rendered).join() || compiled.otherwise);
  return compiled;
}

/** Compares builds with the peers'; the figures that have a bound of their own. */
export async function measureBuilds(folder: string, toolchain: Toolchain, measure: Measure): Promise<Fact[]> {
  let edits = 0;
  const edited = () => small.replace("u64 { if", `u64 { let _edit = ${++edits}; if`);
  const first = async (quick: boolean) => {
    const { library } = await build(edited(), toolchain, quick);
    // It has this function.
    const fib = loadLibrary(library, "cell.rs", false).declared.get("fib") as (n: number) => bigint;
    if (fib(5) !== 5n) throw new Error("wrong");
  };
  await build(small, toolchain);
  const bare = bareRustc(folder, toolchain);
  const cargo = cargoBuild(folder, toolchain);
  const kernel = await evcxr();
  const client = "notRun" in kernel ? undefined : await Client.start(kernel);
  await client?.ready();
  await client?.run(small);
  const own = await Client.start(tandemKernel, true);
  await own.ready();
  await own.run(`%%rust\n${small}`);
  try {
    await measure(
      "a small cell, from edit to first call",
      {
        tandem: timed(() => first(true)),
        // As a front end has it: the kernel's messages, the engine and a second cell are in it.
        "tandem, the whole kernel": timed(
          async () => {
            await own.run(`%%rust\n${edited()}`);
            await own.run("fib(5)");
          },
          // Its optimised build follows, which is not to be the next side's burden.
          () => new Promise((resolve) => setTimeout(resolve, 300)),
        ),
        "tandem, optimised": timed(() => first(false)),
        "rustc -O3": timed(() => bare(edited(), ["-Copt-level=3"])),
        "rustc -O0": timed(() => bare(edited(), ["-Copt-level=0"])),
        // What no build can do without: what these take bounds what any can reach.
        "rustc --version": timed(() =>
          ended(spawnSync(toolchain.rustc, ["--version"], { encoding: "utf8" })),
        ),
        "rustc, an empty library": timed(() => bare("", ["-Copt-level=0"])),
        "rustc, nothing but checks": timed(() => bare(edited(), ["--emit=metadata"])),
        "cargo build": timed(() => cargo(edited(), [])),
        "cargo build --release": timed(() => cargo(edited(), ["--release"])),
        evcxr: client
          ? timed(() => client.run(`${edited()}\nprintln!("{}", fib(5));`))
          : { notRun: "notRun" in kernel ? kernel.notRun : "" },
      },
      [
        { what: "against rustc alone", of: "tandem", to: "rustc -O3", atMost: 1.25 },
        {
          what: "the optimised build against rustc alone",
          of: "tandem, optimised",
          to: "rustc -O3",
          atMost: 1.25,
        },
        { what: "against cargo build", of: "tandem", to: "cargo build", atMost: 0.6 },
        { what: "against evcxr", of: "tandem", to: "evcxr", atMost: 0.2 },
        {
          what: "an empty library by rustc against evcxr",
          of: "rustc, an empty library",
          to: "evcxr",
          atMost: 0.2,
        },
      ],
      { budget: 120 },
    );
  } finally {
    await client?.close();
    await own.close();
  }

  const five = () =>
    fiveFunctions.replace(
      "let mut found = Vec::new();",
      `let mut found = Vec::new(); let _edit = ${++edits};`,
    );
  const load = (library: string) => loadLibrary(library, "cell.rs", false);
  await build(fiveFunctions, toolchain, true);
  const { result } = await measure(
    "five functions, one of them edited, until they can be called",
    {
      tandem: timed(async () => load((await build(five(), toolchain, true)).library)),
      "tandem, optimised": timed(async () => load((await build(five(), toolchain)).library)),
      "rustc -O2 from nothing": timed(() => bare(five(), ["-Copt-level=2"])),
    },
    [
      {
        what: "against the same at O2 from nothing",
        of: "tandem",
        to: "rustc -O2 from nothing",
        atMost: 0.5,
      },
    ],
    { budget: 120, rounds: 12 },
  );

  const broken = () => small.replace("u64 { if", `u64 { let edit: u8 = ${++edits % 200}u16; if`);
  await measure(
    "what is wrong in a cell that is being written",
    {
      tandem: timed(() => {
        const text = broken();
        const source = { text, exports: parseCell(text), needed: needsNothing, debug: false };
        return checkCell(source, toolchain, noCrates, new AbortController().signal);
      }),
      "rustc --emit=metadata": timed(() => bare(broken(), ["--emit=metadata"], false)),
    },
    [{ what: "against rustc --emit=metadata alone", of: "tandem", to: "rustc --emit=metadata", atMost: 1.5 }],
    { budget: 30 },
  );
  const times = result.sides.find(({ name }) => name === "tandem")?.rounds ?? [];
  const ms = times.flatMap((seconds) => (seconds === null ? [] : [seconds * 1000]));
  return [factOf("five functions, one of them edited, unoptimised", ms, "ms", 150)];
}

/** Medians of single figures that have a bound of their own. */
export async function buildFacts(toolchain: Toolchain): Promise<Fact[]> {
  const unchanged: number[] = [];
  for (let round = 0; round < 30; round++) {
    const start = performance.now();
    loadLibrary((await build(small, toolchain)).library, "cell.rs", false);
    unchanged.push(performance.now() - start);
  }
  return [factOf("an unchanged cell", unchanged, "ms", 5)];
}

/** With its functions in the library, as a cell's are: else nothing is compiled at all. */
const exported = (text: string) => text.replaceAll("pub fn", "#[no_mangle] pub fn");

/** The same code by rustc and nothing else, with the flags of cells. */
function bareRustc(
  folder: string,
  toolchain: Toolchain,
): (text: string, more: readonly string[], succeeds?: boolean) => void {
  const at = join(folder, "bare");
  mkdirSync(at);
  const [linker = []] = linkersOf(toolchain);
  return (text, more, succeeds = true) => {
    writeFileSync(join(at, "lib.rs"), `#![allow(improper_ctypes_definitions)]\n${exported(text)}`);
    const flags = ["--edition=2021", "--crate-type=cdylib", "-Ccodegen-units=1", "-Cstrip=debuginfo"];
    const end = spawnSync(toolchain.rustc, ["lib.rs", ...flags, ...linker, ...more], {
      cwd: at,
      encoding: "utf8",
    });
    if (succeeds) ended(end);
  };
}

/** The same code as a package. */
function cargoBuild(
  folder: string,
  { cargo, rustc }: Toolchain,
): (text: string, more: readonly string[]) => void {
  const at = join(folder, "package");
  mkdirSync(join(at, "src"), { recursive: true });
  writeFileSync(
    join(at, "Cargo.toml"),
    '[package]\nname = "cell"\nversion = "0.0.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n\n[workspace]\n',
  );
  return (text, more) => {
    writeFileSync(join(at, "src", "lib.rs"), exported(text));
    ended(
      spawnSync(cargo, ["build", "--quiet", "--offline", ...more], {
        cwd: at,
        encoding: "utf8",
        // Without rustup's proxy, which would be counted, too.
        env: { ...process.env, RUSTC: rustc },
      }),
    );
  };
}

function ended({ status, stderr }: { status: number | null; stderr: string }): void {
  if (status !== 0) throw new Error(stderr);
}

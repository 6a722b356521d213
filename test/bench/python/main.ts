// Rust cells from Python, beside a PyO3 module written by hand. `npm run bench -- python`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPythons } from "../../../kernel/python/find.ts";
import { findToolchain } from "../../../kernel/rust/toolchain.ts";
import { type Comparison, compare, type SideOrReason } from "../harness/compare.ts";
import { type Fact, printFact } from "../harness/facts.ts";
import { keep, print } from "../harness/report.ts";
import { build } from "../rust/builds.ts";
import { handWritten } from "./peer.ts";
import { PythonSides } from "./sides.ts";

const cell = `
pub fn fib(n: u32) -> u64 { if n < 2 { n as u64 } else { fib(n - 1) + fib(n - 2) } }
pub fn empty() {}
pub fn doubled(values: Vec<f64>) -> Vec<f64> { values.into_iter().map(|one| one * 2.0).collect() }
`;

void main();

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-bench-python-"));
  process.env.TANDEM_CACHE = join(folder, "cache");
  const comparisons: Comparison[] = [];
  let sides: PythonSides | undefined;
  try {
    const toolchain = await findToolchain();
    const [python] = await findPythons(undefined, { folder, env: process.env, platform: process.platform });
    if (!python) throw new Error("There is no Python here.");
    const { library } = await build(cell, toolchain);
    const peer = handWritten(toolchain, python);
    sides = await PythonSides.start(python, library, typeof peer === "string" ? peer : undefined);
    console.log(`Python ${sides.version}`);
    const side = (name: string): SideOrReason =>
      name.startsWith("pyo3") && typeof peer !== "string"
        ? peer
        : { sample: (calls) => sides!.sample(name, calls) };
    const measure = async (title: string, names: string[], ...rest: Rest) => {
      const comparison = await compare(
        title,
        Object.fromEntries(names.map((name) => [name, side(name)])),
        ...rest,
      );
      print(comparison);
      comparisons.push(comparison);
      return comparison;
    };
    await measure(
      "fib(35)",
      ["tandem fib", "pyo3 fib"],
      [{ what: "against PyO3 by hand", of: "tandem fib", to: "pyo3 fib", atMost: 1.02 }],
      { budget: 40, rounds: 60 },
    );
    await measure("fib(35) beside pure Python", ["python fib", "tandem fib"], [], { budget: 60, rounds: 6 });
    const calls = await measure(
      "an empty call",
      ["tandem empty", "pyo3 empty", "pyo3 empty, released", "python empty"],
      [],
    );
    const numbers = await measure(
      "fib(1)",
      ["tandem fib(1)", "pyo3 fib(1)", "pyo3 fib(1), released", "python fib(1)"],
      [],
    );
    await measure(
      "1,000 floats in a list, and back",
      ["tandem doubled", "pyo3 doubled"],
      [{ what: "against PyO3 by hand", of: "tandem doubled", to: "pyo3 doubled", atMost: 1.1 }],
    );
    const facts = [...above(calls, "empty"), ...above(numbers, "fib(1)")];
    facts.forEach(printFact);
    keep("python", { comparisons, facts, python: sides.version });
  } finally {
    sides?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Rest = Parameters<typeof compare> extends [unknown, unknown, ...infer Others] ? Others : never;

/** Nanoseconds that a call costs more than one of PyO3's. */
function above({ result }: Comparison, what: string): Fact[] {
  const time = (name: string) => result.sides.find((side) => side.name === name)?.time.value;
  const own = time(`tandem ${what}`);
  return [`pyo3 ${what}`, `pyo3 ${what}, released`].flatMap((peer) => {
    const theirs = time(peer);
    if (own === undefined || theirs === undefined) return [];
    return [{ what: `${what}: above ${peer}`, value: (own - theirs) * 1e9, unit: "ns" }];
  });
}

// Rust cells: how soon a cell can be called, what a call costs, crates and threads. `npm run bench -- rust` runs all of it;
// `npm run bench -- rust builds calls` some.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findToolchain } from "../../../kernel/rust/toolchain.ts";
import { type Comparison, compare } from "../harness/compare.ts";
import { type Fact, printFact } from "../harness/facts.ts";
import { keep, print } from "../harness/report.ts";
import { printTable } from "../harness/table.ts";
import { buildFacts, measureBuilds } from "./builds.ts";
import { measureCalls } from "./calls.ts";
import { cratesFacts } from "./crates.ts";
import { threadFacts } from "./threads.ts";

void main();

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-bench-rust-"));
  process.env.TANDEM_CACHE = join(folder, "cache");
  const comparisons: Comparison[] = [];
  const facts: Fact[] = [];
  const measure = async (...args: Parameters<typeof compare>) => {
    const comparison = await compare(...args);
    print(comparison);
    comparisons.push(comparison);
    return comparison;
  };
  const say = (title: string, found: readonly Fact[]) => {
    console.log(`\n== ${title}`);
    found.forEach(printFact);
    facts.push(...found);
  };
  const words = process.argv.slice(2);
  const asked = (name: string) => words.length === 0 || words.includes(name);
  try {
    const toolchain = await findToolchain();
    if (asked("builds")) {
      const found = await measureBuilds(folder, toolchain, measure);
      say("builds, medians", [...found, ...(await buildFacts(toolchain))]);
    }
    if (asked("calls")) say("calls", await measureCalls(toolchain, measure));
    if (asked("threads")) say("threads", await threadFacts(toolchain));
    if (asked("crates")) say("crates, one build each", await cratesFacts(folder, toolchain));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  printTable(comparisons, facts);
  keep("rust", { comparisons, facts });
}

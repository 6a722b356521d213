// What `npm test` runs, each a program of its own, and what it counted.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { root, run } from "../process.mjs";

/** @typedef {import("./steps.mjs").Counts} Counts */

/**
 * A program that passes or fails as a whole; what it says is shown when it fails.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<Counts>}
 */
export async function command(program, args) {
  const { code, output } = await run(program, args);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<Counts>}
 */
export async function cargoTest(args) {
  const { code, output } = await run("cargo", ["test", ...args, "--quiet"]);
  const counts = { passed: 0, failed: 0 };
  for (const [, passed, failed] of output.matchAll(/(\d+) passed; (\d+) failed/g)) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
  }
  if (code !== 0) console.log(output.trimEnd());
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {string} name of the report
 * @param {string[]} args
 * @returns {Promise<Counts>}
 */
export async function vitest(name = "vitest", ...args) {
  const report = join(root, "artifacts", `${name}.json`);
  rmSync(report, { force: true });
  const bin = join("node_modules", ".bin", "vitest");
  const { code, output } = await run(bin, [
    "run",
    ...args,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  if (code !== 0) console.log(output.slice(-20_000));
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
  // A file that cannot be loaded fails without a failed test.
  return { passed: numPassedTests, failed: code !== 0 ? Math.max(1, numFailedTests) : numFailedTests };
}

/**
 * A suite of its own: a program whose last line counts. What it says is shown when it has ended, since others say
 * something meanwhile; until then it stands in a file of artifacts/logs.
 *
 * @param {string} file
 * @returns {Promise<Counts>}
 */
export async function suite(file) {
  const log = join(root, "artifacts", "logs", `${basename(dirname(file))}.log`);
  const { code, output } = await run(process.execPath, [join(root, file)], { log });
  const said = output.trimEnd();
  const [last, passed, failed] =
    /^(\d+) passed, (\d+) failed$/m.exec(said.slice(said.lastIndexOf("\n") + 1)) ?? [];
  console.log(last ? said.slice(0, -last.length).trimEnd() : said);
  // What fell over has counted nothing, or not all.
  return { passed: Number(passed ?? 0), failed: Math.max(Number(failed ?? 0), code === 0 && last ? 0 : 1) };
}

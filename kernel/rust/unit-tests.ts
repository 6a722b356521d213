import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CellError } from "../cells/cell.ts";
import { escaped } from "../display/value/grid.ts";
import { duration } from "../display/words.ts";
import { fail } from "../errors.ts";
import type { MimeBundle } from "../wire/message.ts";
import { cacheFolder } from "./cache.ts";
import { withCellName } from "./cell-error.ts";
import { planOf, type RustSource } from "./compile.ts";
import type { Crates } from "./crates.ts";
import { usualLinker } from "./linker.ts";
import { type RustDiagnostic, runRustc } from "./rustc.ts";
import { runTool } from "./tool.ts";
import type { Toolchain } from "./toolchain.ts";

/** One `#[test]` of a cell. */
export interface UnitTest {
  /** With its modules: `tests::adds`. */
  readonly name: string;
  readonly result: "ok" | "failed" | "ignored";
  /** Of its process, start included; 0 where it did not run. */
  readonly ms: number;
  /** What it said when it failed, with the cell's name in front of lines. */
  readonly message: string;
}

export type TestsEnd =
  | { readonly ok: true; readonly tests: readonly UnitTest[] }
  | { readonly ok: false; readonly errors: readonly RustDiagnostic[]; readonly otherwise: string };

/**
 * Builds the cell as cargo does for tests (unoptimised, checks on) and runs each test in a process of its own: one that
 * aborts or never ends takes no other with it, and each has its own output and time.
 */
export async function runUnitTests(
  source: RustSource,
  toolchain: Toolchain,
  crates: Crates,
  file: string,
  signal: AbortSignal,
): Promise<TestsEnd> {
  const plan = await planOf({ ...source, debug: true }, toolchain, crates, signal);
  const folder = join(cacheFolder("rust"), `.test-${randomBytes(4).toString("hex")}`);
  mkdirSync(folder, { mode: 0o700 });
  try {
    writeFileSync(join(folder, "cell.rs"), plan.text);
    const around = '#![allow(warnings)]\n#[path = "cell.rs"]\npub mod cell;\n';
    writeFileSync(join(folder, "shim.rs"), `${around}${crates.shim}${source.needed.shim}`);
    const program = process.platform === "win32" ? "tests.exe" : "./tests";
    // A program needs the C runtime's start, which the machine's own linker knows.
    const linker = usualLinker(toolchain, plan.folders);
    const args = plan.args.filter((one) => !one.startsWith("--crate-type"));
    const all = ["shim.rs", "--test", "-o", program, `--crate-name=${plan.name}`, ...args, ...linker];
    const end = await runRustc(toolchain.rustc, all, folder, signal);
    if (!end.ok) {
      const errors = end.diagnostics.filter(({ level, line }) => level === "error" && line !== undefined);
      if (errors.length === 0 && /linker .* not found/.test(JSON.stringify(end.diagnostics))) {
        throw fail("testsNeedLinker");
      }
      return { ok: false, errors, otherwise: end.otherwise };
    }
    const command = join(folder, program);
    const list = async (...options: string[]) => {
      const lines: string[] = [];
      const listed = ["--list", "--format", "terse", ...options];
      await runTool(command, listed, folder, signal, { stdout: (line) => lines.push(line), stderr() {} });
      return lines.flatMap((line) => /^(.+): test$/.exec(line)?.[1] ?? []);
    };
    const ignored = new Set(await list("--ignored"));
    const tests: UnitTest[] = [];
    for (const name of await list()) {
      tests.push(
        ignored.has(name)
          ? { name: shown(name), result: "ignored", ms: 0, message: "" }
          : await runOne(command, name, folder, file, signal),
      );
    }
    return { ok: true, tests };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without the module that the cell is in. */
const shown = (name: string): string => name.replace(/^cell::/, "");

async function runOne(
  command: string,
  name: string,
  folder: string,
  file: string,
  signal: AbortSignal,
): Promise<UnitTest> {
  const lines: string[] = [];
  const started = performance.now();
  const say = (line: string) => lines.push(line);
  const options = [name, "--exact", "--test-threads=1"];
  const code = await runTool(command, options, folder, signal, { stdout: say, stderr: say });
  const ms = performance.now() - started;
  const message = code === 0 ? "" : messageOf(lines, name, code, file);
  return { name: shown(name), result: code === 0 ? "ok" : "failed", ms, message };
}

/** What the test harness prints of a failed test, without its frame. */
function messageOf(lines: readonly string[], name: string, code: number | null, file: string): string {
  const from = lines.indexOf(`---- ${name} stdout ----`);
  const until = lines.indexOf("failures:", from + 1);
  const said =
    from < 0 ? lines.filter((line) => !/^(running|test) /.test(line)) : lines.slice(from + 1, until);
  const own = said.filter((line) => !/^note: run with `RUST_BACKTRACE/.test(line) && line.trim() !== "");
  const ended = code === null ? ["The test's process was ended by a signal."] : [];
  const text = [...own, ...ended].join("\n").replace(/thread '[^']*'(?: \(\d+\))? panicked/g, "panicked");
  return withCellName(text, file);
}

const SIGN = { ok: "✓", failed: "✗", ignored: "–" } as const;

/** The tests as a table. */
export function testTable(tests: readonly UnitTest[]): MimeBundle {
  const counts = (["ok", "failed", "ignored"] as const)
    .map((result) => ({ result, n: tests.filter((one) => one.result === result).length }))
    .filter(({ n }) => n > 0)
    .map(({ result, n }) => `${n} ${result}`);
  const summary = counts.length === 0 ? "The cell has no #[test] functions." : counts.join(", ");
  const time = ({ result, ms }: UnitTest) => (result === "ignored" ? "" : duration(ms));
  const width = Math.max(0, ...tests.map(({ name }) => name.length));
  const plain = tests.flatMap((one) => [
    `${SIGN[one.result]} ${one.name.padEnd(width)}  ${one.result.padEnd(7)}  ${time(one)}`.trimEnd(),
    ...(one.message ? one.message.split("\n").map((line) => `    ${line}`) : []),
  ]);
  const rows = tests.map(
    (one) =>
      `<tr><td style="text-align:left">${SIGN[one.result]} ${escaped(one.name)}</td><td>${one.result}</td><td>${time(one)}</td>` +
      `<td style="text-align:left"><pre style="margin:0">${escaped(one.message)}</pre></td></tr>`,
  );
  const head = "<tr><th>test</th><th>result</th><th>time</th><th>message</th></tr>";
  return {
    "text/plain": [...plain, summary].join("\n"),
    "text/html": `<table><thead>${head}</thead><tbody>${rows.join("")}</tbody></table><p>${summary}</p>`,
  };
}

/** The cell's error where tests failed. */
export function testsError(tests: readonly UnitTest[]): CellError | undefined {
  const failed = tests.filter(({ result }) => result === "failed");
  if (failed.length === 0) return undefined;
  const names = failed.map(({ name }) => name).join(", ");
  const evalue = `${failed.length} of ${tests.length} tests failed: ${names}`;
  const traceback = [evalue, ...failed.flatMap(({ name, message }) => [`${name}:`, ...message.split("\n")])];
  return { ename: "TestsFailed", evalue, traceback };
}

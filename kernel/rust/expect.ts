import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CellOutcome } from "../cells/cell.ts";
import { cacheFolder } from "./cache.ts";
import { withCellName } from "./cell-error.ts";
import { type Plan, planOf, type RustSource } from "./compile.ts";
import type { Crates } from "./crates.ts";
import { type RustcEnd, type RustDiagnostic, runRustc } from "./rustc.ts";
import type { Toolchain } from "./toolchain.ts";

/** What `--expect` gives under the name of `--out`. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** 1-based, in the cell. */
  readonly line: number | null;
  /** Until the compiler had said it. */
  readonly ms: number;
}

/** Checks a cell without building it: what the compiler says, in a third of the time. */
export async function checkCell(
  source: RustSource,
  toolchain: Toolchain,
  crates: Crates,
  signal: AbortSignal,
): Promise<RustcEnd> {
  const plan = await planOf(source, toolchain, crates, signal);
  const folder = join(cacheFolder("rust"), `.check-${randomBytes(4).toString("hex")}`);
  mkdirSync(folder, { mode: 0o700 });
  try {
    const files = { cell: "cell.rs", shim: "shim.rs", metadata: "cell.rmeta" };
    return await checkPlan(plan, files, { source, toolchain, crates, folder, signal });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a check leaves in its folder: the cell's text, and what later cells are checked against. */
export interface CheckFiles {
  readonly cell: string;
  readonly shim: string;
  readonly metadata: string;
}

/** The names under which checks of many cells lie in one folder, where the compiler finds them by the crate's name. */
export const checkFiles = ({ name }: Pick<Plan, "name">): CheckFiles => ({
  cell: `${name}.rs`,
  shim: `shim_${name}.rs`,
  metadata: `lib${name}.rmeta`,
});

/** Checks a planned cell in a folder, and leaves its files there. */
export async function checkPlan(
  plan: Plan,
  files: CheckFiles,
  around: {
    readonly source: RustSource;
    readonly toolchain: Toolchain;
    readonly crates: Crates;
    readonly folder: string;
    readonly signal: AbortSignal;
  },
): Promise<RustcEnd> {
  const { source, toolchain, crates, folder, signal } = around;
  writeFileSync(join(folder, files.cell), plan.text);
  // The cell alone: what it exports is not asked for.
  const cell = `#![allow(warnings)]\n#[path = "${files.cell}"]\n#[warn(warnings)]\npub mod cell;\n`;
  writeFileSync(join(folder, files.shim), `${cell}${crates.shim}${source.needed.shim}`);
  // What the cells above are built with, which nothing here names, is looked for in their folders.
  const folders = plan.folders.map((one) => `-Ldependency=${one}`);
  const common = [files.shim, `--crate-name=${plan.name}`, ...plan.args, ...folders, "-Copt-level=0"];
  const check = (...emit: string[]) =>
    runRustc(toolchain.rustc, [...common, ...emit], folder, signal, "normal", files.cell);
  const end = await check("--emit=metadata", "-o", files.metadata);
  // Some lints look at the code that would be made: an index that is known to be beyond an array's end.
  if (!end.ok) return end;
  const code = `${files.shim}.mir`;
  try {
    return await check("--emit=mir", "-o", code);
  } finally {
    rmSync(join(folder, code), { force: true });
  }
}

/** Whether the compiler refused the cell for just these reasons; if not, the error that says what happened instead. */
export function judge(
  { ok, diagnostics, otherwise }: RustcEnd,
  expected: readonly string[],
  file: string,
): { outcome: CellOutcome; errors: readonly RustDiagnostic[] } {
  const errors = diagnostics.filter(
    ({ level, code, line }) => level === "error" && (code !== undefined || line !== undefined),
  );
  const found = [...new Set(errors.map(({ code }) => code ?? "an error without a code"))];
  const wanted = expected.join(", ");
  if (!ok && found.length === expected.length && expected.every((code) => found.includes(code))) {
    return { outcome: { status: "ok" }, errors };
  }
  const evalue = ok
    ? `The cell compiles, and ${wanted} was expected.`
    : `${wanted} was expected, and the compiler says ${found.join(", ") || otherwise.trim()}.`;
  const rendered = errors.map(({ rendered }) => rendered).join("\n");
  const traceback = [evalue, ...withCellName(rendered.trimEnd(), file).split("\n")].filter(Boolean);
  return { outcome: { status: "error", error: { ename: "RustError", evalue, traceback } }, errors };
}

/** What the cell shows where it was refused as expected. */
export function refusedText(errors: readonly RustDiagnostic[], file: string): string {
  const codes = [...new Set(errors.map(({ code }) => code))].join(", ");
  const rendered = errors.map(({ rendered }) => rendered).join("\n");
  return `Refused, as expected (${codes}):\n\n${withCellName(rendered.trimEnd(), file)}\n`;
}

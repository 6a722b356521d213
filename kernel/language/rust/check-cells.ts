import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CellDiagnostic } from "../../cells/magic.ts";
import { isAlive } from "../../is-alive.ts";
import { cacheFolder } from "../../rust/cache.ts";
import { notBuilt, ofCompiler, ofExports } from "../../rust/diagnose.ts";
import { checkFiles, checkPlan, judge } from "../../rust/expect.ts";
import type { RustcEnd } from "../../rust/rustc.ts";
import type { Toolchain } from "../../rust/toolchain.ts";
import type { EditedNotebook } from "../cell-language.ts";
import { type LastGood, type RustCell, rustCells } from "./rust-cells.ts";

/** How many cells' diagnostics are remembered. */
const REMEMBERED = 300;

/** What is known of a cell. */
export interface CheckedCell {
  readonly cell: RustCell;
  readonly found: readonly CellDiagnostic[];
}

/**
 * rustc's view of notebooks' cells, by checks alone. Each check leaves its metadata, against which later cells are checked; so an
 * edit costs one run of the compiler, and one for each later cell that uses what changed.
 */
export class CellChecks {
  readonly folder: string;
  /** By the crate's name, which is made of all that a check depends on. */
  readonly #ends = new Map<string, RustcEnd>();
  /** Whose text a crate's name stands for. */
  readonly #texts = new Map<string, { cell: string; text: string }>();
  readonly #good = new Map<string, LastGood>();

  constructor() {
    const base = cacheFolder("editor");
    this.folder = join(base, `checks-${process.pid}`);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { mode: 0o700 });
    process.once("exit", () => rmSync(this.folder, { recursive: true, force: true }));
  }

  /**
   * Tells what is wrong in each Rust cell of a notebook, one after the other: `first` (URIs) before the others, but each behind
   * those that it uses. An aborted signal ends the compiler.
   */
  async check(
    notebook: EditedNotebook,
    toolchain: Toolchain,
    first: ReadonlySet<string>,
    signal: AbortSignal,
    tell: (checked: CheckedCell) => void,
  ): Promise<void> {
    const told = new Set<string>();
    for (;;) {
      const cells = await rustCells(notebook, {
        toolchain,
        folder: this.folder,
        signal,
        insteadOf: (cell, name) =>
          name === undefined || this.#isBad(name) ? this.#good.get(cell) : undefined,
      });
      const order = [
        ...cells.filter(({ cell }) => first.has(cell.uri)),
        ...cells.filter(({ cell }) => !first.has(cell.uri)),
      ];
      if (await this.#checkAll(order, cells, toolchain, signal, told, tell)) return;
      // A cell does not compile: those behind it see its last text that did.
    }
  }

  /** The cell, and its text then, that the compiler names by the file of its check. */
  cellOf(file: string): { cell: string; text: string } | undefined {
    return this.#texts.get(file.replace(/\.rs$/, ""));
  }

  /** Whether all are told; if not, what the cells see has changed, and they are to be planned anew. */
  async #checkAll(
    order: readonly RustCell[],
    cells: readonly RustCell[],
    toolchain: Toolchain,
    signal: AbortSignal,
    told: Set<string>,
    tell: (checked: CheckedCell) => void,
  ): Promise<boolean> {
    const byName = new Map(cells.flatMap((one) => (one.check ? [[one.check.plan.name, one]] : [])));
    for (const one of order) {
      const key = `${one.cell.uri} ${one.check?.plan.name ?? ""}`;
      if (told.has(key)) continue;
      for (const { name } of one.source.needed.cells) {
        const earlier = byName.get(name);
        if (earlier && (await this.#end(earlier, toolchain, signal)) === "bad") return false;
      }
      const end = await this.#end(one, toolchain, signal);
      tell({ cell: one, found: this.#foundIn(one) });
      told.add(key);
      if (end === "bad") return false;
    }
    return true;
  }

  /** Checks a cell once. `bad`: it was found just now that it cannot be built upon, where something older can. */
  async #end(one: RustCell, toolchain: Toolchain, signal: AbortSignal): Promise<"bad" | "told"> {
    if (!one.check || this.#blocked(one)) return "told";
    const { plan, crates } = one.check;
    const { uri } = one.cell;
    const { source } = one;
    const before = this.#ends.get(plan.name);
    if (before) {
      // What was used last is forgotten last.
      this.#ends.delete(plan.name);
      this.#ends.set(plan.name, before);
    } else {
      const around = { source, toolchain, crates, folder: this.folder, signal };
      // The cache may have been cleared.
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      this.#texts.set(plan.name, { cell: uri, text: source.text });
      this.#remember(plan.name, await checkPlan(plan, checkFiles(plan), around));
      if (this.#isBad(plan.name) && this.#good.has(uri)) return "bad";
    }
    if (!this.#isBad(plan.name) && one.expected.length === 0) {
      const library = `${this.folder}/${checkFiles(plan).metadata}`;
      const compiled = { name: plan.name, library, file: uri };
      const { exports, needed } = source;
      this.#good.set(uri, { compiled, exports, needed, crateArgs: crates.args });
    }
    return "told";
  }

  #foundIn(one: RustCell): CellDiagnostic[] {
    const { source, cell, dependencies, expected } = one;
    const own = ofExports(source.exports, source.text);
    if (!one.check) {
      return [
        notBuilt(
          cell.text,
          dependencies.map(({ name }) => name),
        ),
        ...own,
      ];
    }
    const blocked = this.#blocked(one);
    if (blocked) return [onMagicLine(one, "information", BLOCKED, blocked), ...own];
    const end = this.#ends.get(one.check.plan.name);
    if (!end) return own;
    const all = ofCompiler(end.diagnostics, source.text);
    const said = one.below === undefined ? all : all.filter(({ code = "" }) => !unresolved.has(code));
    if (one.below !== undefined && said.length < all.length)
      return [onMagicLine(one, "information", BLOCKED, one.below), ...said, ...own];
    if (expected.length === 0) return [...said, ...own];
    const { outcome } = judge(end, expected, "cell.rs");
    if (outcome.status === "error") return [onMagicLine(one, "error", outcome.error.evalue), ...said];
    // What is there to be refused is no mistake.
    return said.map((found) =>
      found.severity === "error"
        ? { ...found, severity: "information", message: `As expected: ${found.message}` }
        : found,
    );
  }

  /** The file of an earlier cell that it needs and that has not compiled. */
  #blocked({ source }: RustCell): string | undefined {
    const missing = source.needed.cells.find(({ library }) => library === "" || !existsSync(library));
    return missing && `${missing.name}.rs`;
  }

  #isBad(name: string): boolean {
    return this.#ends.has(name) && !existsSync(join(this.folder, checkFiles({ name }).metadata));
  }

  #remember(name: string, end: RustcEnd): void {
    this.#ends.set(name, end);
    const good = [...this.#good.values()];
    const inUse = new Set(
      good.flatMap(({ compiled, needed }) => [compiled.name, ...needed.cells.map((one) => one.name)]),
    );
    for (const oldest of this.#ends.keys()) {
      if (this.#ends.size <= REMEMBERED) break;
      this.#ends.delete(oldest);
      if (inUse.has(oldest)) continue;
      this.#texts.delete(oldest);
      for (const file of Object.values(checkFiles({ name: oldest })))
        rmSync(join(this.folder, file), { force: true });
    }
  }

  /** Cells that are closed. */
  forget(cells: readonly string[]): void {
    for (const cell of cells) this.#good.delete(cell);
  }

  /** What checks of processes that were killed have left. */
  static removeLeftOvers(names: readonly string[]): void {
    for (const name of names) {
      const pid = Number(/^(?:checks|mirror)-(\d+)$/.exec(name)?.[1]);
      if (pid && !isAlive(pid)) rmSync(join(cacheFolder("editor"), name), { recursive: true, force: true });
    }
  }
}

/** rustc's codes for a name that it does not find. */
const unresolved = new Set(
  "E0405 E0411 E0412 E0422 E0423 E0424 E0425 E0426 E0431 E0432 E0433 E0531".split(" "),
);

const BLOCKED =
  "A %%rust cell above that this one uses does not compile: this one is checked when that does.";

function onMagicLine(
  { cell }: RustCell,
  severity: CellDiagnostic["severity"],
  message: string,
  file?: string,
): CellDiagnostic {
  const start = { line: 0, character: 0 };
  const end = { line: 0, character: cell.text.split("\n", 1)[0]?.length ?? 0 };
  const related = file === undefined ? [] : [{ start, end: start, message: "This cell.", file }];
  return { start, end, severity, message, source: "tandem", related, suggestions: [] };
}

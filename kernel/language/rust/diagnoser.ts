import { readdirSync } from "node:fs";
import type { CodeAction, Range } from "vscode-languageserver";
import type { CellDiagnostic } from "../../cells/magic.ts";
import { Interrupted } from "../../engine/interrupted.ts";
import { TandemError } from "../../errors.ts";
import { outlineCell } from "../../rust/addon.ts";
import { cacheFolder } from "../../rust/cache.ts";
import { ofExports, placeOf } from "../../rust/diagnose.ts";
import type { Toolchain } from "../../rust/toolchain.ts";
import type { EditedCell, EditedNotebook, LanguageHost } from "../cell-language.ts";
import { CellChecks } from "./check-cells.ts";
import { type Told, toLsp } from "./lsp-diagnostics.ts";
import { isRust, type RustCell, rustCells, rustOf } from "./rust-cells.ts";

/** Of typing, in ms. */
const PAUSE = 400;

/** Tells what is wrong in Rust cells, on a pause of typing: by rustc, one at a time, where the workspace is trusted; else by syn. */
export class RustDiagnoser {
  readonly #host: LanguageHost;
  readonly #name: string;
  readonly #findToolchain: () => Promise<Toolchain>;
  #checks: CellChecks | undefined;
  /** The notebooks that changed since they were looked at; of each, the cells that did. The one that changed last comes first. */
  readonly #waiting = new Map<string, Set<string>>();
  /** What the diagnostics of a notebook depend on. */
  readonly #seen = new Map<string, string>();
  /** What is told of cells, with the texts that it is about. */
  readonly #told = new Map<string, { text: string; all: readonly Told[] }>();
  /** Notebooks with cells whose crates are to be built by a run. */
  readonly #withoutCrates = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #running: { readonly notebook: string; readonly abort: AbortController } | undefined;
  #sysroot: string | undefined;

  constructor(host: LanguageHost, name: string, findToolchain: () => Promise<Toolchain>) {
    this.#host = host;
    this.#name = name;
    this.#findToolchain = findToolchain;
  }

  changed(notebook: EditedNotebook, cells: readonly EditedCell[]): void {
    const { uri } = notebook;
    const now = rustOf(notebook);
    // After a run the crates may be there.
    if (this.#seen.get(uri) === now && !this.#withoutCrates.has(uri)) return;
    this.#seen.set(uri, now);
    for (const cell of cells) if (!isRust(cell)) this.#forget(cell.uri);
    if (now === "[]") return;
    const first = this.#waiting.get(uri) ?? new Set();
    for (const cell of cells) if (isRust(cell)) first.add(cell.uri);
    this.#ask(uri, first, PAUSE);
  }

  closed({ uri, cells }: EditedNotebook): void {
    this.#waiting.delete(uri);
    this.#seen.delete(uri);
    this.#withoutCrates.delete(uri);
    for (const cell of cells) this.#told.delete(cell.uri);
    this.#checks?.forget(cells.map((cell) => cell.uri));
    if (this.#running?.notebook === uri) this.#running.abort.abort();
  }

  trusted(): void {
    for (const uri of this.#seen.keys()) this.#ask(uri, new Set(), 0);
  }

  /** The quick fixes of what is told at a range of a cell. */
  actions(cell: EditedCell, range: Range): CodeAction[] {
    const touches = (other: Range) => before(other.start, range.end) && before(range.start, other.end);
    const told = this.#told.get(cell.uri);
    // The places are those of that text.
    if (told?.text !== cell.text) return [];
    return told.all.flatMap(({ diagnostic, actions }) => (touches(diagnostic.range) ? actions : []));
  }

  #ask(uri: string, first: Set<string>, pause: number): void {
    this.#waiting.delete(uri);
    this.#waiting.set(uri, first);
    if (this.#running?.notebook === uri) this.#running.abort.abort();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, pause);
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    // While somebody types nothing is begun.
    while (this.#timer === undefined) {
      const next = [...this.#waiting].at(-1);
      if (!next) return;
      const [uri, first] = next;
      this.#waiting.delete(uri);
      const notebook = this.#host.notebook(uri);
      if (!notebook) continue;
      const abort = new AbortController();
      this.#running = { notebook: uri, abort };
      try {
        await this.#diagnose(notebook, first, abort.signal);
      } catch (error) {
        if (!(error instanceof Interrupted) && !abort.signal.aborted)
          this.#host.log(`Rust cells are not checked: ${error instanceof Error ? error.message : error}`);
      } finally {
        this.#running = undefined;
      }
    }
  }

  async #diagnose(notebook: EditedNotebook, first: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    this.#withoutCrates.delete(notebook.uri);
    if (!this.#host.isTrusted) return this.#parseOnly(await rustCells(notebook));
    let toolchain: Toolchain;
    try {
      toolchain = await this.#findToolchain();
    } catch (error) {
      if (!(error instanceof TandemError)) throw error;
      const { what, next } = error.advice;
      return this.#parseOnly(await rustCells(notebook), `${what} ${next}`);
    }
    this.#sysroot = toolchain.sysroot;
    this.#checks ??= startChecks();
    await this.#checks.check(notebook, toolchain, first, signal, ({ cell, found }) => {
      if (!cell.check) this.#withoutCrates.add(notebook.uri);
      if (!signal.aborted) this.#tell(cell.cell, found);
    });
  }

  /** What can be said without a compiler; `missing`: why there is none, told once. */
  #parseOnly(cells: readonly RustCell[], missing?: string): void {
    for (const [index, { cell, source }] of cells.entries()) {
      const said = index === 0 && missing !== undefined ? [onMagicLine(cell, missing)] : [];
      this.#tell(cell, [...said, ...syntaxOf(source.text), ...ofExports(source.exports, source.text)]);
    }
  }

  #tell(cell: EditedCell, found: readonly CellDiagnostic[]): void {
    const names = {
      cellOf: (file: string) => this.#checks?.cellOf(file),
      sysroot: this.#sysroot,
    };
    const told = found.map((one) => toLsp(one, cell, names));
    const before = this.#told.get(cell.uri)?.all;
    this.#told.set(cell.uri, { text: cell.text, all: told });
    if (JSON.stringify(before) === JSON.stringify(told)) return;
    this.#host.publish(
      cell.uri,
      this.#name,
      told.map(({ diagnostic }) => diagnostic),
    );
  }

  #forget(uri: string): void {
    if (this.#told.delete(uri)) this.#host.publish(uri, this.#name, []);
  }
}

function startChecks(): CellChecks {
  CellChecks.removeLeftOvers(readdirSync(cacheFolder("editor")));
  return new CellChecks();
}

/** Where a text is no Rust, as syn says it. */
function syntaxOf(text: string): CellDiagnostic[] {
  const { error } = outlineCell(text);
  if (!error) return [];
  const place = placeOf(error.place, text.split("\n"));
  return [
    { ...place, severity: "error", message: error.message, source: "tandem", related: [], suggestions: [] },
  ];
}

function onMagicLine({ text }: EditedCell, message: string): CellDiagnostic {
  const end = { line: 0, character: text.split("\n", 1)[0]?.length ?? 0 };
  return {
    start: { line: 0, character: 0 },
    end,
    severity: "information",
    message,
    source: "tandem",
    related: [],
    suggestions: [],
  };
}

const before = (a: Range["start"], b: Range["start"]): boolean =>
  a.line < b.line || (a.line === b.line && a.character <= b.character);

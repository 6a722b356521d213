import type { CancellationToken } from "vscode-languageserver";
import { findToolchain, type Toolchain } from "../../rust/toolchain.ts";
import type { CellLanguage, CellRequest, LanguageHost } from "../cell-language.ts";
import { RustDiagnoser } from "./diagnoser.ts";
import { foldsOf, symbolsOf } from "./outline.ts";
import { isRust } from "./rust-cells.ts";
import { formatCell } from "./rustfmt.ts";

/** `%%rust` cells: rustc's diagnostics and quick fixes, rustfmt, and rust-analyzer where the machine has it. */
export function rustCellLanguage(host: LanguageHost): CellLanguage {
  const name = "rust";
  let found: Promise<Toolchain> | undefined;
  const toolchain = () => {
    // A failure is not kept: Rust may be installed meanwhile.
    found ??= findToolchain().catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
  const diagnoser = new RustDiagnoser(host, name, toolchain);
  let toldMissing = false;

  return {
    name,
    changed(notebook, cells) {
      diagnoser.changed(notebook, cells);
    },
    closed(notebook) {
      diagnoser.closed(notebook);
    },
    trusted() {
      diagnoser.trusted();
    },
    async symbols({ cell }) {
      return isRust(cell) ? symbolsOf(cell) : [];
    },
    async folds({ cell }) {
      return isRust(cell) ? foldsOf(cell) : [];
    },
    async codeActions({ cell, range }) {
      return isRust(cell) ? diagnoser.actions(cell, range) : [];
    },
    async format(of) {
      if (!isRust(of.cell)) return undefined;
      if (!host.isTrusted) return [];
      const signal = signalOf(of.token);
      const formatted = await formatCell(of.cell.text, of.notebook.folder, await toolchain(), signal);
      if (formatted.ok) return within(formatted.edits, of);
      if (formatted.missing && !toldMissing)
        host.log("Rust cells are not formatted: install it with `rustup component add rustfmt`.");
      toldMissing ||= formatted.missing;
      return [];
    },
  };
}

/** rustfmt formats a whole cell; of a range only what lies in it is taken. */
function within<T extends { range: { start: { line: number }; end: { line: number } } }>(
  edits: T[],
  { range }: CellRequest & { range?: T["range"] },
): T[] {
  if (!range) return edits;
  return edits.filter(
    (edit) => edit.range.start.line + 1 >= range.start.line && edit.range.end.line <= range.end.line,
  );
}

function signalOf(token: CancellationToken): AbortSignal {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}

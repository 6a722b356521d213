import { type CancellationToken, CodeActionKind } from "vscode-languageserver";
import { TandemError } from "../../errors.ts";
import { toolchainFinder } from "../../rust/toolchain.ts";
import type { CellLanguage, CellRequest, LanguageHost } from "../cell-language.ts";
import { RustAnalyzer } from "./analyzer/analyzer.ts";
import { analyzerFeatures } from "./analyzer/features.ts";
import { RustDiagnoser } from "./diagnoser.ts";
import { foldsOf, symbolsOf } from "./outline.ts";
import { isRust } from "./rust-cells.ts";
import { formatCell } from "./rustfmt.ts";

/** `%%rust` cells: rustc's diagnostics and quick fixes, rustfmt, and rust-analyzer where the machine has it. */
export function rustCellLanguage(host: LanguageHost): CellLanguage {
  const name = "rust";
  const toolchain = toolchainFinder();
  const diagnoser = new RustDiagnoser(host, name, toolchain);
  const analyzer = new RustAnalyzer(host, toolchain);
  const answers = analyzerFeatures(analyzer);
  let toldMissing = false;

  return {
    name,
    changed(notebook, cells) {
      diagnoser.changed(notebook, cells);
      analyzer.changed(notebook);
    },
    closed(notebook) {
      diagnoser.closed(notebook);
      analyzer.closed(notebook);
    },
    trusted() {
      diagnoser.trusted();
    },
    completion: ofRust(answers.completion),
    // Only items of Rust cells come back here.
    resolveCompletion: answers.resolveCompletion,
    hover: ofRust(answers.hover),
    signatureHelp: ofRust(answers.signatureHelp),
    definition: ofRust(answers.definition),
    typeDefinition: ofRust(answers.typeDefinition),
    implementation: ofRust(answers.implementation),
    references: ofRust(answers.references),
    highlights: ofRust(answers.highlights),
    prepareRename: ofRust(answers.prepareRename),
    rename: ofRust(answers.rename),
    selectionRanges: ofRust(answers.selectionRanges),
    async semanticTokens(of) {
      return isRust(of.cell) ? answers.semanticTokens(of) : [];
    },
    async inlayHints(of) {
      return isRust(of.cell) ? answers.inlayHints(of) : [];
    },
    // The outline and folds are there at once; rust-analyzer has them too while the text is no Rust.
    async symbols(of) {
      if (!isRust(of.cell)) return [];
      const symbols = symbolsOf(of.cell);
      return symbols.length > 0 || !analyzer.isQuiet(of) ? symbols : answers.symbols(of);
    },
    async folds(of) {
      if (!isRust(of.cell)) return [];
      return analyzer.isQuiet(of) ? answers.folds(of) : foldsOf(of.cell);
    },
    async codeActions(of, context) {
      if (!isRust(of.cell)) return [];
      const asked = context.only?.some((kind) => kind === "" || kind.startsWith(CodeActionKind.QuickFix));
      const fixes = asked === false ? [] : diagnoser.actions(of.cell, of.range);
      // Nobody waits for its start to be shown a fix.
      return analyzer.isQuiet(of) ? [...fixes, ...(await answers.codeActions(of, context))] : fixes;
    },
    async resolveCodeAction(action, token) {
      return action.edit ? action : answers.resolveCodeAction(action, token);
    },
    async format(of) {
      if (!isRust(of.cell)) return undefined;
      if (!host.isTrusted) return [];
      const rust = await toolchain().catch((error: unknown) => {
        if (error instanceof TandemError) return undefined;
        throw error;
      });
      const formatted =
        rust && (await formatCell(of.cell.text, of.notebook.folder, rust, signalOf(of.token)));
      if (formatted?.ok) return within(formatted.edits, of);
      if ((!formatted || formatted.missing) && !toldMissing) {
        toldMissing = true;
        host.log("Rust cells are not formatted without rustfmt: `rustup component add rustfmt` installs it.");
      }
      return [];
    },
  };
}

/** A feature for Rust cells alone: the others are left to other languages. */
function ofRust<R extends CellRequest, A extends unknown[], T>(
  feature: (request: R, ...more: A) => Promise<T | undefined>,
): (request: R, ...more: A) => Promise<T | undefined> {
  return async (request, ...more) => (isRust(request.cell) ? feature(request, ...more) : undefined);
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

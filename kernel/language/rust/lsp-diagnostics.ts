import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  type Range,
} from "vscode-languageserver";
import type { CellDiagnostic, RelatedPlace } from "../../cells/magic.ts";
import { placeOf } from "../../rust/diagnose.ts";
import type { EditedCell } from "../cell-language.ts";

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
} as const;

/** Lints whose place is code that does nothing. */
const unnecessary = /^(unused_(?!must_use|unsafe)\w+|dead_code|unreachable_\w+)$/;

/** What is told of a cell, with what would mend it. */
export interface Told {
  readonly diagnostic: Diagnostic;
  readonly actions: readonly CodeAction[];
}

/** Who knows the files that the compiler names. */
export interface FileNames {
  /** The cell of a check's file, with the text that was checked. */
  cellOf(file: string): { cell: string; text: string } | undefined;
  readonly sysroot: string | undefined;
}

/** A cell's diagnostic as the protocol has it. */
export function toLsp(found: CellDiagnostic, cell: EditedCell, names: FileNames): Told {
  const { code, href, severity, source } = found;
  const related = found.related.flatMap((one) => ofRelated(one, cell, names));
  const diagnostic: Diagnostic = {
    range: rangeOf(found),
    severity: severities[severity],
    message: found.message,
    source,
    ...(code !== undefined && { code }),
    ...(href !== undefined && { codeDescription: { href } }),
    ...(related.length > 0 && { relatedInformation: related }),
    ...(code !== undefined && unnecessary.test(code) && { tags: [DiagnosticTag.Unnecessary] }),
    ...(code === "deprecated" && { tags: [DiagnosticTag.Deprecated] }),
  };
  return { diagnostic, actions: actionsOf(found, cell, diagnostic) };
}

const rangeOf = ({ start, end }: { start: Range["start"]; end: Range["end"] }): Range => ({ start, end });

function ofRelated(
  { file, message, start, end }: RelatedPlace,
  cell: EditedCell,
  names: FileNames,
): DiagnosticRelatedInformation[] {
  const at = (uri: string, range: Range) => [{ location: { uri, range }, message }];
  if (file === undefined) return at(cell.uri, { start, end });
  if (/^[\w-]{2,}:/.test(file)) return at(file, { start, end });
  const other = names.cellOf(file);
  if (other) {
    // The compiler counts characters, and did not have that text at hand.
    const range = placeOf(
      {
        line: start.line + 1,
        column: start.character + 1,
        endLine: end.line + 1,
        endColumn: end.character + 1,
      },
      other.text.split("\n"),
    );
    return at(other.cell, range);
  }
  const path = onDisk(file, names.sysroot);
  return path === undefined ? [] : at(pathToFileURL(path).href, { start, end });
}

/** The standard library's files are named by where they were compiled. */
function onDisk(file: string, sysroot: string | undefined): string | undefined {
  const [, inLibrary] = /^\/rustc\/[0-9a-f]+\/(library\/.*)$/.exec(file) ?? [];
  if (inLibrary === undefined) return isAbsolute(file) && existsSync(file) ? file : undefined;
  if (sysroot === undefined) return undefined;
  const path = join(sysroot, "lib", "rustlib", "src", "rust", inLibrary);
  return existsSync(path) ? path : undefined;
}

function actionsOf(found: CellDiagnostic, cell: EditedCell, diagnostic: Diagnostic): CodeAction[] {
  const action = (
    title: string,
    edits: CellDiagnostic["suggestions"][number]["edits"],
    certain: boolean,
  ) => ({
    title: title.charAt(0).toUpperCase() + title.slice(1),
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    ...(certain && { isPreferred: true }),
    edit: {
      changes: {
        [cell.uri]: edits.map((edit) => ({ range: belowMagicLine(rangeOf(edit)), newText: edit.text })),
      },
    },
  });
  const fixes = found.suggestions.map(({ message, edits, certain }) => action(message, edits, certain));
  const [, crate] = /unlinked crate `(\w+)`/.exec(found.message) ?? [];
  if (crate === undefined) return fixes;
  const character = (cell.text.split("\n", 1)[0] ?? "").trimEnd().length;
  const place = { line: 0, character };
  const add: CodeAction = {
    title: `Add the crate ${crate} to the magic line: --dep ${crate}`,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    edit: {
      changes: { [cell.uri]: [{ range: { start: place, end: place }, newText: ` --dep ${crate}` }] },
    },
  };
  return [...fixes, add];
}

/** For the compiler the magic line is an empty one, where `use` may stand. */
function belowMagicLine({ start, end }: Range): Range {
  const below = { line: 1, character: 0 };
  return { start: start.line === 0 ? below : start, end: end.line === 0 ? below : end };
}

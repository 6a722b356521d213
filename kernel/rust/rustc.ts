import { type Priority, runTool } from "./tool.ts";

/** One message of the compiler. */
export interface RustDiagnostic {
  readonly level: "error" | "warning" | "note" | "help" | string;
  readonly message: string;
  /** E0382 and the like. */
  readonly code: string | undefined;
  /** As rustc prints it, without colours. */
  readonly rendered: string;
  /** 1-based; of the primary span in the cell's own file, if there is one. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly spans: readonly RustSpan[];
  /** Notes and suggestions that belong to it. */
  readonly children: readonly { readonly message: string; readonly spans: readonly RustSpan[] }[];
}

/** A place that a message names; lines and columns from 1, columns in characters, the end behind the last. */
export interface RustSpan {
  readonly file: string;
  readonly primary: boolean;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly label: string | null;
  /** What a suggestion puts there. */
  readonly replacement: string | null;
  readonly applicability: string | null;
}

export interface RustcEnd {
  readonly ok: boolean;
  readonly diagnostics: readonly RustDiagnostic[];
  /** What it said that was no diagnostic: the linker's words, or its own crash. */
  readonly otherwise: string;
}

interface JsonDiagnostic {
  $message_type?: string;
  level: string;
  message: string;
  code: { code: string } | null;
  rendered: string | null;
  spans: JsonSpan[];
  children: { message: string; spans: JsonSpan[] }[];
}

interface JsonSpan {
  file_name: string;
  is_primary: boolean;
  line_start: number;
  column_start: number;
  line_end: number;
  column_end: number;
  label: string | null;
  suggested_replacement: string | null;
  suggestion_applicability: string | null;
}

/** Runs the compiler in `folder`. An aborted signal ends it. `file`: the cell's, which in what it says is always `cell.rs`. */
export async function runRustc(
  rustc: string,
  args: readonly string[],
  folder: string,
  signal: AbortSignal,
  priority: Priority = "normal",
  file = OWN,
): Promise<RustcEnd> {
  const diagnostics: RustDiagnostic[] = [];
  let otherwise = "";
  const stderr = (line: string) => {
    const found = readDiagnostic(file === OWN ? line : line.replaceAll(file, OWN));
    if (found) diagnostics.push(found);
    else otherwise += `${line}\n`;
  };
  const code = await runTool(rustc, args, folder, signal, { stderr }, priority);
  return { ok: code === 0, diagnostics, otherwise };
}

/** What a cell is called in what the compiler says. */
const OWN = "cell.rs";

function readDiagnostic(line: string): RustDiagnostic | undefined {
  if (!line.startsWith("{")) return undefined;
  // rustc's own format; fields are documented in the rustc book, "JSON output".
  const { level, message, code, rendered, ...more } = JSON.parse(line) as JsonDiagnostic;
  if (!rendered) return undefined;
  const spans = more.spans.map(readSpan);
  const own = spans.find((one) => one.primary && one.file === OWN);
  const children = more.children.map((one) => ({ message: one.message, spans: one.spans.map(readSpan) }));
  return {
    level,
    message,
    code: code?.code,
    rendered,
    line: own?.line,
    column: own?.column,
    spans,
    children,
  };
}

const readSpan = (span: JsonSpan): RustSpan => ({
  file: span.file_name,
  primary: span.is_primary,
  line: span.line_start,
  column: span.column_start,
  endLine: span.line_end,
  endColumn: span.column_end,
  label: span.label,
  replacement: span.suggested_replacement,
  applicability: span.suggestion_applicability,
});

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
  spans: { file_name: string; is_primary: boolean; line_start: number; column_start: number }[];
}

/** Runs the compiler in `folder`. An aborted signal ends it. */
export async function runRustc(
  rustc: string,
  args: readonly string[],
  folder: string,
  signal: AbortSignal,
  priority: Priority = "normal",
): Promise<RustcEnd> {
  const diagnostics: RustDiagnostic[] = [];
  let otherwise = "";
  const stderr = (line: string) => {
    const found = readDiagnostic(line);
    if (found) diagnostics.push(found);
    else otherwise += `${line}\n`;
  };
  const code = await runTool(rustc, args, folder, signal, { stderr }, priority);
  return { ok: code === 0, diagnostics, otherwise };
}

function readDiagnostic(line: string): RustDiagnostic | undefined {
  if (!line.startsWith("{")) return undefined;
  // rustc's own format; fields are documented in the rustc book, "JSON output".
  const { level, message, code, rendered, spans } = JSON.parse(line) as JsonDiagnostic;
  if (!rendered) return undefined;
  const span = spans.find((one) => one.is_primary && one.file_name === "cell.rs");
  return { level, message, code: code?.code, rendered, line: span?.line_start, column: span?.column_start };
}

import type { CellError } from "../cells/cell.ts";
import type { RustProblem } from "./exports.ts";
import type { RustDiagnostic } from "./rustc.ts";

/** Text of the compiler with the cell's name in its file's place. */
export function withCellName(text: string, file: string): string {
  return text.replace(/\bcell\.rs(?=:\d)/g, file);
}

/** The compiler's errors, as it renders them. */
export function compileError(errors: readonly RustDiagnostic[], otherwise: string, file: string): CellError {
  const text = errors.map(({ rendered }) => rendered).join("\n") || otherwise;
  const [first] = errors;
  const code = first?.code ? `[${first.code}]` : "";
  const evalue = first ? `error${code}: ${first.message}` : "The compiler ended without a message.";
  return { ename: "RustError", evalue, traceback: withCellName(text.trimEnd(), file).split("\n") };
}

/** What cannot be exported, in the compiler's manner: each at its place, with what to write instead. */
export function problemsError(problems: readonly RustProblem[], source: string, file: string): CellError {
  const lines = source.split("\n");
  const traceback = problems.flatMap(({ line, column, endLine, endColumn, message, instead }) => {
    const text = lines[line - 1] ?? "";
    const width = Math.max(1, endLine === line ? endColumn - column : text.length - column + 1);
    const margin = " ".repeat(String(line).length);
    return [
      `error: ${message}`,
      `${margin}--> ${file}:${line}:${column}`,
      `${margin} |`,
      `${line} | ${text}`,
      `${margin} | ${" ".repeat(column - 1)}${"^".repeat(width)}`,
      `${margin} = help: ${instead}`,
      "",
    ];
  });
  return {
    ename: "RustError",
    evalue: `error: ${problems[0]?.message ?? ""}`,
    traceback: traceback.slice(0, -1),
  };
}

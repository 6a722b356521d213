/** A cell that does not parse: where, and the lines around it. Positions are 1-based, columns in UTF-16 units. */
export class CellSyntaxError extends SyntaxError {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The lines around the place, with a caret under it. */
  readonly frame: string;

  constructor(message: string, at: { file: string; source: string; offset: number }) {
    super(message);
    this.name = "SyntaxError";
    this.file = at.file;
    const { line, column } = positionAt(at.source, at.offset);
    this.line = line;
    this.column = column;
    this.frame = codeFrame(at.source, line, column);
    this.stack = `SyntaxError: ${message}\n    at ${this.file}:${line}:${column}\n\n${this.frame}`;
  }
}

/** The 1-based line and column of an offset; an offset past the end is the end. */
export function positionAt(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: before.length - before.lastIndexOf("\n") };
}

/** The offset of a 1-based line and a 0-based column in UTF-8 bytes, as compilers in Go and Rust count. */
export function offsetOfBytes(source: string, line: number, byteColumn: number): number {
  const start = lineStart(source, line);
  const text = source.slice(start).split("\n", 1)[0] ?? "";
  return start + Buffer.from(text).subarray(0, byteColumn).toString().length;
}

/** The offset at which a 1-based line starts; the end for a line past it. */
export function lineStart(source: string, line: number): number {
  let at = 0;
  for (let n = 1; n < line; n++) {
    const next = source.indexOf("\n", at);
    if (next < 0) return source.length;
    at = next + 1;
  }
  return at;
}

/** Up to two lines before the place and one after it, numbered, with a caret under the column. */
function codeFrame(source: string, line: number, column: number): string {
  const lines = source.split(/\r?\n/);
  const first = Math.max(1, line - 2);
  const last = Math.min(lines.length, line + 1);
  const width = String(last).length;
  const out: string[] = [];
  for (let n = first; n <= last; n++) {
    const text = lines[n - 1] ?? "";
    out.push(`${n === line ? ">" : " "} ${String(n).padStart(width)} | ${text}`.trimEnd());
    // Tabs are kept so that the caret stands where the editor shows the column.
    if (n === line) out.push(`  ${" ".repeat(width)} | ${text.slice(0, column - 1).replace(/[^\t]/g, " ")}^`);
  }
  return out.join("\n");
}

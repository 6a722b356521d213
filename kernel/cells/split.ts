import { fail, TandemError } from "../errors.ts";
import { isComplete } from "../typescript/is-complete.ts";
import type { LineMagic } from "./magic.ts";
import { type MagicHead, needsRest } from "./magic-line.ts";
import { nearest } from "./nearest.ts";
import { type LineStart, lineStarts } from "./scanner.ts";

/** A stretch of a cell: TypeScript, with its lines where they are in the cell, or a line magic. */
export type Piece = { readonly typescript: string } | MagicPiece;

export interface MagicPiece extends MagicHead {
  readonly magic: LineMagic;
  /** 1-based. */
  readonly line: number;
}

/**
 * Takes a cell apart into TypeScript and line magics. A line is a magic where a statement may start and it begins
 * with `%` and a name of `table`; `% b` and `%b` elsewhere are TypeScript's remainder. `!command` is the magic `sh`
 * where it is no TypeScript. Throws the catalogue's errors for a line that can be neither.
 */
export function splitCell(source: string, table: readonly LineMagic[]): readonly Piece[] {
  // Most cells have no line that starts so.
  if (!/^[%!]/m.test(source)) return [{ typescript: source }];
  const pieces: Piece[] = [];
  let from = 0;
  const typescript = (end: number) => {
    const text = source.slice(from, end);
    if (text.trim() !== "") pieces.push({ typescript: source.slice(0, from).replace(/[^\n]/g, "") + text });
  };
  for (const { start, end, magic, error } of linesOf(source, table)) {
    if (error) throw error;
    if (!magic) continue;
    typescript(start.offset);
    pieces.push(magic);
    from = Math.min(end + 1, source.length);
  }
  typescript(source.length);
  return pieces;
}

/** A line of a cell: a line magic, an error where it can be neither that nor TypeScript, else TypeScript. */
export interface CellLine {
  readonly start: LineStart;
  /** Offset of its end, without the line end. */
  readonly end: number;
  readonly magic?: MagicPiece;
  readonly error?: TandemError;
}

/** The lines of a cell that has no cell magic. */
export function* linesOf(source: string, table: readonly LineMagic[]): Generator<CellLine> {
  const lines = lineStarts(source);
  for (let { value, done } = lines.next(); !done && value; ) {
    const text = source.slice(value.offset).split("\n", 1)[0] ?? "";
    const found = tryLine(text.replace(/\r$/, ""), value, table);
    yield { start: value, end: value.offset + text.length, ...found };
    // The generator is told whether the line was TypeScript.
    ({ value, done } = lines.next(found !== undefined));
  }
}

function tryLine(
  text: string,
  start: LineStart,
  table: readonly LineMagic[],
): Pick<CellLine, "magic" | "error"> | undefined {
  try {
    const found = readLine(text, start, table);
    return found && { magic: { ...found, line: start.line } };
  } catch (error) {
    if (error instanceof TandemError) return { error };
    throw error;
  }
}

/** The magic that a line is, if it is one. */
function readLine(
  text: string,
  { statement, afterExpression, line }: LineStart,
  table: readonly LineMagic[],
): Omit<MagicPiece, "line"> | undefined {
  if (!statement) return undefined;
  if (text.startsWith("!")) return readCommand(text, table);
  const [, percent, name, asks, tail = ""] = /^(%%?)([A-Za-z_]\w*)(?:(\?)\s*$|(\s.*)?$)/s.exec(text) ?? [];
  if (percent === undefined || name === undefined) return undefined;
  if (percent === "%%") throw fail("magicNotFirst", name, line);
  const magic = table.find((one) => one.name === name);
  if (!magic) {
    if (afterExpression) return undefined;
    const names = table.map((one) => one.name);
    throw fail("unknownLineMagic", name, nearest(name, names));
  }
  const form = `%${name}`;
  const column = form.length;
  if (asks) return { magic, form, tail: " --help", column };
  // The remainder by a variable of this name: the magic would be given nothing to do.
  if (afterExpression && tail.trim() === "" && needsRest(magic)) return undefined;
  return { magic, form, tail, column };
}

/** `!command`; what may be, or may begin, an expression that is negated stays TypeScript. */
function readCommand(text: string, table: readonly LineMagic[]): Omit<MagicPiece, "line"> | undefined {
  const magic = table.find((one) => one.name === "sh");
  const command = text.slice(1).trim();
  if (!magic || command === "" || isComplete(text).status !== "invalid") return undefined;
  // What begins like an option is the command's.
  return { magic, form: "%sh", tail: ` -- ${command}`, column: 1 };
}

import { applyEdits, type Edit, lineTable, type SourceMap, sourceMapOf } from "./edits.ts";
import { type Stripped, stripTypes } from "./strip.ts";
import { CellSyntaxError, positionAt } from "./syntax-error.ts";

/** A cell's JavaScript and what is needed to find positions again. */
export interface CellScript extends Stripped {
  /** 0-based place of an object literal around which two characters before it and one after it were put. */
  readonly wrapped?: { readonly line: number; readonly column: number };
}

/**
 * Strips a cell's types; a cell that ends in an object literal which is no block either (`{ a: 1, b: 2 }`) gets
 * parentheses around it. With `returns`, the cell is the body of a function. Throws a CellSyntaxError.
 */
export function readCell(
  cell: string,
  file: string,
  { returns = false, folder }: { returns?: boolean; folder?: string | undefined } = {},
): CellScript {
  try {
    return stripTypes(cell, file, { returns, folder });
  } catch (error) {
    if (!(error instanceof CellSyntaxError)) throw error;
    const found = wrapLast(cell, file, returns);
    if (!found) throw error;
    return { ...found.stripped, wrapped: found.place };
  }
}

type Place = NonNullable<CellScript["wrapped"]>;

/** The text with parentheses around its last object literal where it parses with them alone, as `readCell` puts them. */
export function wrapObjectLiteral(cell: string): { text: string; place?: Place } {
  // Cheap first: few cells have such a line.
  if (!/^[ \t]*\{/m.test(cell)) return { text: cell };
  try {
    stripTypes(cell, "cell.ts");
    return { text: cell };
  } catch {
    return wrapLast(cell, "cell.ts", false) ?? { text: cell };
  }
}

function wrapLast(
  cell: string,
  file: string,
  returns: boolean,
): { text: string; place: Place; stripped: Stripped } | undefined {
  const end = cell.replace(/[\s;]+$/, "").length;
  // From the last line that starts with a brace upwards; a few tries, as each costs a parse.
  const starts = [...cell.matchAll(/^[ \t]*\{/gm)].map((match) => match.index + match[0].length - 1);
  for (const start of starts.reverse().slice(0, 5)) {
    // The semicolon, since the line before may have none.
    const text = `${cell.slice(0, start)};(${cell.slice(start, end)})${cell.slice(end)}`;
    const stripped = stripObject(text, file, returns);
    if (!stripped) continue;
    const { line, column } = positionAt(cell, start);
    return { text, stripped, place: { line: line - 1, column: column - 1 } };
  }
  return undefined;
}

/** The stripped text, if it ends in an object literal. */
function stripObject(text: string, file: string, returns: boolean): Stripped | undefined {
  try {
    const stripped = stripTypes(text, file, { returns });
    const last = stripped.program.body.findLast((node) => node.type !== "EmptyStatement");
    const object = last?.type === "ExpressionStatement" && last.expression.type === "ObjectExpression";
    return object ? stripped : undefined;
  } catch {
    return undefined;
  }
}

/** A cell's JavaScript with edits done, and the map back to the cell where a token changed its place. */
export interface EditedScript {
  readonly code: string;
  readonly sourceMap?: SourceMap;
  /** Where an offset of the script went. */
  at(offset: number): number;
}

/** Does the edits; the map has an entry for each token. */
export function editScript(script: CellScript, edits: readonly Edit[], file: string): EditedScript {
  const { text: code, at } = applyEdits(script.code, edits);
  const kept = edits.every(({ start, end, text }) => text.length === end - start);
  if (kept && !script.original && !script.wrapped) return { code, at };
  const before = lineTable(script.code);
  const after = lineTable(code);
  const pairs: { generated: [number, number]; original: [number, number] }[] = [];
  for (const token of script.tokens) {
    const here = before(token.start);
    const original = script.original ? script.original(...here) : here;
    if (!original) continue;
    const [line, column] = original;
    const shifted = script.wrapped && script.wrapped.line === line && script.wrapped.column < column;
    pairs.push({
      generated: after(at(token.start)),
      original: [line, shifted ? column - 2 : column],
    });
  }
  return { code, at, sourceMap: sourceMapOf(file, pairs) };
}

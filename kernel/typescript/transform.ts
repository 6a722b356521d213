import type { EngineCode } from "../engine/engine.ts";
import { applyEdits, lineTable, originalPosition, type SourceMap, sourceMapOf } from "./edits.ts";

import { type Rewrite, rewriteCell } from "./rewrite.ts";
import { type Stripped, stripTypes } from "./strip.ts";
import { CellSyntaxError, positionAt } from "./syntax-error.ts";

/** A cell ready for the engine, and the names it declares at its top level (imports included). */
export interface TransformedCell extends EngineCode {
  readonly declared: readonly string[];
}

/**
 * Turns a TypeScript cell into JavaScript for V8's REPL scope. Lines and columns stay those of the cell; where that
 * cannot be, `sourceMap` tells. Imports become calls that the engine answers:
 * `__tandem_import(specifier, attributes?, names?)`, a promise of the namespace, where `names` are the imported names
 * (a CommonJS module may have them only on its default export); `import.meta` becomes `__tandem_meta`.
 * Throws a CellSyntaxError.
 */
export function transformCell(source: string, { file }: { file: string }): TransformedCell {
  const cell = source.replace(/^\ufeff/, "");
  const { stripped, wrapped } = strip(cell, file);
  const rewrite = rewriteCell(stripped.code, stripped.program);
  const edited = applyEdits(stripped.code, rewrite.edits);
  const ranges = rewrite.functions.map(({ start, end }) => ({
    start: edited.at(start),
    end: edited.at(end),
  }));
  const sourceMap = sourceMapFor(stripped, rewrite, edited, { file, wrapped });
  const hoisted = [
    ...(rewrite.hoistedNames.length > 0 ? [`let ${rewrite.hoistedNames.join(",")};`] : []),
    ...(ranges.length > 0 ? [only(edited.text, ranges)] : []),
  ];
  return {
    ...(hoisted.length > 0 ? { hoisted } : {}),
    code: without(edited.text, ranges),
    imports: rewrite.imports,
    // What a compiler added for itself is not the cell's.
    declared: rewrite.declared.filter((name) => cell.includes(name)),
    showResult: rewrite.showResult,
    ...(sourceMap ? { sourceMap } : {}),
  };
}

interface Place {
  /** 0-based. */
  readonly line: number;
  readonly column: number;
}

/** Strips the types; a cell that ends in an object literal which is no block either gets parentheses around it. */
function strip(cell: string, file: string): { stripped: Stripped; wrapped?: Place } {
  try {
    return { stripped: stripTypes(cell, file) };
  } catch (error) {
    if (!(error instanceof CellSyntaxError)) throw error;
    const end = cell.replace(/[\s;]+$/, "").length;
    // From the last line that starts with a brace upwards; a few tries, as each costs a parse.
    const starts = [...cell.matchAll(/^[ \t]*\{/gm)].map((match) => match.index + match[0].length - 1);
    for (const start of starts.reverse().slice(0, 5)) {
      const text = `${cell.slice(0, start)};(${cell.slice(start, end)})${cell.slice(end)}`;
      const stripped = attempt(() => stripTypes(text, file));
      const last = stripped?.program.body.findLast((node) => node.type !== "EmptyStatement");
      const object = last?.type === "ExpressionStatement" && last.expression.type === "ObjectExpression";
      if (!stripped || !object) continue;
      const { line, column } = positionAt(cell, start);
      return { stripped, wrapped: { line: line - 1, column: column - 1 } };
    }
    throw error;
  }
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** A map with an entry for each token; nothing where every token kept its place. */
function sourceMapFor(
  stripped: Stripped,
  rewrite: Rewrite,
  edited: { text: string; at(offset: number): number },
  { file, wrapped }: { file: string; wrapped: Place | undefined },
): SourceMap | undefined {
  const kept = rewrite.edits.every(({ start, end, text }) => text.length === end - start);
  if (kept && !stripped.mappings && !wrapped) return undefined;
  const before = lineTable(stripped.code);
  const after = lineTable(edited.text);
  const lookUp = stripped.mappings === undefined ? undefined : originalPosition(stripped.mappings);
  const pairs: { generated: [number, number]; original: [number, number] }[] = [];
  for (const token of stripped.tokens) {
    const here = before(token.start);
    const original = lookUp ? lookUp(...here) : here;
    if (!original) continue;
    const [line, column] = original;
    const shifted = wrapped && wrapped.line === line && wrapped.column < column;
    pairs.push({ generated: after(edited.at(token.start)), original: [line, shifted ? column - 2 : column] });
  }
  return sourceMapOf(file, pairs);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

const blank = (text: string) => text.replace(/[^\r\n]/g, " ");

/** The text with everything outside the ranges blank. */
function only(text: string, ranges: readonly Range[]): string {
  let out = "";
  let done = 0;
  for (const { start, end } of ranges) {
    const gap = blank(text.slice(done, start));
    // Functions on one line are kept apart; one below the other they are already.
    out += done > 0 && !gap.includes("\n") ? `;${gap.slice(1)}` : gap;
    out += text.slice(start, end);
    done = end;
  }
  return out;
}

/** The text with the ranges blank. */
function without(text: string, ranges: readonly Range[]): string {
  let out = "";
  let done = 0;
  for (const { start, end } of ranges) {
    out += text.slice(done, start) + blank(text.slice(start, end));
    done = end;
  }
  return out + text.slice(done);
}

import type { Declaration, EngineCode } from "../engine/engine.ts";
import { type CellScript, editScript, readCell } from "./read-cell.ts";
import { rewriteCell } from "./rewrite.ts";

/** A cell ready for the engine. */
export interface TransformedCell extends EngineCode {
  readonly declared: readonly Declaration[];
}

/**
 * Turns a TypeScript cell into JavaScript for V8's REPL scope. Lines and columns stay those of the cell; where that
 * cannot be, `sourceMap` tells. Imports become calls that the engine answers:
 * `__tandem_import(specifier, attributes?, names?, optional?)`, a promise of the namespace, where `names` are the imported
 * names (a CommonJS module may have them only on its default export) and `optional` those that may be types, which are
 * not there at all; `import.meta` becomes `__tandem_meta`.
 * `folder`: whose tsconfig.json says how JSX and decorators are compiled. Throws a CellSyntaxError.
 */
export function transformCell(
  source: string,
  { file, folder }: { file: string; folder?: string },
): TransformedCell {
  const cell = source.replace(/^\ufeff/, "");
  const script = readCell(cell, file, { folder });
  const rewrite = rewriteCell(script.code, script.program);
  const edited = editScript(script, rewrite.edits, file);
  const ranges = rewrite.functions.map(({ start, end }) => ({
    start: edited.at(start),
    end: edited.at(end),
  }));
  const hoisted = [
    ...(rewrite.hoistedNames.length > 0 ? [`let ${rewrite.hoistedNames.join(",")};`] : []),
    ...(ranges.length > 0 ? [only(edited.code, ranges)] : []),
  ];
  return {
    ...(hoisted.length > 0 ? { hoisted } : {}),
    code: without(edited.code, ranges),
    imports: rewrite.imports,
    // What a compiler added for itself is not the cell's.
    declared: [...rewrite.declared]
      .filter(([name]) => cell.includes(name))
      .map(([name, offset]) => ({ name, line: lineIn(script, offset) })),
    showResult: rewrite.showResult,
    ...(edited.sourceMap ? { sourceMap: edited.sourceMap } : {}),
  };
}

/** The 1-based line of the cell for an offset of its JavaScript. */
function lineIn({ code, original }: CellScript, offset: number): number {
  const before = code.slice(0, offset).split("\n");
  const [line] = original?.(before.length - 1, before.at(-1)?.length ?? 0) ?? [before.length - 1];
  return line + 1;
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

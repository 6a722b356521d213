import type { ImportBinding } from "../engine/engine.ts";
import type { Edit, SourceMap } from "./edits.ts";
import { lastExpression, returnEdits } from "./last-expression.ts";
import { bindingsOf, importCall, importExpressionEdits, valueNames } from "./module-syntax.ts";
import { editScript, readCell } from "./read-cell.ts";
import { CellSyntaxError } from "./syntax-error.ts";

/** JavaScript to stand between the braces of a function, its lines those of the source. */
export interface FunctionBody {
  readonly code: string;
  readonly sourceMap?: SourceMap;
  /** What the body imports for itself, by `__tandem_import`. */
  readonly imports: readonly ImportBinding[];
  /** It awaits at its top level (imports do): the function has to be async. */
  readonly isAsync: boolean;
  /** It ends in an expression, which is now its return value. */
  readonly hasResult: boolean;
}

/**
 * Turns TypeScript into the body of a function that returns the last expression's value. To keep a cell's lines, hand
 * over the cell with its magic line blanked. Throws a CellSyntaxError.
 */
export function transformBody(source: string, { file }: { file: string }): FunctionBody {
  const script = readCell(source, file, { returns: true });
  const { code, program } = script;
  const edits: Edit[] = [...importExpressionEdits(program), ...returnEdits(code, program)];
  const imports: ImportBinding[] = [];
  const values = valueNames(program);
  for (const node of program.body) {
    if (node.type === "ImportDeclaration") {
      imports.push(...bindingsOf(node));
      const lines = "\n".repeat(code.slice(node.start, node.end).split("\n").length - 1);
      edits.push({ start: node.start, end: node.end, text: importCall(code, node, values) + lines });
    } else if (/^Export/.test(node.type))
      throw new CellSyntaxError("A body has nothing to export to", { file, source, offset: node.start });
  }
  const { code: edited, sourceMap } = editScript(script, edits, file);
  return {
    code: edited,
    ...(sourceMap ? { sourceMap } : {}),
    imports,
    isAsync: script.hasAwait || program.body.some((node) => node.type === "ImportDeclaration"),
    hasResult: lastExpression(code, program) !== undefined,
  };
}

import { type Diagnostic, DiagnosticSeverity } from "vscode-languageserver";
import type { CellView } from "./views.ts";

/** Findings that say no more than that a package came without types. */
const untyped = new Set([7016, 7026]);

/** Findings that say no more than that a type was not written: of parameters, variables, patterns and results. */
const implicit = new Set([7005, 7006, 7010, 7011, 7019, 7022, 7023, 7024, 7031, 7034]);

/** From here on TypeScript's findings are of types, and not of how a text is written. */
const OF_TYPES = 2000;

/**
 * A finding with the weight that it has in a notebook, or none: a cell is no library, so types that were left out are a
 * hint, unless the folder's own configuration asks for them (`strict`); JavaScript has none to be wrong.
 */
export function weighed(found: Diagnostic, { cell }: CellView, strict: boolean): Diagnostic | undefined {
  const code = Number(found.code);
  if (/^javascript/.test(cell.language) && !cell.text.startsWith("%%") && code >= OF_TYPES) return undefined;
  const isHint = untyped.has(code) || (!strict && implicit.has(code));
  return isHint ? { ...found, severity: DiagnosticSeverity.Hint } : found;
}

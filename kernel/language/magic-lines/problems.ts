import { type CodeAction, CodeActionKind, type Diagnostic, DiagnosticSeverity } from "vscode-languageserver";
import type { MagicProblem } from "../../cells/magic.ts";

/** Who says it. */
const SOURCE = "tandem";

/** A mistake on a magic line as the editor shows it. */
export function diagnosticOf({ start, end, error }: MagicProblem): Diagnostic {
  return {
    range: { start, end },
    severity: DiagnosticSeverity.Error,
    source: SOURCE,
    code: error.code,
    message: error.message,
  };
}

/** What would mend it. The first of several nearest names is the only one, and so preferred. */
export function fixesOf(problem: MagicProblem, uri: string): CodeAction[] {
  const { start, end, instead } = problem;
  return instead.map((newText) => ({
    title: `Replace with ${newText}`,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnosticOf(problem)],
    ...(instead.length === 1 && { isPreferred: true }),
    edit: { changes: { [uri]: [{ range: { start, end }, newText }] } },
  }));
}

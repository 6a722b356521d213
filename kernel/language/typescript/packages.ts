import { existsSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import { type CodeAction, CodeActionKind, type Diagnostic, DiagnosticSeverity } from "vscode-languageserver";
import { packageName } from "../../engine/specifiers.ts";
import { fail } from "../../errors.ts";
import { lineTable } from "../../typescript/edits.ts";
import type { EditedCell } from "../cell-language.ts";
import { textIn } from "./places.ts";
import { type CellView, toCell } from "./views.ts";

/** TypeScript's "Cannot find module". */
const NOT_FOUND = 2307;

/** `npm:` specifiers of imports, which the compiler knows as packages without types, whether they are there or not. */
const NPM_IMPORT = /\b(?:from|import)\s*\(?\s*(["'])(npm:[^"'\n]+)\1/g;

/** The imports of packages that are not installed, as errors that say how to install them. */
export function notInstalled(view: CellView, folder: string): Diagnostic[] {
  const placeOf = lineTable(view.text);
  return [...view.text.matchAll(NPM_IMPORT)].flatMap((match) => {
    const [whole, , specifier = ""] = match;
    const message = whyMissing(specifier, folder);
    if (message === undefined) return [];
    const end = match.index + whole.length;
    const range = { start: placeIn(end - specifier.length - 2), end: placeIn(end) };
    return [{ range, severity: DiagnosticSeverity.Error, code: NOT_FOUND, source: "ts", message }];
  });

  function placeIn(offset: number) {
    const [line, character] = placeOf(offset);
    return toCell(view, { line, character });
  }
}

/** The compiler's finding, with how to install the package where that is what is missing. */
export function toldToInstall(found: Diagnostic, view: CellView, folder: string): Diagnostic {
  if (found.code !== NOT_FOUND) return found;
  const specifier = specifierAt(found, view.cell);
  const message = specifier && whyMissing(specifier, folder);
  return message ? { ...found, message } : found;
}

/** Fixes of findings of packages that are not installed: a line that installs them. */
export function installActions(found: readonly Diagnostic[], cell: EditedCell): CodeAction[] {
  // A magic takes the whole cell: no line magic stands in it.
  if (cell.text.startsWith("%%")) return [];
  return found.flatMap((diagnostic) => {
    const specifier = diagnostic.code === NOT_FOUND ? specifierAt(diagnostic, cell) : undefined;
    if (specifier === undefined || !isPackage(specifier)) return [];
    const line = `%npm install ${packageName(specifier).install}`;
    const start = { line: 0, character: 0 };
    return [
      {
        title: `Add ${line}`,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnostic],
        isPreferred: true,
        edit: { changes: { [cell.uri]: [{ range: { start, end: start }, newText: `${line}\n` }] } },
      },
    ];
  });
}

function specifierAt({ range }: Diagnostic, { text }: EditedCell): string | undefined {
  return /^(["'])(.+)\1$/.exec(textIn(text, range))?.[2];
}

/** Why a package cannot be imported; undefined where it can, or is none. */
function whyMissing(specifier: string, folder: string): string | undefined {
  if (!isPackage(specifier)) return undefined;
  const { name, install } = packageName(specifier);
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "node_modules", name))) return undefined;
    if (dirname(at) === at) return fail("packageMissing", name, folder, install).message;
  }
}

/** A package's name, and no path, address, alias or module of Node's. */
const isPackage = (specifier: string): boolean =>
  /^(?:npm:\/?)?(?:@[a-z\d][\w.-]*\/)?[a-z\d][\w.-]*(?:@[^/]*)?(?:\/.*)?$/i.test(specifier) &&
  !/^[a-z]+:/.test(specifier.replace(/^npm:/, "")) &&
  !builtinModules.includes(specifier);

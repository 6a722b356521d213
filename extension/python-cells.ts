/** Completion, hover and signatures of Python cells, from the interpreter of the notebook's kernel where one runs. */
import * as vscode from "vscode";
import { toCodePoints } from "../kernel/wire/codepoints.ts";
import { typescriptCell } from "./cell-language.ts";
import type { TandemController } from "./controller.ts";
import { activeParameter, callAround, completionsOf, inspectionOf, signatureIn } from "./jupyter-answers.ts";
import { notebookType } from "./notebook.ts";

// A notebook that another editor has written has all its cells in the notebook's language.
const pythonCells: vscode.DocumentSelector = ["python", typescriptCell].map((language) => ({
  notebookType,
  language,
}));

/** Answers for Python cells of notebooks whose kernel runs; typing starts none. */
export function pythonCellProviders(tandem: TandemController): vscode.Disposable {
  const languages = vscode.languages;
  return vscode.Disposable.from(
    languages.registerCompletionItemProvider(
      pythonCells,
      { provideCompletionItems: (document, position) => complete(tandem, document, position) },
      ".",
      '"',
      "'",
    ),
    languages.registerHoverProvider(pythonCells, {
      provideHover: (document, position) => hover(tandem, document, position),
    }),
    languages.registerSignatureHelpProvider(
      pythonCells,
      { provideSignatureHelp: (document, position) => signature(tandem, document, position) },
      "(",
      ",",
    ),
  );
}

async function complete(
  tandem: TandemController,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.CompletionItem[]> {
  const content = await ask(tandem, document, "complete_request", document.offsetAt(position));
  if (!content) return [];
  const { start, end, items } = completionsOf(content, document.getText());
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  return items.map(({ text, kind }, index) => {
    const item = new vscode.CompletionItem(text, kinds[kind] ?? vscode.CompletionItemKind.Variable);
    item.range = range;
    item.sortText = String(index).padStart(5, "0");
    return item;
  });
}

const Kind = vscode.CompletionItemKind;
/** VS Code's kinds by Jupyter's words. */
const kinds: Readonly<Record<string, vscode.CompletionItemKind>> = {
  function: Kind.Function,
  class: Kind.Class,
  module: Kind.Module,
  keyword: Kind.Keyword,
  property: Kind.Property,
  param: Kind.Field,
  statement: Kind.Variable,
};

async function hover(
  tandem: TandemController,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Hover | undefined> {
  // In a call's parentheses the kernel tells of the call: that is for the signature.
  const word = document.getWordRangeAtPosition(position);
  const content = word && (await ask(tandem, document, "inspect_request", document.offsetAt(position)));
  const markdown = content && inspectionOf(content);
  return markdown ? new vscode.Hover(new vscode.MarkdownString(markdown), word) : undefined;
}

async function signature(
  tandem: TandemController,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.SignatureHelp | undefined> {
  const call = callAround(document.getText(), document.offsetAt(position));
  const content = call && (await ask(tandem, document, "inspect_request", call.opening));
  const known = content && signatureIn(inspectionOf(content) ?? "");
  if (!call || !known) return undefined;
  const information = new vscode.SignatureInformation(
    known.label,
    new vscode.MarkdownString(known.documentation),
  );
  information.parameters = known.parameters.map(
    ([start, end]) => new vscode.ParameterInformation([start, end]),
  );
  const help = new vscode.SignatureHelp();
  help.signatures = [information];
  // One past the last is none: a negative number would be the first.
  help.activeParameter = activeParameter(known, call) ?? known.parameters.length;
  return help;
}

/** The content of the reply to a request about a place of a cell; undefined where no kernel runs for its notebook. */
async function ask(
  tandem: TandemController,
  document: vscode.TextDocument,
  type: "complete_request" | "inspect_request",
  offset: number,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const code = document.getText();
  // The line of the magic is the language server's.
  if (!/^%%python\b/.test(code) || offset <= code.indexOf("\n")) return undefined;
  const notebook = vscode.workspace.notebookDocuments.find((one) =>
    one.getCells().some((cell) => cell.document === document),
  );
  const session = notebook && tandem.session(notebook);
  return await session?.ask(type, { code, cursor_pos: toCodePoints(code, offset), detail_level: 0 });
}

/** What the server offers, registered for single notebooks: VS Code then asks nothing of us in any other. */
import type { NotebookDocument } from "vscode";
import type {
  LanguageClient,
  ServerCapabilities,
  TextDocumentRegistrationOptions,
} from "vscode-languageclient/node";
import { cellLanguages } from "./cell-language.ts";
import { judged } from "./typescript-service.ts";

/** The part of the library's features that is used here. */
interface Feature {
  register(data: { id: string; registerOptions: TextDocumentRegistrationOptions }): void;
  unregister(id: string): void;
}

/** Languages whose cells the server formats; the others' have formatters of their own, and two would make VS Code ask. */
const formatted = ["tandem-typescript", "rust"];

/** Those about the text alone VS Code's TypeScript service answers from a process of its own, which no plugin reaches. */
const readAlone = cellLanguages.filter((language) => !judged.has(language));

/** Has VS Code ask the server about cells of a notebook. */
export function registerFeatures(client: LanguageClient, notebook: NotebookDocument): void {
  const capabilities = client.initializeResult?.capabilities;
  if (!capabilities) return;
  for (const { feature, offered, languages = cellLanguages } of features(client, capabilities)) {
    if (!offered) continue;
    const filter = {
      notebookType: notebook.notebookType,
      scheme: notebook.uri.scheme,
      pattern: notebook.uri.fsPath,
    };
    const documentSelector = languages.map((language) => ({ notebook: filter, language }));
    const options = typeof offered === "object" ? offered : {};
    feature.register({ id: notebook.uri.toString(), registerOptions: { ...options, documentSelector } });
  }
}

/** Takes back what `registerFeatures` did. */
export function unregisterFeatures(client: LanguageClient, notebook: NotebookDocument): void {
  for (const { feature } of features(client, {})) feature.unregister(notebook.uri.toString());
}

function features(
  client: LanguageClient,
  can: ServerCapabilities,
): { feature: Feature; offered: unknown; languages?: readonly string[] }[] {
  return [
    { feature: client.getFeature("textDocument/completion"), offered: can.completionProvider },
    { feature: client.getFeature("textDocument/hover"), offered: can.hoverProvider },
    { feature: client.getFeature("textDocument/signatureHelp"), offered: can.signatureHelpProvider },
    { feature: client.getFeature("textDocument/definition"), offered: can.definitionProvider },
    { feature: client.getFeature("textDocument/typeDefinition"), offered: can.typeDefinitionProvider },
    { feature: client.getFeature("textDocument/implementation"), offered: can.implementationProvider },
    { feature: client.getFeature("textDocument/references"), offered: can.referencesProvider },
    { feature: client.getFeature("textDocument/documentHighlight"), offered: can.documentHighlightProvider },
    { feature: client.getFeature("textDocument/rename"), offered: can.renameProvider },
    {
      feature: client.getFeature("textDocument/documentSymbol"),
      offered: can.documentSymbolProvider,
      languages: readAlone,
    },
    {
      feature: client.getFeature("textDocument/foldingRange"),
      offered: can.foldingRangeProvider,
      languages: readAlone,
    },
    {
      feature: client.getFeature("textDocument/selectionRange"),
      offered: can.selectionRangeProvider,
      languages: readAlone,
    },
    { feature: client.getFeature("textDocument/semanticTokens"), offered: can.semanticTokensProvider },
    { feature: client.getFeature("textDocument/inlayHint"), offered: can.inlayHintProvider },
    { feature: client.getFeature("textDocument/codeAction"), offered: can.codeActionProvider },
    {
      feature: client.getFeature("textDocument/formatting"),
      offered: can.documentFormattingProvider,
      languages: formatted,
    },
    {
      feature: client.getFeature("textDocument/rangeFormatting"),
      offered: can.documentRangeFormattingProvider,
      languages: formatted,
    },
  ];
}

import type { ClientCapabilities } from "vscode-languageserver";
import { semanticTokensLegend } from "../../semantic-tokens.ts";

/** What rust-analyzer is told that its client can do: what the cells' answers are made of, and snippets where the editor has them. */
export function analyzerCapabilities(editor: ClientCapabilities): ClientCapabilities {
  const markdown = ["markdown" as const, "plaintext" as const];
  return {
    workspace: {
      configuration: true,
      didChangeConfiguration: { dynamicRegistration: true },
      // Without it rust-analyzer would watch the folder itself.
      didChangeWatchedFiles: { dynamicRegistration: true },
      workspaceEdit: { documentChanges: false },
    },
    textDocument: {
      completion: {
        completionItem: {
          snippetSupport: takesSnippets(editor),
          documentationFormat: markdown,
          deprecatedSupport: true,
          labelDetailsSupport: true,
          resolveSupport: { properties: ["documentation", "detail", "additionalTextEdits"] },
        },
        contextSupport: true,
      },
      hover: { contentFormat: markdown },
      signatureHelp: {
        signatureInformation: {
          documentationFormat: markdown,
          parameterInformation: { labelOffsetSupport: true },
          activeParameterSupport: true,
        },
        contextSupport: true,
      },
      documentSymbol: { hierarchicalDocumentSymbolSupport: true },
      foldingRange: { lineFoldingOnly: true },
      semanticTokens: {
        requests: { full: true },
        ...semanticTokensLegend,
        formats: ["relative"],
      },
      codeAction: {
        codeActionLiteralSupport: {
          codeActionKind: {
            valueSet: ["", "quickfix", "refactor", "refactor.extract", "refactor.inline", "refactor.rewrite"],
          },
        },
        dataSupport: true,
        resolveSupport: { properties: ["edit"] },
      },
      rename: { prepareSupport: true },
    },
    experimental: { serverStatusNotification: true },
  };
}

const takesSnippets = (editor: ClientCapabilities): boolean =>
  editor.textDocument?.completion?.completionItem?.snippetSupport === true;

/** rust-analyzer's own configuration: what compiles is off, since diagnostics come from rustc. */
export function analyzerSettings(
  manifests: readonly string[],
  sysroot: string,
  target: string,
  hasCrates: boolean,
): object {
  return {
    linkedProjects: manifests,
    checkOnSave: false,
    diagnostics: { enable: false },
    cachePriming: { enable: false },
    // Derives and generated code of crates need both; the standard library's need neither.
    procMacro: { enable: hasCrates },
    cargo: { sysroot, targetDir: target, buildScripts: { enable: hasCrates } },
    files: { watcher: "client" },
    lens: { enable: false },
    hover: { actions: { enable: false } },
    semanticHighlighting: { nonStandardTokens: false },
    notifications: { cargoTomlNotFound: false },
  };
}

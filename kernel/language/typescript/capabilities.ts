import { semanticTokensLegend } from "../semantic-tokens.ts";

const resolve = (...properties: string[]) => ({ resolveSupport: { properties } });

/** What the compiler's server may send: what VS Code understands. Snippets are left out, since cells take plain text. */
export const editorCapabilities = {
  diagnostic: { relatedInformation: true, tagSupport: { valueSet: [1, 2] } },
  publishDiagnostics: { relatedInformation: true, tagSupport: { valueSet: [1, 2] } },
  documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  hover: { contentFormat: ["markdown"] },
  completion: {
    contextSupport: true,
    completionItem: {
      documentationFormat: ["markdown"],
      commitCharactersSupport: true,
      labelDetailsSupport: true,
      insertReplaceSupport: true,
      deprecatedSupport: true,
      tagSupport: { valueSet: [1] },
      ...resolve("documentation", "detail", "additionalTextEdits"),
    },
    completionList: { itemDefaults: ["commitCharacters", "editRange", "insertTextFormat"] },
  },
  signatureHelp: {
    contextSupport: true,
    signatureInformation: {
      documentationFormat: ["markdown"],
      activeParameterSupport: true,
      parameterInformation: { labelOffsetSupport: false },
    },
  },
  definition: { linkSupport: true },
  typeDefinition: { linkSupport: true },
  implementation: { linkSupport: true },
  rename: { prepareSupport: true },
  codeAction: {
    isPreferredSupport: true,
    codeActionLiteralSupport: {
      codeActionKind: {
        valueSet: ["", "quickfix", "refactor", "source", "source.organizeImports", "source.fixAll"],
      },
    },
  },
  foldingRange: { lineFoldingOnly: true },
  selectionRange: {},
  inlayHint: {},
  semanticTokens: { requests: { full: true }, formats: ["relative"], ...semanticTokensLegend },
};

import {
  type CancellationToken,
  type ClientCapabilities,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  MessageType,
  type Position,
  ShowMessageNotification,
  TextDocumentSyncKind,
} from "vscode-languageserver";
import type {
  CellLanguage,
  CellRequest,
  InitializationOptions,
  LanguageHost,
  MakeLanguages,
  PlaceRequest,
  RangeRequest,
} from "./cell-language.ts";
import { Findings } from "./findings.ts";
import { OpenNotebooks } from "./notebooks.ts";
import { encodeTokens, semanticTokensLegend } from "./semantic-tokens.ts";

/** Serves the languages of notebooks' cells on a connection that is not listening yet. Questions go to the languages in their order. */
export function serve(connection: Connection, make: MakeLanguages): void {
  const findings = new Findings((uri, diagnostics) => connection.sendDiagnostics({ uri, diagnostics }));
  let isTrusted = false;
  let asksSettings = false;
  let capabilities: ClientCapabilities = {};
  let options: InitializationOptions = {};
  const notebooks = new OpenNotebooks({
    changed(notebook, cells) {
      findings.keep(notebook);
      for (const one of languages) one.changed?.(notebook, cells);
    },
    closed(notebook) {
      for (const one of languages) one.closed?.(notebook);
      findings.forget(notebook);
    },
  });
  const host: LanguageHost = {
    get isTrusted() {
      return isTrusted;
    },
    get capabilities() {
      return capabilities;
    },
    get options() {
      return options;
    },
    notebook: (uri) => notebooks.get(uri),
    publish(cell, language, diagnostics) {
      if (notebooks.find(cell)) findings.set(cell, language, diagnostics);
    },
    settings: async (sections) => {
      if (!asksSettings) return sections.map(() => null);
      // A section of the editor's settings is whatever was written there.
      return (await connection.workspace.getConfiguration(
        sections.map((section) => ({ section })),
      )) as unknown[];
    },
    log: (text) => connection.console.info(text),
    warn: (message) =>
      void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message }),
  };
  const languages = make(host);

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    // The client is our own extension.
    options = (params.initializationOptions ?? {}) as InitializationOptions;
    ({ capabilities } = params);
    isTrusted = options.trusted === true;
    asksSettings = params.capabilities.workspace?.configuration === true;
    notebooks.unsavedFolder = params.workspaceFolders?.[0]?.uri;
    return { capabilities: offered };
  });
  connection.onNotification("tandem/trusted", () => {
    isTrusted = true;
    for (const one of languages) one.trusted?.();
  });
  connection.onInitialized(() => void watch(connection, capabilities));
  connection.onDidChangeWatchedFiles(() => {
    for (const one of languages) one.filesChanged?.();
  });
  connection.onDidChangeConfiguration(async () => {
    await Promise.all(languages.map((one) => one.settingsChanged?.()));
    // What they show stands in the editor until it asks again.
    if (capabilities.workspace?.inlayHint?.refreshSupport) connection.languages.inlayHint.refresh();
  });
  notebooks.listen(connection);

  /** The request about a cell, if it is one of ours. */
  const about = (uri: string, token: CancellationToken): CellRequest | undefined => {
    const found = notebooks.find(uri);
    return found && { ...found, token };
  };
  const place = (
    { textDocument, position }: { textDocument: { uri: string }; position: Position },
    token: CancellationToken,
  ): PlaceRequest | undefined => {
    const of = about(textDocument.uri, token);
    return of && { ...of, position };
  };
  /** The first language's answer that is one. */
  const first = async <R, T>(
    request: R | undefined,
    ask: (language: CellLanguage, request: R) => Promise<T | undefined> | undefined,
  ): Promise<T | null> => {
    if (request === undefined) return null;
    for (const language of languages) {
      const answer = await ask(language, request);
      if (answer !== undefined) return answer;
    }
    return null;
  };
  /** What all languages answer. */
  const all = async <R, T>(
    request: R | undefined,
    ask: (language: CellLanguage, request: R) => Promise<T[]> | undefined,
  ): Promise<T[]> => {
    if (request === undefined) return [];
    return (await Promise.all(languages.map((one) => ask(one, request) ?? []))).flat();
  };

  connection.onCompletion(async (params, token) => {
    for (const language of languages) {
      const at = place(params, token);
      const list = at && (await language.completion?.(at, params.context));
      if (!list) continue;
      for (const item of list.items) item.data = { language: language.name, data: item.data };
      return list;
    }
    return null;
  });
  connection.onCompletionResolve(async (item, token) => {
    const { language, data } = item.data as Wrapped;
    const owner = languages.find(({ name }) => name === language);
    const resolved = await owner?.resolveCompletion?.({ ...item, data }, token);
    return { ...(resolved ?? item), data: item.data };
  });
  connection.onHover((params, token) => first(place(params, token), (one, at) => one.hover?.(at)));
  connection.onSignatureHelp((params, token) =>
    first(place(params, token), (one, at) => one.signatureHelp?.(at, params.context)),
  );
  connection.onDefinition((params, token) => first(place(params, token), (one, at) => one.definition?.(at)));
  connection.onTypeDefinition((params, token) =>
    first(place(params, token), (one, at) => one.typeDefinition?.(at)),
  );
  connection.onImplementation((params, token) =>
    first(place(params, token), (one, at) => one.implementation?.(at)),
  );
  connection.onReferences((params, token) =>
    first(place(params, token), (one, at) => one.references?.(at, params.context.includeDeclaration)),
  );
  connection.onDocumentHighlight((params, token) =>
    first(place(params, token), (one, at) => one.highlights?.(at)),
  );
  connection.onPrepareRename((params, token) =>
    first(place(params, token), (one, at) => one.prepareRename?.(at)),
  );
  connection.onRenameRequest((params, token) =>
    first(place(params, token), (one, at) => one.rename?.(at, params.newName)),
  );
  connection.onDocumentSymbol(({ textDocument }, token) =>
    all(about(textDocument.uri, token), (one, of) => one.symbols?.(of)),
  );
  connection.onFoldingRanges(({ textDocument }, token) =>
    all(about(textDocument.uri, token), (one, of) => one.folds?.(of)),
  );
  connection.onSelectionRanges(({ textDocument, positions }, token) =>
    first(about(textDocument.uri, token), (one, of) => one.selectionRanges?.(of, positions)),
  );
  connection.languages.semanticTokens.on(async ({ textDocument }, token) =>
    encodeTokens(await all(about(textDocument.uri, token), (one, of) => one.semanticTokens?.(of))),
  );
  connection.languages.inlayHint.on(({ textDocument, range }, token) => {
    const of = about(textDocument.uri, token);
    const request: RangeRequest | undefined = of && { ...of, range };
    return all(request, (one, in_) => one.inlayHints?.(in_));
  });
  connection.onCodeAction(async ({ textDocument, range, context }, token) => {
    const of = about(textDocument.uri, token);
    const request: RangeRequest | undefined = of && { ...of, range };
    return all(request, async (one, in_) => {
      const actions = (await one.codeActions?.(in_, context)) ?? [];
      return actions.map((action) => ({ ...action, data: { language: one.name, data: action.data } }));
    });
  });
  connection.onCodeActionResolve(async (action, token) => {
    const { language, data } = action.data as Wrapped;
    const owner = languages.find(({ name }) => name === language);
    return (await owner?.resolveCodeAction?.({ ...action, data }, token)) ?? action;
  });
  connection.onDocumentFormatting(({ textDocument, options }, token) =>
    first(about(textDocument.uri, token), (one, of) => one.format?.(of, options)),
  );
  connection.onDocumentRangeFormatting(({ textDocument, range, options }, token) =>
    first(about(textDocument.uri, token), (one, of) => one.format?.({ ...of, range }, options)),
  );
}

/** What cells import, and what says how it is read. */
const watched = "**/{*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,json},node_modules/*}";

/** Asks the editor to tell of files that change and of settings, where it can. */
async function watch(connection: Connection, { workspace = {} }: ClientCapabilities): Promise<void> {
  if (workspace.didChangeWatchedFiles?.dynamicRegistration)
    await connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [{ globPattern: watched }],
    });
  if (workspace.didChangeConfiguration?.dynamicRegistration)
    await connection.client.register(DidChangeConfigurationNotification.type, {
      section: ["js/ts", "typescript", "javascript"],
    });
}

/** An item's `data` on its way through the client: whose it is, and the language's own. */
interface Wrapped {
  readonly language: string;
  readonly data?: unknown;
}

const offered: InitializeResult["capabilities"] = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  notebookDocumentSync: {
    // Which notebooks are ours, the client decides.
    notebookSelector: [{ notebook: "jupyter-notebook", cells: [{ language: "*" }] }],
  },
  completionProvider: {
    // A slash and quotes are for paths of imports; a percent sign and a dash for magics and their options.
    triggerCharacters: [".", '"', "'", "`", "/", "@", "<", "#", "%", "-", ":"],
    resolveProvider: true,
    completionItem: { labelDetailsSupport: true },
  },
  hoverProvider: true,
  signatureHelpProvider: { triggerCharacters: ["(", ",", "<"], retriggerCharacters: [")"] },
  definitionProvider: true,
  typeDefinitionProvider: true,
  implementationProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  semanticTokensProvider: { legend: semanticTokensLegend, full: true },
  inlayHintProvider: true,
  codeActionProvider: {
    codeActionKinds: ["quickfix", "refactor", "source.organizeImports", "source.fixAll"],
    resolveProvider: true,
  },
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
};
